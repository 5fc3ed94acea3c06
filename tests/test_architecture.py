"""The house: which room imports which, knowledge as data, and how the code is written."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

from .conftest import ROOT

BASE = {"model", "errors", "resources", "messages", "folding", "versions"}
MAY = {
    "reading": set(),
    "naming": set(),
    "graph": {"naming"},
    "analysis": set(),
    "views": {"analysis"},
    "building": {"reading", "naming", "graph", "views"},
    "serve": {"graph", "analysis", "views"},
}
"""What a room may import beside the base; views take answers and results of the graph as types only."""
FILES = sorted((ROOT / "kg").rglob("*.py"))
HAN = re.compile(r"[\u4e00-\u9fff]")


def rooms_imported(tree: ast.AST, *, types: bool) -> set[str]:
    found: set[str] = set()
    skipped: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING" and not types:
            skipped |= {id(part) for part in ast.walk(node)}
        if isinstance(node, ast.ImportFrom) and id(node) not in skipped and (node.module or "").startswith("kg."):
            found.add((node.module or "").split(".")[1])
        if isinstance(node, ast.Import) and id(node) not in skipped:
            found |= {name.name.split(".")[1] for name in node.names if name.name.startswith("kg.")}
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_imports_only_what_it_may(path: Path) -> None:
    parts = path.relative_to(ROOT / "kg").parts
    room = parts[0] if len(parts) > 1 else None
    if room not in MAY:
        pytest.skip("not in a room")
    assert rooms_imported(ast.parse(path.read_text(encoding="utf-8")), types=False) - BASE - {room} <= MAY[room]


def test_the_base_imports_no_room() -> None:
    for name in BASE:
        path = ROOT / "kg" / f"{name}.py"
        path = path if path.exists() else ROOT / "kg" / name / "__init__.py"
        assert rooms_imported(ast.parse(path.read_text(encoding="utf-8")), types=False) <= BASE


def docstrings(tree: ast.AST) -> set[int]:
    found: set[int] = set()
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            found |= {id(part.value) for part in body if isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)}
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_knowledge_is_data(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kept = docstrings(tree)
    said = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in kept and HAN.search(node.value)
    ]
    assert said == [], "a row of lexicon, register or messages"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_and_functions_fit_a_screen(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 450
    tree = ast.parse(text)
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    for node in [part for holder in (tree, *classes) for part in holder.body]:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            assert node.name.startswith("_") or ast.get_docstring(node), node.name
    for node in ast.walk(tree):
        assert not isinstance(node, ast.FunctionDef) or (node.end_lineno or 0) - node.lineno < 60
        assert not (
            isinstance(node, ast.ExceptHandler) and (node.type is None or getattr(node.type, "id", "") in {"Exception", "BaseException"})
        )


TOP = {
    *(".ci", ".gitignore", "kg", "ontology", "seeds", "notebooks", "tests", "docs", "tools"),
    *("README.md", "README.zh.md", "CHANGELOG.md", "LICENSE", "NOTICE", "Makefile"),
    *("pyproject.toml", "requirements.lock", "requirements-dev.in", "requirements-dev.lock", "mkdocs.yml"),
}
"""What stands at the top level: what the user gave, and what its readers and tools look for there."""


def test_nothing_else_lies_at_the_top_level() -> None:
    # Drafts with which somebody tried the commands had been committed along.
    if not (ROOT / ".git").exists():
        pytest.skip("no clone of the repository")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode("utf-8")
    assert {path.split("/")[0] for path in listed.split("\0") if path} == TOP


def test_nothing_names_a_registry_or_a_path_of_a_machine() -> None:
    banned = re.compile(r"://[^\s/\"']*(?:pypi|npmjs|debian|pythonhosted)|(?<![\w.])/(?:root|home/\w+)/", re.I)
    for path in [*ROOT.glob("*.lock"), *ROOT.glob("*.md"), *ROOT.glob("kg/**/*.py"), ROOT / "pyproject.toml", ROOT / "Makefile"]:
        assert not banned.search(path.read_text(encoding="utf-8")), path
