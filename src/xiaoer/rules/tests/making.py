"""Hypothesis makes rules and facts: texts of the language, and what may be known of a firm."""

from datetime import date

from hypothesis import strategies as st

from xiaoer.rules.language.spec import ClauseKind, ClauseText

AS_OF = date(2026, 11, 21)

_MONEY = ["revenue_cny_y1", "revenue_cny_y2", "rd_expense_cny_y1", "main_revenue_cny_test"]
_PLAIN = ["division", "credit_score"]
_FLAGS = ["legal_person", "provincial_rd_org", "market_position_confirmed", "four_above"]
_DAYS = ["registered_on", "hnte_valid_to"]

_ORDERS = ["<", "<=", "=", "<>", ">=", ">"]
_READY = [
    "division BETWEEN 13 AND 43",
    "division IN (51, 52)",
    "stat_sector LIKE 'service_%'",
    "taxation_mode = 'audited'",
    "registered_on <= as_of - INTERVAL 3 YEAR",
    "hnte_valid_to >= as_of",
    "as_of - registered_on >= 365",
    "hnte_valid_to - INTERVAL 1 MONTH > registered_on",
    "registered_on IS NOT NULL",
]


class Text:
    """Draws texts; each goes at most so much deeper."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw

    def one(self, *of: str) -> str:
        return self.draw(st.sampled_from(of))

    def money(self, depth: int = 2) -> str:
        way = self.draw(st.integers(0, 7 if depth else 1))
        if way <= 1:
            return self.one(*_MONEY, "stat_threshold_cny")
        left = self.money(depth - 1)
        if way == 2:
            return f"({left} {self.one('+', '-')} {self.money(depth - 1)})"
        if way == 3:
            return f"{self.one('0.03', '2', '0.5', '-1.25')}*{left}"
        if way == 4:
            return f"{self.one('greatest', 'least')}({left}, {self.money(depth - 1)})"
        if way == 5:
            return f"CASE WHEN {self.one(*_FLAGS)} THEN {left} ELSE {self.money(depth - 1)} END"
        return f"coalesce({left}, 0)" if way == 6 else f"sqrt(power({left}, 2))"

    def condition(self, depth: int = 2) -> str:
        way = self.draw(st.integers(0, 7 if depth else 4))
        if way == 0:
            return self.one(*_FLAGS, *_READY)
        order = self.one(*_ORDERS)
        if way == 1:
            return f"{self.money()} {order} {self.money()}"
        if way == 2:
            return f"{self.money()} {order} {self.one('0', '10000', '20000000')}"
        if way in {3, 4}:
            less = " - 1" if way == 4 else ""
            ratio = f"{self.money(1)} / NULLIF({self.money(1)}, 0){less}"
            return f"{ratio} {order} {self.one('0.03', '0.5', '1', '1.15')}"
        first = self.condition(depth - 1)
        if way == 5:
            return f"NOT ({first})"
        if way == 6:
            return f"({first} {self.one('AND', 'OR')} {self.condition(depth - 1)})"
        return f"CASE WHEN {first} THEN {self.condition(depth - 1)} ELSE {self.one(*_FLAGS)} END"

    def points(self, depth: int = 2) -> str:
        way = self.draw(st.integers(0, 5 if depth else 0))
        if way == 0:
            return self.one("0", "5", "20", "band(7, 8)", "band(1, 6)")
        first, second = self.points(depth - 1), self.points(depth - 1)
        if way == 1:
            return f"{self.one('greatest', 'least')}({first}, {second})"
        if way == 2:
            return f"({first} {self.one('+', '-')} {second})"
        if way == 3:
            return f"-({first})"
        more = f"WHEN {self.condition(1)} THEN {second} " if way == 4 else ""
        return f"CASE WHEN {self.condition(1)} THEN {first} {more}ELSE {second} END"


@st.composite
def rules(draw: st.DrawFn, *, with_null: bool = True) -> list[ClauseText]:
    """Clauses of every kind, some standing for one another, some comparing scores."""
    text = Text(draw)
    kinds = st.sampled_from([ClauseKind.CONDITION, ClauseKind.BLOCKER, ClauseKind.PERSON])
    groups = st.sampled_from([None, None, 1, 2])
    found = [
        ClauseText(f"条款{at}", "", text.condition(), draw(kinds), draw(groups))
        for at in range(draw(st.integers(1, 4)))
    ]
    parts = ["ip", "growth", ""][: draw(st.integers(0, 3))]
    found += [
        ClauseText(f"计分{part}", "", text.points(), ClauseKind.SCORE, part=part) for part in parts
    ]
    if parts:
        asked = f"{text.one('score', 'score_ip')} {text.one('<', '<=', '>=', '>')}"
        found.append(ClauseText("总分", "", f"{asked} {text.one('6', '7.5', '20')}", draw(kinds)))
    if not with_null:
        found = [clause for clause in found if not _speaks_of_missing(clause.text)]
        if not any(clause.kind is ClauseKind.SCORE for clause in found):
            found = [clause for clause in found if not clause.text.startswith("score")]
        if not any(clause.part == "ip" for clause in found):
            found = [clause for clause in found if not clause.text.startswith("score_")]
    return found or [ClauseText("条款", "", "legal_person")]


def _speaks_of_missing(text: str) -> bool:
    return "IS NOT NULL" in text or "coalesce" in text


_figure = st.one_of(
    st.sampled_from([0.0, 1.0, 3.0, 10_000.0, 600_000.0, 20_000_000.0, 20_000_001.0, -5.0]),
    st.integers(-(10**9), 10**12),
    st.floats(-1e18, 1e18, allow_nan=False),
)
FACTS = {
    **dict.fromkeys(_MONEY, _figure),
    "division": st.sampled_from([13, 51, 52, 65.0, 66, 71]),
    "credit_score": _figure,
    "legal_person": st.booleans(),
    "enterprise_accounting": st.booleans(),
    "has_realestate_development": st.booleans(),
    "provincial_rd_org": st.booleans(),
    "market_position_confirmed": st.booleans(),
    "registered_on": st.dates(date(2020, 1, 1), date(2027, 1, 1)) | st.just(date(2023, 11, 21)),
    "hnte_valid_to": st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    "taxation_mode": st.sampled_from(["audited", "deemed"]),
    "construction_qualification": st.sampled_from(["general", "labour"]),
    "industry_code": st.sampled_from(["7010", "7020", "3921"]),
    "revenue_cny_test": _figure,
}
facts = st.fixed_dictionaries({}, optional=FACTS)
