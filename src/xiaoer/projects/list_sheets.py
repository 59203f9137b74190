"""What a sheet of a list says, row by row, and which project each row means.

No database here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from xiaoer.base.refusals import Refused
from xiaoer.base.tables import Field, clean_table, find_header, read_table
from xiaoer.base.tables.cells import show_cell

FIELDS = (
    Field("name", "项目名称", "Project", ("项目", "名称", "建设项目", "重点项目名称"), required=True,
          max_length=200),
    Field("code", "项目代码", "Code", ("国家代码", "备案代码", "统一项目代码"), max_length=40),
)  # fmt: skip
MOST = 3000
NAMED = 4
CREATED, UNCHANGED, REJECTED = "created", "unchanged", "rejected"


@dataclass(frozen=True, slots=True)
class Read:
    """A row as far as it can be read alone; ``reason`` and ``advice`` say why it cannot."""

    row_no: int
    name: str
    code: str = ""
    reason: str = ""
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """A project of the zone, and whether it stands on the list already."""

    pk: int
    name: str
    short_name: str
    code: str
    is_listed: bool


def read_rows(path: Path) -> list[Read]:
    """The rows of a sheet in its order; rows nobody can read are there with the reason."""
    table = read_table(path, wanted=FIELDS)
    header = find_header(table.rows, FIELDS)
    cleaned = clean_table(table, header, {})
    if cleaned.read > MOST:
        raise Refused(
            _("The sheet has more than %(most)s rows; bring it in in parts.") % {"most": MOST},
            field="paper",
        )
    keys = [one.key for one in cleaned.fields]
    rows = []
    for row_no, values in zip(cleaned.row_nos, cleaned.rows(), strict=True):
        said = {key: str(value or "").strip() for key, value in zip(keys, values, strict=True)}
        rows.append(Read(row_no, said.get("name", ""), said.get("code", "")))
    rejected = set(cleaned.rejected)
    bad: dict[int, Read] = {}
    for problem in cleaned.problems:
        if problem.row_no in rejected and problem.row_no not in bad:
            cells = table.rows[problem.row_no - table.first_row_no]
            said = {match.field.key: show_cell(cells[at]) for at, match in header.mapping.items()}
            bad[problem.row_no] = Read(
                problem.row_no, said.get("name", ""), said.get("code", ""), problem.reason,
                problem.advice,
            )  # fmt: skip
    return sorted([*rows, *bad.values()], key=lambda row: row.row_no)


def bare(name: str) -> str:
    """A name without what people write differently: spaces, brackets, stops, the word project."""
    kept = "".join(sign for sign in name.casefold() if sign.isalnum())
    return kept.removesuffix("建设项目").removesuffix("项目")


def match_rows(rows: Sequence[Read], known: Sequence[Known]) -> list[dict[str, Any]]:
    """What would become of each row; a row that means a project named above changes nothing."""
    finder = _Finder(known)
    return [finder.line(row) for row in rows]


class _Finder:
    """Finds projects by code or name, and remembers which were found."""

    def __init__(self, known: Sequence[Known]) -> None:
        self.codes = {one.code.upper(): one for one in known if one.code}
        self.names: dict[str, list[Known]] = {}
        for one in known:
            for name in {bare(one.name), bare(one.short_name)} - {""}:
                self.names.setdefault(name, []).append(one)
        self.taken: set[int] = set()

    def line(self, row: Read) -> dict[str, Any]:
        line: dict[str, Any] = {
            "row_no": row.row_no, "what": f"{row.name} {row.code}".strip()[:200], "project": None,
            "name": "", "outcome": REJECTED, "reason": row.reason, "advice": row.advice,
            "candidates": [],
        }  # fmt: skip
        if row.reason:
            return line
        found = self._found(row)
        if len(found) != 1:
            candidates = found or self._like(row.name)
            line["reason"] = (
                _("several projects are called so") if found else _("no project has this name")
            )
            line["advice"] = (
                _("Choose which one is meant.")
                if candidates
                else _("Enter the project first, or correct its name.")
            )
            line["candidates"] = [{"id": one.pk, "name": one.name} for one in candidates]
            return line
        one = found[0]
        is_there = one.is_listed or one.pk in self.taken
        self.taken.add(one.pk)
        line.update(project=one.pk, name=one.name, outcome=UNCHANGED if is_there else CREATED)
        return line

    def _found(self, row: Read) -> list[Known]:
        by_code = self.codes.get(row.code.upper()) if row.code else None
        return [by_code] if by_code else self.names.get(bare(row.name), [])

    def _like(self, name: str) -> list[Known]:
        wanted = bare(name)
        inside = [one for one in self.names if wanted and (wanted in one or one in wanted)]
        near = get_close_matches(wanted, self.names, n=NAMED, cutoff=0.55)
        found: dict[int, Known] = {}
        for key in [*inside, *near]:
            for one in self.names[key]:
                found.setdefault(one.pk, one)
        return list(found.values())[:NAMED]
