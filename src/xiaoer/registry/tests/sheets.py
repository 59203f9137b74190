"""Sheets of invented enterprises for tests of their import."""

from collections.abc import Sequence
from pathlib import Path

from tests.town import NOW
from xiaoer.base.scope import Actor
from xiaoer.base.tables.cells import Cell
from xiaoer.base.tests.dirty_sheets import write_objects, write_text, write_workbook
from xiaoer.registry import actions as registry
from xiaoer.registry.codes import make_credit_code
from xiaoer.registry.models import ImportRun

HEADS = (
    "企业名称", "统一社会信用代码", "行业代码", "经营状态", "注册资本（万元）", "成立日期",
    "地址", "联系电话", "单元网格", "包保干部",
)  # fmt: skip
KEYS = (
    "name",
    "code",
    "industry",
    "status",
    "capital",
    "day",
    "address",
    "phone",
    "cell",
    "officer",
)


def firm(number: int, **changes: Cell) -> list[Cell]:
    """A clean row of an invented firm."""
    row: dict[str, Cell] = {
        "name": f"济宁样例第{number}机械有限公司",
        "code": make_credit_code("370800", number),
        "industry": "3511",
        "status": "存续",
        "capital": 500,
        "day": "2018-03-05",
        "address": "示范路1号",
        "phone": "13900000001",
        "cell": "",
        "officer": "",
    }
    return [{**row, **changes}[key] for key in KEYS]


def write_sheet(path: Path, rows: Sequence[Sequence[Cell]]) -> Path:
    """Written as the name's ending says: .xlsx, .csv (GB 18030), .json."""
    content = [list(HEADS), *rows]
    match path.suffix:
        case ".csv":
            return write_text(path, content, "gb18030", ",")
        case ".json":
            return write_objects(path, content, "list")
        case _:
            return write_workbook(path, content)


def bring(by: Actor, path: Path, rows: Sequence[Sequence[Cell]]) -> ImportRun:
    """Bring rows in at once, as the command line does."""
    return registry.import_file(by=by, now=NOW, path=write_sheet(path, rows))


def receive(by: Actor, path: Path) -> ImportRun:
    """Upload a written sheet, as the page does."""
    with path.open("rb") as stream:
        return registry.receive_sheet(by=by, now=NOW, stream=stream, name=path.name)
