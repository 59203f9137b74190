"""Rules of monitoring as they are shipped: alerts over a firm's months, and lists found by a rule.

Their thresholds are nobody's law but the zone's own choice; those here are a proposal (mark U), so
that they are drafts until a person of the zone has looked at them and releases them.
"""

from datetime import date

from xiaoer.rules.language.spec import State
from xiaoer.rules.shipping import ShippedCase, ShippedClause, ShippedRule, ShippedVersion

SINCE = date(2023, 1, 1)
NOTE = "阈值由本区自定；此处为建议值，须经人核定后启用"
DAY = date(2026, 11, 20)


def _clause(name: str, name_en: str, text: str) -> ShippedClause:
    return ShippedClause(name, name_en, text)


def _rule(
    code: str,
    kind: str,
    name: str,
    name_en: str,
    purpose: str,
    clauses: tuple[ShippedClause, ...],
    cases: tuple[ShippedCase, ...],
) -> ShippedRule:
    version = ShippedVersion(
        number=1, mark="U", mark_note=NOTE, effective_from=SINCE, clauses=clauses, cases=cases
    )
    return ShippedRule(code, name, name_en, kind, purpose=purpose, versions=(version,))


def _cases(met: dict[str, object], not_met: dict[str, object]) -> tuple[ShippedCase, ...]:
    return (
        ShippedCase("触发", DAY, met, State.MET),
        ShippedCase("不触发", DAY, not_met, State.NOT_MET),
        ShippedCase("缺数据", DAY, {}, State.NEEDS_DATA),
    )


WATCHING = (
    _rule(
        "alert_stoppage",
        "alert",
        "疑似停产",
        "Production may have stopped",
        "用电几乎归零，先核实是否停产、搬迁或检修",
        (
            _clause(
                "用电不足平时一成",
                "power below a tenth of what is usual",
                "electricity_of_usual <= 0.1",
            ),
        ),
        _cases({"electricity_of_usual": 0.02}, {"electricity_of_usual": 0.9}),
    ),
    _rule(
        "alert_power_drop",
        "alert",
        "用电骤降",
        "Power has dropped sharply",
        "同比大幅下降且偏离企业自身规律",
        (
            _clause(
                "用电同比下降三成以上",
                "power a third below the year before",
                "electricity_yoy <= -0.3",
            ),
            _clause(
                "明显偏离自身规律", "far out of its own range", "electricity_against_range <= -3"
            ),
        ),
        _cases(
            {"electricity_yoy": -0.5, "electricity_against_range": -8},
            {"electricity_yoy": -0.5, "electricity_against_range": -1},
        ),
    ),
    _rule(
        "alert_power_tax",
        "alert",
        "用电升、税收降",
        "Power up, tax down",
        "近三月用电增长而税收明显下降，先了解产品结构、留抵退税等情形",
        (
            _clause(
                "近三月用电增长一成以上",
                "power of three months up a tenth",
                "electricity_3m_yoy >= 0.1",
            ),
            _clause(
                "近三月税收下降两成以上", "tax of three months down a fifth", "tax_3m_yoy <= -0.2"
            ),
        ),
        _cases(
            {"electricity_3m_yoy": 0.3, "tax_3m_yoy": -0.4},
            {"electricity_3m_yoy": 0.3, "tax_3m_yoy": 0.1},
        ),
    ),
    _rule(
        "alert_tax_fall",
        "alert",
        "税收下滑",
        "Tax has fallen",
        "近三月税收同比大幅下降",
        (
            _clause(
                "近三月税收下降四成以上",
                "tax of three months down two fifths",
                "tax_3m_yoy <= -0.4",
            ),
        ),
        _cases({"tax_3m_yoy": -0.5}, {"tax_3m_yoy": -0.1}),
    ),
    _rule(
        "alert_revenue_fall",
        "alert",
        "营收下滑",
        "Revenue has fallen",
        "近三月营业收入同比大幅下降",
        (
            _clause(
                "近三月营收下降三成以上",
                "revenue of three months down a third",
                "revenue_3m_yoy <= -0.3",
            ),
        ),
        _cases({"revenue_3m_yoy": -0.4}, {"revenue_3m_yoy": 0.1}),
    ),
    _rule(
        "alert_export_fall",
        "alert",
        "出口下滑",
        "Exports have fallen",
        "近三月出口额同比大幅下降",
        (
            _clause(
                "近三月出口下降三成以上",
                "exports of three months down a third",
                "export_3m_yoy <= -0.3",
            ),
        ),
        _cases({"export_3m_yoy": -0.5}, {"export_3m_yoy": 0.2}),
    ),
    _rule(
        "alert_unreported",
        "alert",
        "连续未报",
        "No report for months",
        "连续两个月以上未报营业收入",
        (
            _clause(
                "两个月以上未报",
                "two months or more without a report",
                "months_without_report >= 2",
            ),
        ),
        _cases({"months_without_report": 3}, {"months_without_report": 0}),
    ),
    _rule(
        "watch_growth",
        "watch_list",
        "高成长性企业",
        "Fast-growing firms",
        "近一年营收增长较快且有一定规模",
        (
            _clause(
                "近一年营收增长两成以上",
                "revenue of twelve months up a fifth",
                "revenue_12m_yoy >= 0.2",
            ),
            _clause(
                "近一年营收两千万元以上",
                "revenue of twelve months of 20 million",
                "revenue_12m_cny >= 20000000",
            ),
        ),
        _cases(
            {"revenue_12m_yoy": 0.3, "revenue_12m_cny": 50000000.0},
            {"revenue_12m_yoy": 0.1, "revenue_12m_cny": 50000000.0},
        ),
    ),
)
ALERTS = tuple(rule.code for rule in WATCHING if rule.kind == "alert")
