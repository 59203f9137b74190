"""Statements of the deposit account, as dirty as banks write them, and whose money each line is."""

import io
from collections.abc import Callable, Sequence

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from openpyxl import Workbook

from tests.town import NOW
from xiaoer.assets import actions as assets
from xiaoer.assets.models import Bidder, DepositLine, DepositStatement, Refund
from xiaoer.assets.queries import lots
from xiaoer.assets.tests.lots import an_account, applied, exchange, noticed
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting

Of = Callable[[str], Actor]
HEAD = (
    "交易日期",
    "交易时间",
    "流水号",
    "借方发生额",
    "贷方发生额",
    "对方户名",
    "对方账号",
    "摘要",
)


@pytest.fixture
def by(of: Of) -> Actor:
    return exchange(of("east-desk"))


def sheet(*rows: Sequence[object], name: str = "流水.xlsx") -> SimpleUploadedFile:
    book = Workbook()
    page = book.active
    assert page is not None
    for row in (
        ("示范银行账户明细",),
        ("账号：3705 0168 4100 0000 0001", "户名：公共资源交易中心"),
        HEAD,
        *rows,
    ):
        page.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return SimpleUploadedFile(name, stream.getvalue())


def csv(text: str, encoding: str = "gb18030") -> SimpleUploadedFile:
    return SimpleUploadedFile("流水.csv", text.encode(encoding))


def brought(by: Actor, file: SimpleUploadedFile, account: str = "") -> DepositStatement:
    return assets.import_statement(
        by=by, now=NOW, stream=file, file_name=file.name or "", account=account
    )


def test_a_deposit_is_found_by_its_code_however_it_is_typed(by: Actor) -> None:
    with acting(by):
        lot = noticed(by)
        one, _firm = applied(by, lot)
        two, _other = applied(by, lot)
        spaced = f"竞价保证金 {one.deposit_code[:4].lower()}-{one.deposit_code[4:]}（{lot.number}）"
        made = brought(
            by,
            sheet(
                ("20261121", "09:03:07", "A001", None, "1,000.00", one.party.name, "6222", spaced),
                ("2026-11-21", "10:00:00", "A002", "500.00", None, "某某", "1", "手续费"),
                ("2026/11/21", "11:00:00", "A003", "", 1000, "某个人", "2", "保证金"),
                ("2026-11-22", "", "A004", 0, "￥1000", "某某", "3",
                 f"{one.deposit_code} {two.deposit_code}"),
                ("合计", None, None, "500.00", "3,000.00", None, None, None),
            ),
        )  # fmt: skip
        assert made.account == "37050168410000000001"
        assert (made.result["taken"], made.result["out"]) == (3, 1)
        line = DepositLine.objects.get(bank_number="A001")
        assert (line.bidder_id, line.amount_fen) == (one.pk, 100_000)
        assert line.at.isoformat() == "2026-11-21T01:03:07+00:00"
        assert Bidder.objects.get(pk=one.pk).paid_fen == 100_000
        unknown = DepositLine.objects.filter(bidder=None).order_by("bank_number")
        assert [one.bank_number for one in unknown] == ["A003", "A004"]


def test_a_line_counts_once_in_one_statement_and_over_several(by: Actor) -> None:
    with acting(by):
        bidder, _firm = applied(by, noticed(by))
        row = (
            "2026-11-21",
            "09:03:07",
            "B001",
            None,
            1000,
            bidder.party.name,
            "6222",
            bidder.deposit_code,
        )
        first = brought(by, sheet(row, row))
        assert (first.result["taken"], first.result["known"]) == (1, 1)
        again = brought(by, sheet(row, ("2026-11-21", "", "B002", None, 5, "某", "", "")))
        assert (again.result["taken"], again.result["known"]) == (1, 1)
        other = list(row)
        other[4] = 2000
        third = brought(by, sheet(other, name="又一份.xlsx"))
        assert third.result["rejected"] == 1
        assert "B001" in third.result["rows"][0]["reason"]
        assert Bidder.objects.get(pk=bidder.pk).paid_fen == 100_000


def test_other_banks_write_one_amount_with_its_direction(by: Actor) -> None:
    text = (
        "账号,3705016841000000\n"
        "交易时间,交易流水号,借贷标志,交易金额,对方户名,附言\n"
        '2026-11-21 08:00:01,="00123",贷,"10,000.00",甲公司,\n'
        "2026-11-21 08:00:02,00124,借,300.00,乙公司,\n"
        "2026年11月21日,00125,贷,abc,丙公司,\n"
        "2026-11-21 08:00:04,,贷,5,丁公司,\n"
        "2026-11-21 08:00:05,00126,贷,-5,丁公司,冲正\n"
    )
    with acting(by):
        made = brought(by, csv(text), account="保证金专户")
        assert made.result["taken"] == 1
        assert made.result["rejected"] == 3
        assert "冲回" in made.result["rows"][-1]["reason"]
        assert DepositLine.objects.get().bank_number == "00123"
        assert DepositLine.objects.get().amount_fen == 1_000_000


@pytest.mark.parametrize(
    "file",
    [
        SimpleUploadedFile("流水.xlsx", b"\x00\x01garbage"),
        csv("姓名,年龄\n甲,3\n"),
        csv("流水号,交易时间,对方户名\n1,2026-11-21,甲\n"),
        csv(""),
    ],
    ids=["garbage", "other sheet", "no amount", "empty"],
)  # fmt: skip
def test_what_is_no_statement_is_refused_with_a_reason(by: Actor, file: SimpleUploadedFile) -> None:
    file.seek(0)
    with acting(by), pytest.raises(Refused):
        brought(by, file, account="1")


def test_unknown_money_is_assigned_by_a_person_or_goes_back(by: Actor, of: Of) -> None:
    with acting(by):
        lot = noticed(by)
        bidder, firm = applied(by, lot)
        wrong, _other = applied(by, lot)
        brought(
            by,
            sheet(
                ("2026-11-21", "09:00:00", "C001", None, 1000, bidder.party.name, "1", "往来款"),
                ("2026-11-21", "09:00:00", "C002", None, 1000, "某老板", "2", "代付"),
                ("2026-11-21", "09:00:00", "C003", None, 7, "路人", "3", "打错"),
            ),
        )
        first, second, third = DepositLine.objects.order_by("bank_number")
        assets.match_deposit(by=by, now=NOW, line=first, bidder=wrong, why="看错了")
        assets.match_deposit(by=by, now=NOW, line=first, bidder=bidder)
        assert list(Bidder.objects.order_by("pk").values_list("paid_fen", flat=True)) == [
            100_000,
            0,
        ]
        with pytest.raises(Refused) as no:
            assets.match_deposit(by=by, now=NOW, line=second, bidder=wrong)
        assert no.value.field == "why"
        assert assets.admit_bidder(by=by, now=NOW, bidder=bidder).alias
        with pytest.raises(Refused):
            assets.match_deposit(by=by, now=NOW, line=first, bidder=wrong, why="反悔")
        assets.return_deposit(by=by, now=NOW, line=third, why="打错款")
        assert Refund.objects.get().amount_fen == 700
        with pytest.raises(Refused):
            assets.return_deposit(by=by, now=NOW, line=third, why="打错款")
    with acting(firm):
        # Its own payments and nobody else's; the bank's statement never.
        assert set(DepositLine.objects.values_list("bidder", flat=True)) == {bidder.pk}
        with pytest.raises(DatabaseError), transaction.atomic():
            DepositStatement.objects.exists()
    west = exchange(of("west-desk"))
    with acting(west):
        assert not DepositLine.objects.exists()
        with pytest.raises(Refused):
            assets.match_deposit(by=west, now=NOW, line=second, bidder=wrong, why="别区的")


def test_money_that_comes_for_who_has_left_is_owed_back_at_once(by: Actor) -> None:
    with acting(by):
        bidder, _firm = applied(by, noticed(by))
        assets.leave_lot(by=by, now=NOW, bidder=bidder)
        brought(
            by,
            sheet(("2026-11-21", "", "D1", None, 1000, "甲", "1", f"保证金{bidder.deposit_code}")),
        )
        assert Refund.objects.get().line.bidder_id == bidder.pk


def test_money_somebody_else_paid_waits_for_a_person_though_the_code_is_right(by: Actor) -> None:
    with acting(by):
        lot = noticed(by)
        bidder, _firm = applied(by, lot, "济宁示范（东区）有限公司")
        row = ("2026-11-21", "09:00:00", "E1", None, 1000, "另一家公司", "1", bidder.deposit_code)
        own = (
            "2026-11-21",
            "09:00:01",
            "E2",
            None,
            500,
            "济宁示范(东区) 有限公司",
            "2",
            bidder.deposit_code,
        )
        brought(by, sheet(row, own))
        assert DepositLine.objects.get(bank_number="E2").bidder_id == bidder.pk
        line = DepositLine.objects.get(bank_number="E1")
        assert line.bidder_id is None
        waiting = next(one for one in lots.unknown_money(by) if one.line == line)
        assert (waiting.is_coded, [one.pk for one in waiting.likely]) == (True, [bidder.pk])
        with pytest.raises(Refused):
            assets.match_deposit(by=by, now=NOW, line=line, bidder=bidder)
        assets.match_deposit(by=by, now=NOW, line=line, bidder=bidder, why="母公司代付，有证明")
        assert Bidder.objects.get(pk=bidder.pk).paid_fen == 150_000


def test_a_time_nobody_can_read_and_a_day_to_come_are_no_deposit_in_time(by: Actor) -> None:
    text = (
        "账号,3705016841000000\n"
        "交易时间,交易流水号,贷方发生额,对方户名,附言\n"
        "2026-11-21 25:61:00,F1,100,甲公司,\n"
        "2099-11-21 09:00:00,F2,100,甲公司,\n"
        "2026-11-21 09:00:00,F3,-100,甲公司,冲正\n"
        "2026-11-21 09:00:00,F4,100,甲公司,\n"
    )
    with acting(by):
        an_account(by)
        made = brought(by, csv(text), account="保证金专户")
        assert list(DepositLine.objects.values_list("bank_number", flat=True)) == ["F4"]
        reasons = [row["reason"] for row in made.result["rows"]]
    assert len(reasons) == 3
    assert "冲回" in reasons[2]
    assert "核对日期" in reasons[1]
