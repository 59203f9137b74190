"""竞价规则 Terms: the parameters a zone auctions by, each with what it means, its source and its mark.

A version of them is a row (``AuctionRules``): a zone changes numbers by releasing a new version, and
a lot keeps the one it was put up under. What stands here is only what the first version begins with.
Marks: V read in the source, S said by one source, D a proposal of this product.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiaoer.base.refusals import Refused


@dataclass(frozen=True, slots=True)
class Terms:
    """The rules of one version. Money in fen, days as each name says, shares in percent."""

    publicity_days: int = 5  # working days
    viewing_days: int = 2  # calendar days
    free_minutes: int = 1440
    timed_minutes: int = 5
    extension_seconds: int = 300
    must_bid_free: bool = False
    one_bidder_suffices: bool = True
    only_working_days: bool = True
    hours_from: int = 9
    hours_to: int = 17
    start_percent_of_valuation: int = 70
    step_from_permille: int = 5
    step_permille: int = 10
    step_to_permille: int = 50
    most_times: int = 100
    deposit_from_percent: int = 5
    deposit_percent: int = 10
    deposit_to_percent: int = 20
    deposit_least_fen: int = 50_000
    deposit_before_minutes: int = 60
    register_before_minutes: int = 60
    check_days: int = 3  # working days
    admit_days: int = 2  # working days
    refund_days: int = 2  # working days
    confirm_days: int = 2  # working days
    pay_days: int = 5  # working days
    relist_times: int = 2
    relist_within_days: int = 30  # calendar days
    relist_cut_percent: int = 20
    ban_months: int = 12
    contract_days: int = 5  # working days
    handover_days: int = 10  # working days
    offer_days: int = 3  # working days
    object_days: int = 5  # working days
    objection_days: int = 5  # working days
    flag_turns: int = 12
    flag_answers: int = 5
    flag_seconds: int = 10
    commission_permille: int = 0

    def step_for(self, start_fen: int) -> int:
        """The step proposed for a start price, rounded to what people say aloud."""
        least, most = self.steps_for(start_fen)
        wished = max(start_fen * self.step_permille // 1000, 100)
        round_ones = (_below(wished), _above(wished), wished)
        return next((one for one in round_ones if least <= one <= most), least)

    def steps_for(self, start_fen: int) -> tuple[int, int]:
        """The least and the greatest step of a start price."""
        least = max(start_fen * self.step_from_permille // 1000, 100)
        return least, max(start_fen * self.step_to_permille // 1000, least, 10_000)

    def deposit_for(self, start_fen: int) -> int:
        """The deposit proposed for a start price, in whole hundreds of yuan where that may be."""
        least, _most = self.deposits_for(start_fen)
        share = start_fen * self.deposit_percent // 100
        return max(share - share % 10_000, least)

    def deposits_for(self, start_fen: int) -> tuple[int, int]:
        """The least and the greatest deposit of a start price."""
        least = max(start_fen * self.deposit_from_percent // 100, self.deposit_least_fen)
        return least, max(start_fen * self.deposit_to_percent // 100, least)

    def most_fen(self, start_fen: int) -> int:
        """Above it nobody bids: a slip of the finger."""
        return start_fen * self.most_times


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a zone reads beside a parameter; ``least`` and ``most`` are what can be meant at all."""

    code: str
    name: str | Promise
    unit: str | Promise
    least: int
    most: int
    source: str
    mark: str
    group: str | Promise

    @property
    def is_choice(self) -> bool:
        """Yes or no, not a number."""
        return isinstance(getattr(DEFAULT, self.code), bool)

    @property
    def is_money(self) -> bool:
        return self.code.endswith("_fen")


DEFAULT = Terms()
_DAYS, _WORKING, _MINUTES = _("days"), _("working days"), _("minutes")
_SECONDS, _PERCENT, _PERMILLE = _("seconds"), "%", _("per mille")
_BEFORE, _HALL = _("Before the bidding"), _("The bidding")
_MONEY, _AFTER = _("Prices and deposits"), _("After the bidding")
_CHOICE = ""
_DOUBTS = _("Doubts for the host")

PARAMETERS: tuple[Parameter, ...] = (
    Parameter("publicity_days", _("publicity period"), _WORKING, 0, 60,
              "拍卖法第四十五条（七日）；本产品建议五个工作日", "D", _BEFORE),
    Parameter("viewing_days", _("viewing, at least"), _DAYS, 0, 30, "拍卖法第四十八条", "V", _BEFORE),
    Parameter("register_before_minutes", _("registration closes before timed bidding"), _MINUTES,
              0, 20_160, "法释〔2016〕18号第十七、十九条；时间为本产品建议", "D", _BEFORE),
    Parameter("deposit_before_minutes", _("deposits must be there before timed bidding"), _MINUTES,
              0, 20_160, "法释〔2016〕18号第十七条；时间为本产品建议", "D", _BEFORE),
    Parameter("check_days", _("a lot put up is checked within"), _WORKING, 1, 30, "本产品建议", "D",
              _BEFORE),
    Parameter("admit_days", _("a registration is decided within"), _WORKING, 1, 30, "本产品建议", "D",
              _BEFORE),
    Parameter("only_working_days", _("timed bidding begins on working days only"), _CHOICE, 0, 1,
              "本产品建议：主持人在场", "D", _HALL),
    Parameter("hours_from", _("timed bidding begins not before"), _("o'clock"), 0, 23, "本产品建议",
              "D", _HALL),
    Parameter("hours_to", _("timed bidding begins before"), _("o'clock"), 1, 24, "本产品建议", "D",
              _HALL),
    Parameter("free_minutes", _("free bidding"), _MINUTES, 1, 43_200,
              "钦州一小时；法释〔2016〕18号第二十条不少于二十四小时", "V", _HALL),
    Parameter("timed_minutes", _("timed bidding begins with"), _MINUTES, 1, 60,
              "钦州、汕头规则：五分钟", "V", _HALL),
    Parameter("extension_seconds", _("each valid bid gives"), _SECONDS, 60, 600,
              "法释〔2016〕18号第二十条：五分钟", "V", _HALL),
    Parameter("must_bid_free", _("only who bid in free bidding may go on"), _CHOICE, 0, 1,
              "汕头规则是；钦州规则否", "V", _HALL),
    Parameter("one_bidder_suffices", _("one bidder suffices for a sale"), _CHOICE, 0, 1,
              "法释〔2016〕18号第十一条", "V", _HALL),
    Parameter("start_percent_of_valuation", _("start price, at least, of the valuation"), _PERCENT,
              0, 100, "法释〔2016〕18号第十条；企业闲置资产自愿适用", "D", _MONEY),
    Parameter("step_from_permille", _("step, at least, of the start price"), _PERMILLE, 0, 1000,
              "本产品建议", "D", _MONEY),
    Parameter("step_permille", _("step proposed, of the start price"), _PERMILLE, 0, 1000,
              "加价幅度在公告中载明，本产品建议 0.5%～2%", "D", _MONEY),
    Parameter("step_to_permille", _("step, at most, of the start price"), _PERMILLE, 1, 1000,
              "本产品建议", "D", _MONEY),
    Parameter("most_times", _("nobody bids above the start price times"), _("fold"), 2, 10_000,
              "本产品建议：防手误", "D", _MONEY),
    Parameter("deposit_from_percent", _("deposit, at least, of the start price"), _PERCENT, 0, 100,
              "法释〔2016〕18号第十七条：5%～20%", "V", _MONEY),
    Parameter("deposit_percent", _("deposit proposed, of the start price"), _PERCENT, 0, 100,
              "本产品建议", "D", _MONEY),
    Parameter("deposit_to_percent", _("deposit, at most, of the start price"), _PERCENT, 1, 100,
              "法释〔2016〕18号第十七条：5%～20%", "V", _MONEY),
    Parameter("deposit_least_fen", _("deposit, at least"), _("yuan"), 100, 100_000_000, "本产品建议",
              "D", _MONEY),
    Parameter("commission_permille", _("commission, of the price"), _PERMILLE, 0, 50,
              "拍卖法第五十六条：约定；试点期不收", "D", _MONEY),
    Parameter("confirm_days", _("a result is confirmed within"), _WORKING, 1, 30, "本产品建议", "D",
              _AFTER),
    Parameter("pay_days", _("the buyer pays within"), _WORKING, 1, 60, "本产品建议", "D", _AFTER),
    Parameter("refund_days", _("deposits go back within"), _WORKING, 1, 30,
              "法释〔2016〕18号第二十三条二十四小时；交易中心五个工作日", "D", _AFTER),
    Parameter("relist_times", _("put up again, at most"), _("rounds"), 0, 10,
              "法释〔2016〕18号第二十六条", "D", _AFTER),
    Parameter("relist_within_days", _("put up again within"), _DAYS, 1, 365,
              "法释〔2016〕18号第二十六条：三十日", "V", _AFTER),
    Parameter("relist_cut_percent", _("price cut when put up again, at most"), _PERCENT, 0, 90,
              "法释〔2016〕18号第二十六条：不超过 20%", "V", _AFTER),
    Parameter("ban_months", _("a buyer in default may not bid for"), _("months"), 0, 120,
              "法释〔2016〕18号第二十四条；期限为本产品建议", "D", _AFTER),
    Parameter("contract_days", _("the contract is signed within"), _WORKING, 1, 60, "本产品建议", "D",
              _AFTER),
    Parameter("handover_days", _("the lot is handed over within"), _WORKING, 1, 180, "本产品建议", "D",
              _AFTER),
    Parameter("offer_days", _("the next bidder answers within"), _WORKING, 1, 30, "本产品建议", "D",
              _AFTER),
    Parameter("object_days", _("a result may be objected to within"), _WORKING, 1, 60, "本产品建议", "D",
              _AFTER),
    Parameter("objection_days", _("an objection is decided within"), _WORKING, 1, 60,
              "交易中心实务：有争议的暂停退还；期限为本产品建议", "D", _AFTER),
    Parameter("flag_turns", _("two bidders by turns are a doubt after"), _("steps in a row"), 3, 1000,
              "本产品建议", "D", _DOUBTS),
    Parameter("flag_answers", _("quick answers are a doubt after"), _("quick answers"), 2, 1000,
              "本产品建议", "D", _DOUBTS),
    Parameter("flag_seconds", _("an answer is quick within"), _SECONDS, 1, 600, "本产品建议", "D",
              _DOUBTS),
)  # fmt: skip
_BY_CODE = {one.code: one for one in PARAMETERS}


def parameter(code: str) -> Parameter:
    """What is said of one parameter."""
    return _BY_CODE[code]


def written(terms: Terms, known: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Terms as JSON, each with its source and mark; ``known``: the version they came from.

    What a zone sets otherwise is the zone's own, and says so.
    """
    body: dict[str, Any] = {}
    for code, value in asdict(terms).items():
        old = (known or {}).get(code)
        if old is not None and old["value"] == value:
            body[code] = dict(old)
        elif value == getattr(DEFAULT, code):
            said = _BY_CODE[code]
            body[code] = {"value": value, "source": said.source, "mark": said.mark}
        else:
            body[code] = {"value": value, "source": "本区规定", "mark": ""}
    return body


def read(body: Mapping[str, Any]) -> Terms:
    """Terms of a version; a parameter the version does not know yet has its first value."""
    return Terms(**{one.name: body[one.name]["value"] for one in fields(Terms) if one.name in body})


def changed(known: Terms, values: Mapping[str, int | bool]) -> Terms:
    """Terms with some parameters set otherwise, by their codes."""
    for code, value in values.items():
        if code not in _BY_CODE or isinstance(value, bool) is not _BY_CODE[code].is_choice:
            raise Refused(
                _("“%(code)s” is no parameter, or not of this kind.") % {"code": code[:40]},
                field="values",
            )
    return replace(known, **values)  # type: ignore[arg-type]  # each by its own kind, as asked above


def must_fit(terms: Terms) -> Terms:
    """Terms that can be meant; what contradicts is refused by the name of its parameter."""
    for one in PARAMETERS:
        value = int(getattr(terms, one.code))
        if not one.least <= value <= one.most:
            raise Refused(
                _("“%(name)s” lies between %(least)s and %(most)s.")
                % {"name": one.name, "least": one.least, "most": one.most},
                field=one.code,
            )
    for low, middle, high in (
        ("step_from_permille", "step_permille", "step_to_permille"),
        ("deposit_from_percent", "deposit_percent", "deposit_to_percent"),
    ):
        if not getattr(terms, low) <= getattr(terms, middle) <= getattr(terms, high):
            raise Refused(_("What is proposed lies between the least and the most."), field=middle)
    if terms.hours_from >= terms.hours_to:
        raise Refused(_("The hours end before they begin."), field="hours_to")
    return terms


def _below(fen: int) -> int:
    """Down to the next 1, 2 or 5 with zeros, as steps are said."""
    unit: int = 10 ** (len(str(fen)) - 1)
    return next(unit * times for times in (5, 2, 1) if unit * times <= fen)


def _above(fen: int) -> int:
    """Up to the next 1, 2, 5 or 10 with zeros."""
    unit: int = 10 ** (len(str(fen)) - 1)
    return next(unit * times for times in (1, 2, 5, 10) if unit * times >= fen)
