"""Contact cards: eight to a sheet, every fact on them, whatever the facts look like."""

from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader
from pypdf.generic import ContentStream

from xiaoer.base.refusals import Refused
from xiaoer.outreach.cards import Card, contact_card_pdf, contact_cards_pdf, spaced_phone

CARD = Card(
    enterprise="东岭精密机械有限公司",
    grid="一网格",
    cell="07 单元",
    officer_name="陆一鸣",
    officer_phone="13900000007",
    deputy="何小川",
    leader="沈主任",
    scope="政策咨询、诉求受理、手续帮办",
    complaint_phone="0531-00000000",
    never_asked=("接待陪同", "礼品礼金", "已经交过的材料"),
    url="https://zone.example/card/aB3dE5",
    zone_name="东岭开发区",
)
A4 = (595, 842)
A7 = (210, 298)


def read(pdf: bytes) -> PdfReader:
    return PdfReader(BytesIO(pdf))


def size(pdf: bytes) -> tuple[int, int]:
    box = read(pdf).pages[0].mediabox
    return round(box.width), round(box.height)


def drawn_codes(pdf: bytes) -> int:
    """How many pictures stand on the first page."""
    reader = read(pdf)
    content = ContentStream(reader.pages[0].get_contents(), reader)
    return sum(operator == b"Do" for _operands, operator in content.operations)


@pytest.mark.parametrize(("cards", "sheets"), [(1, 1), (8, 1), (9, 2), (17, 3)])
def test_eight_cards_stand_on_a_sheet(cards: int, sheets: int) -> None:
    pdf = contact_cards_pdf([replace(CARD, url=f"{CARD.url}{n}") for n in range(cards)])
    assert len(read(pdf).pages) == sheets
    assert size(pdf) == A4


@pytest.mark.parametrize("make", [lambda card: contact_cards_pdf([card]), contact_card_pdf])
def test_a_card_says_everything_it_must(make: object) -> None:
    text = read(make(CARD)).pages[0].extract_text().replace("\n", "")  # type: ignore[operator]  # of any shape here
    for fact in (
        "东岭开发区",
        "服务企业联系卡",
        "东岭精密机械有限公司",
        "一网格 · 07 单元",
        "陆一鸣",
        "139 0000 0007",
        "何小川",
        "沈主任",
        "政策咨询、诉求受理、手续帮办",
        "0531-00000000",
        "接待陪同；礼品礼金；已经交过的材料",
    ):
        assert fact in text


def test_a_single_card_is_the_size_of_a_phone() -> None:
    assert size(contact_card_pdf(CARD)) == A7


def test_what_is_not_known_is_a_dash() -> None:
    card = replace(CARD, officer_phone=None, deputy=None, leader=None, complaint_phone=None)
    text = read(contact_cards_pdf([card])).pages[0].extract_text()
    assert text.count("–") == 4
    assert "None" not in text


def test_names_are_printed_and_never_run() -> None:
    card = replace(CARD, enterprise="#panic() $x$ *厂* <a> \\", officer_name="]#(", scope="@a_b_`")
    text = read(contact_cards_pdf([card])).pages[0].extract_text()
    for name in ("#panic() $x$ *厂* <a> \\", "]#(", "@a_b_`"):
        assert name in text.replace("\n", "")


@pytest.mark.parametrize("length", [0, 1, 3, 4, 5, 40, 200])
def test_names_of_any_length_stay_on_their_card(length: int) -> None:
    card = replace(
        CARD,
        enterprise="长" * length,
        officer_name="名" * length,
        officer_phone="1" * length,
        grid="格" * length,
        cell="",
        leader="领" * length,
        scope="务" * length,
        never_asked=("要" * length,) * 3,
    )
    assert len(read(contact_cards_pdf([card] * 8)).pages) == 1
    assert len(read(contact_card_pdf(card)).pages) == 1


def test_the_printer_hears_how_far_it_is() -> None:
    heard: list[tuple[int, int]] = []
    contact_cards_pdf([CARD] * 250, progress=lambda done, total: heard.append((done, total)))
    assert heard == [(100, 250), (200, 250), (250, 250)]


def test_cut_paper_carries_no_structure_but_a_card_on_a_screen_does() -> None:
    assert "/StructTreeRoot" in read(contact_card_pdf(CARD)).root_object
    many = contact_cards_pdf([replace(CARD, url=f"{CARD.url}{n}") for n in range(80)])
    assert len(many) < 200_000


def test_nothing_is_printed_for_nobody() -> None:
    with pytest.raises(Refused, match="没有"):
        contact_cards_pdf([])


def test_more_cards_than_memory_is_meant_for_are_refused_with_a_way_out() -> None:
    with pytest.raises(Refused, match=r"4001.*4000"):
        contact_cards_pdf([CARD] * 4_001)


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("13900000007", "139 0000 0007"),
        (" 0531-00000000 ", "0531-00000000"),
        ("12345", "12345"),
        ("１３９００００００07", "１３９００００００07"),
        (None, None),
    ],
)
def test_only_a_mobile_number_is_grouped(written: str | None, printed: str | None) -> None:
    assert spaced_phone(written) == printed
