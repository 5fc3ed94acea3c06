"""Findings as SARIF 2.1.0: valid, in place, and stable."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import pytest
from jsonschema import Draft202012Validator

from kg.analysis.lint import lint_notice
from kg.analysis.rules import RULES
from kg.messages import use_language
from kg.model import Finding, Notice, Place, Severity, Span
from kg.views.sarif import artifact_uri, findings_sarif

from .test_lint import T, draft, placed


def whole(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


TEXT = {"type": "string", "minLength": 1}
BAG = {"type": "object"}
MESSAGE = whole({"text": TEXT}, "text")
LEVEL = {"enum": ["none", "note", "warning", "error"]}
LANGUAGE = {"type": "string", "pattern": "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$"}
FROM_ONE, FROM_NOUGHT = {"type": "integer", "minimum": 1}, {"type": "integer", "minimum": 0}
REGION = whole(
    {
        **dict.fromkeys(("startLine", "startColumn", "endLine", "endColumn"), FROM_ONE),
        "charOffset": FROM_NOUGHT,
        "charLength": FROM_NOUGHT,
        "snippet": MESSAGE,
    },
    "startLine",
    "startColumn",
    "charOffset",
    "charLength",
)
ADDRESS = {"type": "string", "pattern": r"^(?:[A-Za-z0-9._~!$&'()*+,;=@/-]|%[0-9A-F]{2})+$|^file:///(?:[A-Za-z0-9._~:/-]|%[0-9A-F]{2})+$"}
ARTIFACT_LOCATION = whole({"uri": ADDRESS, "index": FROM_NOUGHT}, "uri")
LOCATION = whole(
    {"physicalLocation": whole({"artifactLocation": ARTIFACT_LOCATION, "region": REGION}, "artifactLocation"), "message": MESSAGE}
)
RESULT = whole(
    {
        "ruleId": TEXT,
        "ruleIndex": FROM_NOUGHT,
        "level": LEVEL,
        "message": MESSAGE,
        "locations": {"type": "array", "items": LOCATION, "minItems": 1},
        "partialFingerprints": {"type": "object", "additionalProperties": TEXT},
        "properties": BAG,
    },
    "ruleId",
    "message",
)
RULE = whole(
    {
        "id": TEXT,
        "shortDescription": MESSAGE,
        "fullDescription": MESSAGE,
        "help": MESSAGE,
        "defaultConfiguration": whole({"level": LEVEL}),
        "properties": BAG,
    },
    "id",
)
DRIVER = whole(
    {"name": TEXT, "version": TEXT, "language": LANGUAGE, "rules": {"type": "array", "items": RULE, "uniqueItems": True}}, "name"
)
RUN = whole(
    {
        "tool": whole({"driver": DRIVER}, "driver"),
        "language": LANGUAGE,
        "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
        "artifacts": {"type": "array", "items": whole({"location": ARTIFACT_LOCATION}), "uniqueItems": True},
        "results": {"type": "array", "items": RESULT},
    },
    "tool",
    "results",
)
SCHEMA = whole({"$schema": TEXT, "version": {"const": "2.1.0"}, "runs": {"type": "array", "items": RUN}}, "version", "runs")
"""The part of the schema of OASIS that is used here, with nothing else allowed."""


def sarif(*notices: Notice) -> dict[str, Any]:
    written: dict[str, Any] = json.loads(findings_sarif([(notice, lint_notice(notice)) for notice in notices]))
    Draft202012Validator(SCHEMA).validate(written)
    return written


def odd(source: str = "草稿 1.txt") -> Notice:
    return replace(draft(T("𠮷路修好。", "（责任单位：市公交公司、、市城投集团）"), T("", "（牵头单位：市交通局）")), source=source)


def test_results_point_at_their_rules_and_words() -> None:
    notice = odd()
    (run,) = sarif(notice)["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert run["columnKind"] == "unicodeCodePoints" and run["tool"]["driver"]["name"] == "govresp"
    assert len(run["results"]) == len(lint_notice(notice)) > 2
    lines = notice.text.split("\n")
    for result, finding in zip(run["results"], lint_notice(notice), strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == finding.code
        assert "helpUri" not in rules[result["ruleIndex"]] and rules[result["ruleIndex"]]["help"]["text"]
        region = result["locations"][0]["physicalLocation"]["region"]
        at, size = region["charOffset"], region["charLength"]
        assert notice.text[at : at + size] == region["snippet"]["text"]
        assert lines[region["startLine"] - 1][region["startColumn"] - 1 :].startswith(region["snippet"]["text"].split("\n")[0])
        assert lines[region["endLine"] - 1][: region["endColumn"] - 1].endswith(region["snippet"]["text"].split("\n")[-1])


@pytest.mark.parametrize("severity", list(Severity), ids=lambda level: level.value)
def test_levels_are_those_of_sarif(severity: Severity) -> None:
    code = next(rule.code for rule in RULES if rule.check is None)
    notice = replace(draft(T()), findings=(Finding(code, severity, Span(0, 2), 1),))
    (result,) = [entry for entry in sarif(notice)["runs"][0]["results"] if entry["ruleId"] == code]
    assert result["level"] == {"info": "note", "warning": "warning", "error": "error"}[severity]


def test_paths_are_relative_and_encoded() -> None:
    first, second = odd("通知/草稿 1.txt"), odd("b#?%.txt")
    (run,) = sarif(first, second)["runs"]
    uris = [entry["location"]["uri"] for entry in run["artifacts"]]
    assert [unquote(uri) for uri in uris] == ["通知/草稿 1.txt", "b#?%.txt"] and all(uri.isascii() for uri in uris)
    for result in run["results"]:
        location = result["locations"][0]["physicalLocation"]["artifactLocation"]
        assert uris[location["index"]] == location["uri"]


def test_an_absolute_path_is_a_file_uri() -> None:
    assert artifact_uri("/数据/a b.txt") == "file:///%E6%95%B0%E6%8D%AE/a%20b.txt"
    assert sarif(odd("/数据/a b.txt"))


def test_fingerprints_are_there_and_stay_when_a_line_is_put_before() -> None:
    def known(notice: Notice) -> list[str]:
        return [result["partialFingerprints"]["govresp/v1"] for result in sarif(notice)["runs"][0]["results"]]

    head = "标题之前又加一行\n关于分解任务的通知\n"
    tasks = (T("𠮷路修好。", "（责任单位：市公交公司、、市城投集团）"), T("", "（牵头单位：市交通局）"))
    assert known(draft(*tasks)) == known(draft(*tasks, head=head))


def test_a_file_of_pages_has_places_in_words_and_no_region() -> None:
    (run,) = sarif(placed())["runs"]
    assert [result["locations"][0]["message"]["text"] for result in run["results"]] == ["第3页第2段", "表1第4行第2列"]
    assert all("region" not in result["locations"][0]["physicalLocation"] for result in run["results"])
    assert "region" in sarif(replace(placed(), places=(Place(9999, page=1),)))["runs"][0]["results"][0]["locations"][0]["physicalLocation"]


def test_it_speaks_the_language_in_use() -> None:
    try:
        use_language("en")
        (run,) = sarif(odd())["runs"]
    finally:
        use_language(None)
    assert run["language"] == "en"
    assert "enterprises" in next(result["message"]["text"] for result in run["results"] if result["ruleId"] == "enterprise-alone")


def test_nothing_found_and_nothing_read_are_valid_too(jingzhou: Notice) -> None:
    assert sarif()["runs"][0]["results"] == []
    assert len(sarif(jingzhou)["runs"][0]["results"]) == len(lint_notice(jingzhou))


def test_what_validates_is_strict() -> None:
    for change in ({"version": "2.0.0"}, {"more": 1}):
        assert not Draft202012Validator(SCHEMA).is_valid({"version": "2.1.0", "runs": [], **change})
