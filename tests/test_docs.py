"""Documents keep up with the code: commands, terms and links."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.apps import apps

from xiaoer.config.cli import COMMANDS

PROJECT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")
# One language's word in front of a colon opens the docstring of every table: "诉求: a difficulty".
TERM = re.compile(r"^([\u4e00-\u9fff]+)[:：]")


def _commands() -> list[str]:
    kept = (PROJECT / "src" / "xiaoer").glob("*/management/commands/[a-z]*.py")
    return sorted({*COMMANDS, *(path.stem for path in kept)})


@pytest.mark.parametrize("command", _commands())
def test_every_command_is_told(command: str) -> None:
    told = "".join(
        (PROJECT / name).read_text("utf-8") for name in ("docs/operations.md", "README.md")
    )
    assert re.search(rf"xiaoer {command}\b|`{command}`", told)


def test_every_table_stands_in_the_glossary_in_both_languages() -> None:
    glossary = (PROJECT / "docs" / "glossary.md").read_text("utf-8")
    rows = [line for line in glossary.splitlines() if line.startswith("|")]
    missing = []
    for model in apps.get_models():
        if not model.__module__.startswith("xiaoer."):
            continue
        term = TERM.match(model.__doc__ or "")
        word = term[1] if term else ""
        if not any(word in row and f"`{model.__name__}" in row for row in rows):
            missing.append(f"{model.__name__} {word or 'has no Chinese term in its docstring'}")
    assert not missing


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_no_link_between_documents_is_broken(document: Path) -> None:
    broken = []
    for link in LINK.findall(document.read_text("utf-8")):
        target = unquote(link.partition("#")[0])
        if target and "://" not in target and not (document.parent / target).exists():
            broken.append(link)
    assert not broken
