"""How long do the contact cards of a whole zone take as one file?

2,363 of them, eight to a sheet: against the twenty seconds an officer waits, and against what no
layout could save.
"""

import time
from statistics import median

from benchmarks.measure import report
from xiaoer.outreach.cards import CARDS_A_SHEET, Card, contact_cards_pdf
from xiaoer.web import press

CARDS = 2_363
SHEETS = -(-CARDS // CARDS_A_SHEET)
SECONDS = 20.0
RUNS = 3

NAMES = (
    "精密机械有限公司",
    "新能源汽车零部件科技股份有限公司",
    "（东岭）生物医药有限公司",
    "金属制品厂",
)
OFFICERS = ("陆一鸣", "欧阳小舟", "何川")


def card(number: int, run: int) -> Card:
    return Card(
        enterprise=f"东岭第{number}{NAMES[number % len(NAMES)]}",
        grid=f"{number % 5 + 1}网格",
        cell=f"{number % 47 + 1:02d} 单元",
        officer_name=OFFICERS[number % len(OFFICERS)],
        officer_phone=f"139{number:08d}",
        deputy=None,
        leader="沈主任",
        scope="政策咨询、诉求受理、项目手续帮办、用工用能用地协调、融资对接",
        complaint_phone="0531-00000000",
        never_asked=("接待陪同", "礼品礼金", "指定的中介和供应商", "已经交过的材料"),
        url=f"https://zone.example/card/{run:02d}{number:06d}aB3dE5fG7hJ9",
        zone_name="东岭开发区",
    )


def print_cards(run: int) -> float:
    """Other addresses each run: nothing is remembered from the last."""
    cards = [card(number, run) for number in range(CARDS)]
    began = time.perf_counter()
    contact_cards_pdf(cards)
    return time.perf_counter() - began


def print_bare(run: int) -> float:
    """The codes drawn and as many empty sheets set: what no layout could save."""
    addresses = [card(number, run).url for number in range(CARDS)]
    pages = "#pagebreak()\n" * (SHEETS - 1)
    began = time.perf_counter()
    for address in addresses:
        press.qr_svg(address)
    press.compile_pdf(f'#set page(paper: "a4")\n// {run}\n{pages}', {})
    return time.perf_counter() - began


def main() -> None:
    taken = [(print_cards(run), print_bare(run)) for run in range(RUNS)]
    ours, bare = (median(run[side] for run in taken) for side in (0, 1))
    report("contact_cards", "s", ours, SECONDS, f"the {SECONDS:g} s an officer waits", 1)
    report("contact_cards_bare", "s", ours, bare, "codes drawn and as many empty sheets set", 4)


if __name__ == "__main__":
    main()
