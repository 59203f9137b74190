"""Rules by which land and units that do too little are found, and firms with too little space; rows, to
be changed where rules are written.

Their thresholds are nobody's law but this product's proposal (mark D). They give candidates only: a
person of the zone looks and confirms.
"""

from datetime import date

from xiaoer.assets.models import CageSite
from xiaoer.rules.language.spec import State
from xiaoer.rules.shipping import ShippedCase, ShippedClause, ShippedRule, ShippedVersion

Why = CageSite.Why
DAY, SINCE = date(2026, 11, 20), date(2023, 1, 1)
NOTE = "亩均税收、用电、空置期限和人均面积由本区自定；此处为建议值，只产生待核实的线索"


def _rule(
    code: str,
    subject: str,
    name: str,
    name_en: str,
    clauses: tuple[ShippedClause, ...],
    met: dict[str, object],
    not_met: dict[str, object],
) -> ShippedRule:
    cases = (
        ShippedCase("符合", DAY, met, State.MET),
        ShippedCase("不符合", DAY, not_met, State.NOT_MET),
        ShippedCase("缺数据", DAY, {}, State.NEEDS_DATA),
    )
    version = ShippedVersion(
        number=1, mark="D", mark_note=NOTE, effective_from=SINCE, clauses=clauses, cases=cases,
        is_live=True,
    )  # fmt: skip
    return ShippedRule(
        code, name, name_en, "other", subject=subject, purpose=NOTE, versions=(version,)
    )


_TWO_YEARS = ShippedClause("供地满两年", "supplied two years ago or more", "held_months >= 24")
CAGE_RULES = (
    _rule(
        "cage_low_tax", "parcel", "亩均税收偏低", "Little tax per mu",
        (_TWO_YEARS, ShippedClause("上年亩均税收不足3万元", "tax per mu last year below 30,000 yuan", "tax_per_mu_y1 < 3")),
        {"held_months": 40, "tax_per_mu_y1": 1.2}, {"held_months": 40, "tax_per_mu_y1": 20},
    ),
    _rule(
        "cage_low_power", "parcel", "用电明显不足", "Little power used",
        (_TWO_YEARS, ShippedClause("用电不足平时一成", "power below a tenth of what is usual", "electricity_of_usual <= 0.1")),
        {"held_months": 40, "electricity_of_usual": 0.02}, {"held_months": 40, "electricity_of_usual": 0.9},
    ),
    _rule(
        "cage_unbuilt", "parcel", "供而未建", "Supplied and not built on",
        (_TWO_YEARS, ShippedClause("地上无建筑", "nothing is built on it", "NOT is_built")),
        {"held_months": 40, "is_built": False}, {"held_months": 40, "is_built": True},
    ),
    _rule(
        "cage_vacant_unit", "carrier_unit", "载体长期空置", "Unit vacant for long",
        (ShippedClause("空置满一年", "vacant for a year", "vacant_months >= 12"),),
        {"vacant_months": 20}, {"vacant_months": 2},
    ),
    _rule(
        "cage_idle_unit", "carrier_unit", "租而不用", "Held and not used",
        (ShippedClause("用电不足平时一成", "power below a tenth of what is usual", "electricity_of_usual <= 0.1"),),
        {"electricity_of_usual": 0.02}, {"electricity_of_usual": 0.9},
    ),
)  # fmt: skip
# Which firms of the zone's workshops may need more space, and are asked about an empty unit.
SPACE_RULES = (
    _rule(
        "space_too_little", "tenant", "载体偏紧的企业", "Firms with too little space",
        (
            ShippedClause("人均载体面积不足30㎡", "less than 30 m² of space a person", "space_per_person_m2 < 30"),
            ShippedClause("上年营收增长一成以上", "revenue up by a tenth or more last year", "revenue_growth >= 0.1"),
        ),
        {"space_per_person_m2": 12, "revenue_growth": 0.25}, {"space_per_person_m2": 120, "revenue_growth": 0.25},
    ),
)  # fmt: skip
# By what a site is listed: the rule's code says it; a rule of the zone's own is "other".
WHY = {
    "cage_low_tax": Why.LOW_TAX,
    "cage_low_power": Why.LOW_POWER,
    "cage_unbuilt": Why.IDLE,
    "cage_vacant_unit": Why.IDLE,
    "cage_idle_unit": Why.STOPPED,
}
