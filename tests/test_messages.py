"""What people are told: the same keys and blanks in both languages, and nothing said that no catalogue has."""

from __future__ import annotations

import ast
import re
from string import Formatter

import pytest

from kg import errors
from kg.messages import LANGUAGES, catalogue, language, say, use_language
from kg.model import Closure, Kind, Notice, Role, Severity

from .conftest import ROOT

ZH, EN = catalogue("zh"), catalogue("en")
HAN = re.compile(r"[\u4e00-\u9fff]")


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_both_catalogues_have_the_same_keys() -> None:
    assert ZH.keys() == EN.keys()


def test_every_message_has_the_same_blanks_in_both_languages() -> None:
    assert {key: text for key, text in ZH.items() if blanks(text) != blanks(EN[key])} == {}


def test_english_is_english() -> None:
    # Terms of the notices and names in examples may stand in English text; whole sentences may not.
    assert [key for key, text in EN.items() if len(HAN.findall(text)) > 0.3 * len(text)] == []


def test_what_the_code_says_is_in_the_catalogue() -> None:
    said = set()
    for path in (ROOT / "kg").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say" and isinstance(node.args[0], ast.Constant):
                said.add(node.args[0].value)
    assert said
    assert said <= ZH.keys()


def test_every_error_finding_and_code_has_words(jingzhou: Notice) -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.KgError)]
    assert {f"error.{kind.code}" for kind in kinds} <= ZH.keys()
    assert {f"finding.{finding.code}" for finding in jingzhou.findings} <= ZH.keys()
    assert {f"role.{role}" for role in Role} | {f"severity.{level}" for level in Severity} | {f"closure.{c}" for c in Closure} <= ZH.keys()
    assert {f"page.kind.{kind}" for kind in Kind} <= ZH.keys()
    assert len({kind.code for kind in kinds}) == len(kinds)


def test_the_page_script_says_only_what_the_catalogue_has() -> None:
    for path in (ROOT / "kg" / "views" / "templates" / "page").glob("*.js"):
        for key in re.findall(r"say\('([\w.-]+)'", path.read_text(encoding="utf-8")):
            assert f"page.{key}" in ZH, (path.name, key)


def test_language_by_choice_environment_and_default(monkeypatch: pytest.MonkeyPatch) -> None:
    use_language(None)
    monkeypatch.delenv("KG_LANG", raising=False)
    assert language() == "zh"
    monkeypatch.setenv("KG_LANG", "en")
    assert say("query.yes") == "yes"
    use_language("zh")
    try:
        assert say("query.yes") == "是"
        assert say("query.yes", lang="en") == "yes"
    finally:
        use_language(None)
    assert set(LANGUAGES) == {"zh", "en"}
