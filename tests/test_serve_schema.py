"""The JSON routes against their own description, with requests that schemathesis makes up: no crash, nothing undescribed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, example, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from kg.serve.pages import KINDS

from .sites import JINGZHOU, app_of, serving

KEYS = {
    "notice": [JINGZHOU],
    "section": [f"{JINGZHOU}.s1", f"{JINGZHOU}.s6"],
    "task": [f"{JINGZHOU}.1", f"{JINGZHOU}.60", f"{JINGZHOU}.114"],
    "unit": ["421000-finance", "421003-government", "421000-zone-jinan"],
    "group": ["421000-counties-1998"],
}
"""Keys that are there, for made-up ones hardly ever are."""


@pytest.fixture(scope="module")
def address(built: Path) -> Iterator[str]:
    with serving(app_of(built)) as one:
        yield one


@pytest.mark.parametrize("name", [kind.name for kind in KINDS])
def test_made_up_requests_are_answered_as_described(address: str, name: str) -> None:
    described = schemathesis.openapi.from_dict(httpx.get(f"{address}/openapi.json").json())
    path = next(kind.path for kind in KINDS if kind.name == name) + ".json"
    operation = described[path]["GET"]
    statuses: set[int] = set()

    @seed(7)
    @settings(max_examples=40, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(), key=st.sampled_from(KEYS.get(name, [""])), there=st.booleans())
    def tried(case: schemathesis.Case, key: str, there: bool) -> None:
        if there and key:
            case.path_parameters = {"key": key}
        answer = case.call(base_url=address)
        statuses.add(answer.status_code)
        case.validate_response(
            answer,
            checks=[not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance],
        )

    tried()
    assert 200 in statuses


@given(text=st.text(max_size=60))
@example("\u0000 /")
@example("//elsewhere.example/")
@example("a\r\nb: c/")
@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_address_and_no_search_crashes(address: str, text: str) -> None:
    quoted = text.encode("utf-8", "surrogatepass").hex()
    raw = "%" + "%".join(quoted[at : at + 2] for at in range(0, len(quoted), 2)) if quoted else ""
    for path in (
        f"/unit/{raw}",
        f"/notice/{raw}.json",
        f"/task/{raw}.ttl",
        f"/id/{raw}",
        f"/{raw}",
        f"/search?q={raw}",
        f"/units.csv?kind={raw}",
    ):
        assert httpx.get(address + path).status_code < 500, path
