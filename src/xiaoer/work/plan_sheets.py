"""What a sheet of steps says, row by row, matched with the steps of a plan by name or code.

No database here. A step nobody knows is told with the names nearest to it; a day that does not exist
is told with its row; nothing is guessed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from django.utils.translation import gettext as _

from xiaoer.base.refusals import Refused
from xiaoer.base.tables import Field, clean_table, find_header, read_table
from xiaoer.base.tables.cells import show_cell

FIELDS = (
    Field("name", "工序", "Step", ("工序名称", "事项", "任务"), required=True, max_length=80),
    Field("code", "代码", "Code", ("工序代码",), max_length=40),
    Field("likely", "工期", "Days", ("常规工期", "天数"), max_length=12),
    Field("not_before", "不早于", "Not before", ("最早开始",), kind="date"),
    Field("not_after", "不晚于", "Must end by", ("必须完成",), kind="date"),
    Field("started_on", "开始日", "Started on", ("开始日期", "实际开始"), kind="date"),
    Field("finished_on", "完成日", "Ended on", ("完成日期", "实际完成"), kind="date"),
    Field("share", "完成比例", "Percent done", ("进度", "完成率"), max_length=12),
    Field("remaining", "还需天数", "Days left", ("剩余天数",), max_length=12),
    Field("note", "备注", "Note", ("说明",), max_length=500),
)
MOST = 2000
DAYS = ("not_before", "not_after", "started_on", "finished_on")
NUMBERS = ("likely", "share", "remaining")


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A row of the sheet: the step it means and what it says, or why it cannot be taken."""

    row_no: int
    name: str
    step_id: int | None = None
    said: Mapping[str, object] = field(default_factory=dict)
    reason: str = ""
    advice: str = ""


def read_lines(path: Path, known: Mapping[str, int], codes: Mapping[str, int]) -> list[ReadLine]:
    """The rows of a sheet against the steps of a plan, by code where it is given, else by name."""
    table = read_table(path, wanted=FIELDS)
    header = find_header(table.rows, FIELDS)
    cleaned = clean_table(table, header, {})
    if cleaned.read > MOST:
        raise Refused(
            _("The sheet has more than %(most)s rows; bring it in in parts.") % {"most": MOST},
            field="sheet",
        )
    keys = [one.key for one in cleaned.fields]
    lines = [
        _matched(row_no, dict(zip(keys, values, strict=True)), known, codes)
        for row_no, values in zip(cleaned.row_nos, cleaned.rows(), strict=True)
    ]
    rejected = set(cleaned.rejected)
    told: dict[int, ReadLine] = {}
    for problem in cleaned.problems:
        if problem.row_no in rejected and problem.row_no not in told:
            row = table.rows[problem.row_no - table.first_row_no]
            cells = {match.field.key: show_cell(row[at]) for at, match in header.mapping.items()}
            told[problem.row_no] = ReadLine(
                problem.row_no, cells.get("name", ""), reason=problem.reason, advice=problem.advice
            )
    return _once([*lines, *told.values()])


def _once(lines: Sequence[ReadLine]) -> list[ReadLine]:
    """In the order of the sheet; the second row of one step is told instead of overwriting."""
    seen: dict[int, int] = {}
    kept = []
    for line in sorted(lines, key=lambda each: each.row_no):
        first = seen.get(line.step_id) if line.step_id else None
        if first is not None:
            kept.append(
                ReadLine(
                    line.row_no,
                    line.name,
                    reason=_("This step stands in row %(row)s already.") % {"row": first},
                    advice=_("Leave one of the two rows out."),
                )
            )
            continue
        if line.step_id:
            seen[line.step_id] = line.row_no
        kept.append(line)
    return kept


def _matched(
    row_no: int, said: dict[str, object], known: Mapping[str, int], codes: Mapping[str, int]
) -> ReadLine:
    name = str(said.pop("name", "") or "").strip()
    code = str(said.pop("code", "") or "").strip()
    given = {key: value for key, value in said.items() if value not in (None, "")}
    number = codes.get(code) if code else known.get(_plain(name))
    if number is None:
        near = get_close_matches(_plain(name), list(known), n=3, cutoff=0.3)
        return ReadLine(
            row_no,
            name or code,
            reason=_("This plan has no such step."),
            advice=_("Nearest: %(names)s.") % {"names": "、".join(near)}
            if near
            else _("Look at the names on the plan's page."),
        )
    for key in NUMBERS:
        if key in given:
            whole = _whole(given[key])
            if whole is None:
                return ReadLine(
                    row_no,
                    name,
                    reason=_("“%(value)s” is no whole number.") % {"value": given[key]},
                    advice=_("Type a whole number, such as 3."),
                )
            given[key] = whole
    return ReadLine(row_no, name, number, given)


def _whole(value: object) -> int | None:
    """A whole number of days or percent; a share below one, as sheets format percents, is none."""
    text = str(value).strip().removesuffix("%").removesuffix("％")
    try:
        number = float(text)
    except ValueError:
        return None
    return int(number) if number.is_integer() and abs(number) < 1_000_000 else None


def plain_names(steps: Sequence[tuple[str, int]]) -> dict[str, int]:
    """Names of steps as sheets are matched with them; a name that stands twice matches none."""
    found: dict[str, int] = {}
    twice: set[str] = set()
    for name, number in steps:
        key = _plain(name)
        if key in found:
            twice.add(key)
        found[key] = number
    return {name: number for name, number in found.items() if name not in twice}


def _plain(name: str) -> str:
    return "".join(name.split()).replace("（", "(").replace("）", ")")


def packed(lines: Sequence[ReadLine]) -> list[dict[str, object]]:
    """The lines that can be taken, as what a signed form carries from the preview to the saving."""
    return [
        {"step": line.step_id} | {key: _bare(value) for key, value in line.said.items()}
        for line in lines
        if line.step_id and line.said
    ]


def _bare(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
