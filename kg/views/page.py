"""The interactive picture: one offline file made by pyvis with our own template, no request, the same bytes on every run."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.messages import catalogue, language, say
from kg.model import Ties
from kg.resources import package_file
from kg.views.page_data import Picture, picture_of

if TYPE_CHECKING:
    from pyvis.network import Network

SCRIPTS = (
    "dom.js",
    "data.js",
    "measure.js",
    "state.js",
    "difference.js",
    "address.js",
    "paint.js",
    "links.js",
    "places.js",
    "labels.js",
    "canvas.js",
    "rows.js",
    "lists.js",
    "cards.js",
    "panel.js",
    "around.js",
    "matrix.js",
    "matrix_keys.js",
    "filters.js",
    "search.js",
    "svg.js",
    "tables.js",
    "save.js",
    "keys.js",
    "main.js",
)
"""The page's script, in the order in which its parts are put together."""
STYLES = ("base.css", "filters.css", "map.css", "panel.css", "matrix.css", "narrow.css", "print.css")


def draw_page(ties: Ties, *, lang: str | None = None) -> str:
    """The whole page as HTML text; write it as UTF-8.

    Args:
        ties: the ties table of one or more notices; it is not changed.
        lang: language of the page, zh or en; the language in use where None.
    """
    lang = lang or language()
    return picture_page(picture_of(ties, lang), page_title(ties, lang), lang=lang)


def picture_page(picture: Picture, title: str, *, lang: str) -> str:
    """The page that shows this data under this title, as HTML text."""
    net = _network(picture)
    css = "\n".join(source(f"page/{name}") for name in STYLES)
    script = "(() => {\n'use strict';\n" + "\n".join(source(f"page/{name}") for name in SCRIPTS) + "\n})();\n"
    library = _library()
    net.templateEnv = _templates()
    net.path = "page.html.j2"
    net.templateEnv.globals.update(
        page=picture.page,
        texts=_texts(lang),
        lang=lang,
        title=title,
        css=_raw(css),
        library=_raw(library),
        script=_raw(script),
        policy=policy(scripts=[library, script], styles=[css]),
    )
    page: str = net.generate_html()
    return page


def page_frame(page: str) -> str:
    """A page inside a notebook: a sandboxed frame that can run its script and nothing else."""
    return f'<iframe sandbox="allow-scripts" width="100%" height="720" frameborder="0" srcdoc="{escape(page)}"></iframe>'


def _network(picture: Picture) -> Network:
    # Straight pyvis: nodes with plain attributes, physics off; the template takes them as they are. Links are counted from the
    # tasks by the page itself, for every filter changes them.
    from pyvis.network import Network

    net = Network(directed=True, cdn_resources="in_line")
    net.set_options('{"physics": {"enabled": false}}')
    for unit in picture.units:
        net.add_node(unit["id"], **{name: value for name, value in unit.items() if name != "id"})
    return net


def page_title(ties: Ties, lang: str) -> str:
    """What a page is about: the notice, or how many."""
    if len(ties.notices) == 1:
        notice = ties.notices[0]
        return " ".join(part for part in (notice.number, notice.title) if part) or notice.id
    return say("page.several", lang=lang, count=len(ties.notices))


def _texts(lang: str) -> Mapping[str, str]:
    return {key.removeprefix("page."): text for key, text in sorted(catalogue(lang).items()) if key.startswith("page.")}


def source(name: str) -> str:
    """One of our own files that pages are put together from."""
    return package_file(f"views/templates/{name}").read_text(encoding="utf-8")


def _library() -> str:
    import pyvis

    path = Path(pyvis.__file__).parent / "templates" / "lib" / "vis-9.1.2" / "vis-network.min.js"
    return path.read_text(encoding="utf-8").replace("//# sourceMappingURL", "// sourceMappingURL")


def _templates() -> Any:
    from jinja2 import Environment, FileSystemLoader

    made = Environment(loader=FileSystemLoader(package_file("views/templates")), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    # Chinese as it is: half the bytes of \\u escapes. Characters that could end the script stay escaped.
    made.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "sort_keys": False, "separators": (",", ":")}
    return made


def _raw(text: str) -> Any:
    # Our own files and the library: what is in them is code, and must reach the page as it is.
    from markupsafe import Markup

    return Markup(text)


def policy(*, scripts: Sequence[str], styles: Sequence[str]) -> str:
    """The Content-Security-Policy of a page that runs these scripts and styles, and asks nobody for anything."""
    # vis-network and our script set styles through the object model, which a policy of hashes allows.
    return (
        f"default-src 'none'; script-src {_hashes(scripts)}; style-src {_hashes(styles)}; img-src data: blob:; "
        "connect-src 'none'; form-action 'none'; base-uri 'none'"
    )


def _hashes(texts: Sequence[str]) -> str:
    return " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in texts)
