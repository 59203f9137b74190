"""Short hands for writing shipped rules: clauses, blockers, scores, and cases around one firm."""

from collections.abc import Mapping
from datetime import date

from xiaoer.rules.language.spec import ClauseKind, State
from xiaoer.rules.shipping import ShippedCase, ShippedClause

AS_OF = date(2026, 11, 20)
VALID, LAPSED = date(2028, 12, 31), date(2026, 10, 31)
# A word with this value is taken out of the facts of a case: nobody knows it.
UNKNOWN = object()
MET, NOT_MET = State.MET, State.NOT_MET
NEEDS_DATA, NEEDS_PERSON = State.NEEDS_DATA, State.NEEDS_PERSON


def clause(
    name: str,
    name_en: str,
    text: str,
    advice: str = "",
    advice_en: str = "",
    *,
    any_of: int | None = None,
    kind: ClauseKind = ClauseKind.CONDITION,
    is_repairable: bool = True,
) -> ShippedClause:
    """A condition that must hold; ``advice`` says what the firm can do where it does not."""
    return ShippedClause(
        name=name,
        name_en=name_en,
        text=text,
        kind=kind,
        any_of=any_of,
        is_repairable=is_repairable,
        advice=advice,
        advice_en=advice_en,
    )


def blocker(name: str, name_en: str, text: str, advice: str, advice_en: str) -> ShippedClause:
    """What stands in the way and cannot be repaired soon."""
    return clause(
        name, name_en, text, advice, advice_en, kind=ClauseKind.BLOCKER, is_repairable=False
    )


def person(name: str, name_en: str, text: str, advice: str, advice_en: str) -> ShippedClause:
    """What only a person can say."""
    return clause(name, name_en, text, advice, advice_en, kind=ClauseKind.PERSON)


def score(
    part: str, name: str, name_en: str, text: str, advice: str = "", advice_en: str = ""
) -> ShippedClause:
    """Points of a part."""
    return ShippedClause(
        name=name,
        name_en=name_en,
        text=text,
        kind=ClauseKind.SCORE,
        part=part,
        advice=advice,
        advice_en=advice_en,
    )


def steps(bands: tuple[tuple[str, str], ...], *, otherwise: str = "0") -> str:
    """``CASE WHEN … THEN … ELSE … END`` of conditions and points, the best first."""
    branches = " ".join(f"WHEN {condition} THEN {points}" for condition, points in bands)
    return f"CASE {branches} ELSE {otherwise} END"


def cases(
    base: Mapping[str, object],
    *changes: tuple[str, Mapping[str, object], State],
    as_of: date = AS_OF,
) -> tuple[ShippedCase, ...]:
    """Cases around one invented firm: what is unlike it, and what the rule must then say."""
    return tuple(
        ShippedCase(
            name,
            as_of,
            {word: value for word, value in {**base, **change}.items() if value is not UNKNOWN},
            expected,
        )
        for name, change, expected in changes
    )


ABNORMAL = blocker(
    "列入经营异常名录", "on the list of abnormal operation", "abnormal_list",
    "到市场监管部门说明情况，申请移出经营异常名录", "Ask the market regulator to be taken off the list.",
)  # fmt: skip
DISHONEST = blocker(
    "列入严重失信名单", "on the list of serious dishonesty", "serious_dishonesty",
    "信用修复完成前不能申报，先到信用中国办理修复", "Have the credit record repaired first.",
)  # fmt: skip
RESTRICTED = blocker(
    "主导产品属禁止、限制或淘汰类", "main product restricted or being phased out",
    "restricted_product", "调整主导产品后再申报", "Apply once the main product is another.",
)  # fmt: skip
ACCIDENT_3Y = blocker(
    "近三年有较大安全事故、严重环境或质量问题",
    "larger accident, serious environmental or quality problem in three years",
    "accident_or_env_3y",
    "事发满三年后再申报", "Apply once three years have passed.",
)  # fmt: skip
FRAUD_3Y = blocker(
    "近三年数据造假", "data fraud in three years", "data_fraud_3y",
    "被认定造假的三年内不得申报", "No application within three years.",
)  # fmt: skip
# Facts of a firm nothing stands in the way of.
CLEAN = {
    "abnormal_list": False,
    "serious_dishonesty": False,
    "restricted_product": False,
    "accident_or_env_3y": False,
    "data_fraud_3y": False,
}
LEGAL_PERSON = clause(
    "境内登记的法人单位", "legal person registered in China", "legal_person",
    "分公司、个体经营户不能申报，由法人单位申报", "Branches and sole traders cannot apply.",
    is_repairable=False,
)  # fmt: skip
