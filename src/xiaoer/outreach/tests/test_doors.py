"""Every verb a person can do by a page, a system can do by the API for that person."""

import ast
from pathlib import Path

from xiaoer.outreach import actions

ROOM = Path(actions.__file__).parent.parent
# Work the system does itself, each begun by something else than a person.
OF_THE_SYSTEM = {
    "ask_all_again",  # every morning, a job
    "make_card_print",  # a job, asked for by ask_for_print
    "fail_card_print",
    "recompute_clocks",  # when the year's notice of days off comes
    "seed_outreach",  # when a zone is opened
    "seed_fieldwork",
    "seed_field_rule",
    "begin_search",  # a search for routes is a job, asked for by ask_for_routes
    "finish_search",
    "fail_search",
    "drop_known_questions",  # every day, a job
}
# Verbs of lower rooms that pages of this room call.
OF_LOWER_ROOMS = {"instruct", "look_at_phone"}


def verbs() -> set[str]:
    """Functions of the actions that are a transaction of their own."""
    return {
        part.name
        for file in (ROOM / "actions").glob("*.py")
        for part in ast.parse(file.read_text()).body
        if isinstance(part, ast.FunctionDef)
        and any("atomic" in ast.unparse(one) for one in part.decorator_list)
    }


def called_in(folder: Path) -> set[str]:
    names: set[str] = set()
    for file in folder.glob("*.py"):
        for part in ast.walk(ast.parse(file.read_text())):
            if isinstance(part, ast.Attribute):
                names.add(part.attr)
            elif isinstance(part, ast.Name):
                names.add(part.id)
    return names


def test_every_verb_of_a_person_is_a_verb_of_the_api() -> None:
    assert verbs() - called_in(ROOM / "api") == OF_THE_SYSTEM


def test_every_verb_of_a_page_is_a_verb_of_the_api() -> None:
    known = verbs() | OF_LOWER_ROOMS
    of_pages = called_in(ROOM / "pages") & known
    of_api = called_in(ROOM / "api") | called_in(ROOM.parent / "registry" / "api")
    assert of_pages and of_pages <= of_api


def test_the_api_is_not_made_of_pages() -> None:
    imported = {
        part.module or ""
        for file in (ROOM / "api").glob("*.py")
        for part in ast.walk(ast.parse(file.read_text()))
        if isinstance(part, ast.ImportFrom)
    }
    assert not [name for name in imported if ".pages" in name]
