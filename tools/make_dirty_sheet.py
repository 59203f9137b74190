"""Makes the sheet of invented enterprises that visitors of the demo import by hand.

Laid out and soiled as such sheets arrive: a title above the heads, a note and a total below, money
with its words, several forms of dates, full-width digits, old codes, blanks, doubled rows. Some rows
are enterprises the demo already has, so that they are updated; most are new. Always the same file.
"""

import random
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path

import xlsxwriter

from xiaoer.demo import names
from xiaoer.demo.names import FIRST_CODE, INDUSTRIAL, SERVICES, Trade, industrial_firms
from xiaoer.registry.codes import make_credit_code

SHEET = Path(__file__).parents[1] / "src/xiaoer/demo/sheets/企业名录（样例）.xlsx"
TITLE = "济宁高新区企业名录（2026年三季度，各园区上报汇总）"
NOTE = "注：注册资本单位为万元，另有注明的除外；联系电话由园区填报。"
HEADS = {
    "序号": 6,
    "企 业 名 称": 30,
    "统一社会信用代码/注册号": 24,
    "登记状态": 12,
    "法人代表": 10,
    "注册资本": 22,
    "成立时间": 16,
    "行业代码": 22,
    "注册地址": 32,
    "联系人": 10,
    "联系方式": 18,
    "主营业务": 30,
    "所属园区": 20,
    "所属单元网格": 16,
    "备注": 16,
}
REGION, FIRST_NEW, SINCE_KNOWN = "370871", 9_000_000, 27
NEW, KNOWN, SERVICE = 92, 14, 8
CREATED = datetime(2026, 9, 30)
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
PARKS = ("国际高端装备产业园", "中韩高端装备产业园", "智能终端产业园", "", "航空航天城")
Cell = str | int | float | datetime | None
Row = list[Cell]

CAPITALS: tuple[Callable[[int], Cell], ...] = (
    lambda n: n,
    lambda n: f"{n}(万元人民币)",
    lambda n: f"{n:,}(万元人民币)",
    lambda n: f"{n}万人民币",
    lambda n: f"{n / 10}万人民币",
    lambda n: f"{n}万美元",
    lambda n: str(n).translate(FULL_WIDTH),
    lambda n: f"{n}万元",
    lambda n: "N/A",
    lambda n: None,
)
DAYS: tuple[Callable[[date], Cell], ...] = (
    lambda d: datetime(d.year, d.month, d.day),
    lambda d: d.isoformat(),
    lambda d: f"{d.year}.{d.month}.{d.day}",
    lambda d: f"{d.year}/{d.month}/{d.day}",
    lambda d: f"{d.year}年{d.month}月{d.day}日",
    lambda d: d.strftime("%Y%m%d"),
    lambda d: f"{d.isoformat()} 00:00:00",
)
STATES = ("存续", "在业", "存续（在营、开业、在册）", "开业", "停业")


def _phone(dice: random.Random) -> Cell:
    number = names.mobile(dice)
    return dice.choice(
        (number, int(number), f"{number[:3]}-{number[3:7]}-{number[7:]}", f"{number} ", "无", None)
    )


def _person(dice: random.Random) -> str:
    return dice.choice(names.SURNAMES) + "".join(dice.sample(names.GIVEN, dice.choice((1, 2))))


def _row(dice: random.Random, name: str, code: Cell, trade: Trade) -> Row:
    founded = date(2004, 1, 1) + timedelta(days=dice.randrange(8200))
    industry: Cell = dice.choice(
        (trade.industry, int(trade.industry), f"C{trade.industry} {trade.word}")
        if trade.industry < "44"
        else (trade.industry,)
    )
    return [
        None,
        dice.choice((name, name, f"{name} ", f" {name}")),
        code,
        dice.choice(STATES),
        _person(dice),
        dice.choice(CAPITALS)(dice.choice((30, 45, 50, 100, 200, 300, 500, 1000, 5688))),
        dice.choice(DAYS)(founded),
        industry,
        f"济宁高新区{dice.choice(('鸿锋路', '泽渠路', '澜桥街'))}{dice.randrange(1, 190)}号",
        _person(dice),
        _phone(dice),
        trade.business,
        dice.choice(PARKS),
        f"{dice.randrange(1, 6)}-{dice.randrange(1, 10):02d}",
        "",
    ]


def rows() -> list[Row]:
    """All rows in the order of the sheet, the dirt placed by hand among them."""
    dice = random.Random("dirty sheet")
    new = islice(names.firms("dirty", INDUSTRIAL), NEW)
    found = [
        _row(dice, name, make_credit_code(REGION, FIRST_NEW + at), trade)
        for at, (name, trade) in enumerate(new)
    ]
    known = list(islice(industrial_firms("jhtz"), SINCE_KNOWN, SINCE_KNOWN + KNOWN))
    found += [
        _row(dice, name, make_credit_code(REGION, FIRST_CODE["jhtz"] + SINCE_KNOWN + at), trade)
        for at, (name, trade) in enumerate(known)
    ]
    services = islice(names.firms("dirty services", SERVICES), SERVICE)
    found += [
        _row(dice, name, make_credit_code(REGION, FIRST_NEW + 500 + at), trade)
        for at, (name, trade) in enumerate(services)
    ]
    dice.shuffle(found)
    _soil(found)
    for number, row in enumerate(found, start=1):
        row[0] = number
    return found


def _soil(found: list[Row]) -> None:
    """What goes wrong in such sheets, each once or twice."""
    found[4][2] = "370812200011112"  # a registration number of before 2015
    found[9][2] = str(found[9][2]).translate(FULL_WIDTH)
    found[13][2] = f"{found[13][2]} "
    found[17][2] = None
    found[21][2] = "N/A"
    found[25][2] = str(found[25][2])[:-1] + ("A" if str(found[25][2])[-1] != "A" else "B")
    found[29][2] = str(found[29][2])[:15]
    found[33][1] = None
    found[37][6] = "2021年2月30日"
    found[41][6] = "待核"
    found[45][5] = "三百万"
    found[49][7] = "999"
    found[53][13] = "9-99"
    found[57][14] = "=1+1"
    found[61][3] = "已迁出"
    found[65][10] = "13x"
    found[69][6] = None
    found[73][1] = f"{found[73][1]}\n（原老厂）"
    found.insert(80, list(found[12]))
    found.insert(95, list(found[60]))
    again = list(found[50])
    again[5], again[10] = "800万元", "19900008811"
    found.append(again)


def make_sheet(path: Path) -> int:
    """Writes the sheet and says how many rows it holds."""
    found = rows()
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        book.set_properties({"title": TITLE, "created": CREATED})
        sheet = book.add_worksheet("名录")
        title = book.add_format({"bold": True, "font_size": 14, "align": "center"})
        head = book.add_format({"bold": True, "border": 1, "align": "center"})
        day = book.add_format({"num_format": "yyyy/m/d"})
        sheet.merge_range(0, 0, 0, len(HEADS) - 1, TITLE, title)
        sheet.write(1, 0, "填报单位：园区发展服务中心")
        for column, (name, width) in enumerate(HEADS.items()):
            sheet.set_column(column, column, width)
            sheet.write_string(2, column, name, head)
        for line, row in enumerate(found, start=3):
            for column, value in enumerate(row):
                _write(sheet, line, column, value, day)
        sheet.write(len(found) + 3, 1, "合计")
        sheet.write(len(found) + 3, 2, f"{len(found)}家")
        sheet.merge_range(len(found) + 4, 0, len(found) + 4, len(HEADS) - 1, NOTE)
        sheet.freeze_panes(3, 2)
    return len(found)


def _write(
    sheet: xlsxwriter.worksheet.Worksheet,
    line: int,
    column: int,
    value: Cell,
    day: xlsxwriter.format.Format,
) -> None:
    if isinstance(value, datetime):
        sheet.write_datetime(line, column, value, day)
    elif isinstance(value, str) and value:
        sheet.write_string(line, column, value)
    elif value is not None and value != "":
        sheet.write_number(line, column, float(value))


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else SHEET
    sys.stdout.write(f"{make_sheet(target)} rows in {target.name}\n")
