"""The pages of the application as routes: which there are, what they may be asked, in which forms they come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from threading import Lock

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from kg.errors import KgError
from kg.model import Kind, Level, Severity
from kg.serve import pages_files, pages_lists, pages_reply
from kg.serve.pages_lists import LEADS, ORDERS, findings_page, groups_page, search_page, tasks_page, units_page
from kg.serve.pages_notice import notice_page, section_page, task_page
from kg.serve.pages_openapi import description
from kg.serve.pages_overview import changes_page, kinds_page, lines_page, notices_page, overview_page
from kg.serve.pages_parts import Asked, Page
from kg.serve.pages_unit import group_page, unit_page
from kg.serve.site import Site, open_site, state_of

Maker = Callable[[Site, Asked, str], Page]
FORMS = ("json", "csv")
ENTITY_FORMS = ("json", "csv", "ttl")


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter of a page. Without ``values`` it takes any text."""

    name: str
    values: Callable[[Site], Sequence[str]] | None = None


@dataclass(frozen=True, slots=True)
class Kindred:
    """One kind of page. ``path`` ends in ``/{key}`` where there is one page a thing; ``forms`` are those beside HTML."""

    name: str
    path: str
    make: Maker
    params: tuple[Param, ...] = ()
    forms: tuple[str, ...] = FORMS
    lists: tuple[str, ...] = ()
    """The tables that the page may have."""

    @property
    def keyed(self) -> bool:
        """Whether each thing has a page of its own."""
        return self.path.endswith("{key}")


def _ids(site: Site) -> Sequence[str]:
    return [row.id for row in site.ties.notices]


def _lines(site: Site) -> Sequence[str]:
    return [*sorted({line for unit in site.ties.units for line in unit.lines}), "none"]


def _codes(site: Site) -> Sequence[str]:
    return sorted({one.code for one in site.ties.findings})


_KIND = Param("kind", lambda _site: [kind.value for kind in Kind])
_LINE = Param("line", _lines)
_NOTICE = Param("notice", _ids)
_RULE = Param("rule", lambda _site: ["register", "decision", "place", "line", "name"])
_LEVEL = Param("level", lambda _site: [*(level.value for level in Level), "none"])
_ORDER = Param("order", lambda _site: ORDERS)
_LEAD = Param("lead", lambda _site: LEADS)
_SEVERITY = Param("severity", lambda _site: [one.value for one in Severity])

KINDS = (
    Kindred("overview", "/overview", overview_page, lists=("ranking", "notices", "finding-kinds")),
    Kindred("notices", "/notices", notices_page, lists=("notices",)),
    Kindred("notice", "/notice/{key}", notice_page, forms=ENTITY_FORMS, lists=("sections", "text", "units", "findings", "tasks")),
    Kindred("section", "/section/{key}", section_page, forms=ENTITY_FORMS, lists=("tasks", "units")),
    Kindred("tasks", "/tasks", tasks_page, (_NOTICE, _LEAD, _KIND, _LINE), lists=("tasks",)),
    Kindred("task", "/task/{key}", task_page, forms=ENTITY_FORMS, lists=("parties", "reached", "targets", "findings")),
    Kindred("units", "/units", units_page, (_KIND, _LINE, _LEVEL, _RULE, _ORDER), lists=("units",)),
    Kindred(
        "unit",
        "/unit/{key}",
        unit_page,
        forms=ENTITY_FORMS,
        lists=("led", "shared", "reached", "partners", "names", "years", "changes"),
    ),
    Kindred("groups", "/groups", groups_page, lists=("groups",)),
    Kindred("group", "/group/{key}", group_page, forms=ENTITY_FORMS, lists=("members", "tasks")),
    Kindred("findings", "/findings", findings_page, (_SEVERITY, Param("code", _codes), _NOTICE), lists=("findings",)),
    Kindred("lines", "/lines", lines_page, lists=("lines",)),
    Kindred("kinds", "/kinds", kinds_page, lists=("kinds",)),
    Kindred("changes", "/changes", changes_page, lists=("changes",)),
    Kindred("search", "/search", search_page, (Param("q"),), lists=("units", "tasks", "notices")),
)
"""Every kind of page, in the order of the description of the routes."""
_KEPT = (*pages_files.KEPT, *pages_lists.KEPT)
ENTITIES = tuple(kind.name for kind in KINDS if "ttl" in kind.forms)


def routes(site: Site) -> list[BaseRoute]:
    """The routes of all pages, the last one for addresses that lead nowhere; put them behind all other routes.

    A build that takes the place of the one in ``site`` is opened at the next request.
    """
    latest = following(site)
    found: list[BaseRoute] = [Route("/", pages_reply.endpoint(latest, KINDS[0], None), name="home")]
    for kind in KINDS:
        for form in kind.forms:
            found.append(Route(f"{kind.path}.{form}", pages_reply.endpoint(latest, kind, form), name=f"{kind.name}-{form}"))
    found += pages_files.routes(latest)
    found.append(Route("/openapi.json", partial(_describe, latest), name="openapi"))
    found.append(Route("/id/{name:path}", partial(pages_reply.identify, ENTITIES), name="id"))
    found += [Route(kind.path, pages_reply.endpoint(latest, kind, None), name=kind.name) for kind in KINDS]
    found.append(Route("/{path:path}", pages_reply.lost, name="lost"))
    return found


def _describe(latest: Callable[[], Site], request: Request) -> Response:
    return pages_reply.json_reply(request, latest(), lambda site: description(site, KINDS))


def following(site: Site) -> Callable[[], Site]:
    """What gives the site of the build that is in the folder now; while a build cannot be opened, the last one that could."""
    lock, held, folder = Lock(), [site], site.folder
    del site

    def latest() -> Site:
        with lock:
            if (state := state_of(folder)) != held[0].mark and (found := _reopened(folder, state)):
                held[0] = found
                # What was made of the build before is of no use, and would keep it: all its rows, and the files of its store.
                for cache in _KEPT:
                    cache.cache_clear()
            return held[0]

    return latest


@lru_cache(maxsize=1)
def _reopened(folder: Path, _state: str) -> Site | None:
    # Remembered by the state of the folder: a build that cannot be opened is not tried again at every request.
    try:
        return open_site(folder)
    except KgError:
        return None
