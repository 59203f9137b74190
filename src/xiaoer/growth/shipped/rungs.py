"""梯级 The rungs of the three ladders as rules. A firm stands on the highest whose rule is met.

What is national (the statistical line, the titles) is read from facts; what the zone sets is read
from its parameters, so that no number of a zone stands here. A decision of people is a word too.
"""

from datetime import date

from xiaoer.growth.models import Ladder
from xiaoer.rules.language.spec import State
from xiaoer.rules.shipping import ShippedCase, ShippedClause, ShippedRule, ShippedVersion

FROM = date(2020, 1, 1)
AS_OF = date(2026, 11, 18)
NEXT_YEAR = date(2027, 12, 31)
LINE = 20_000_000.0
ZONES_OWN = (
    "国家没有种子、幼苗、准四上、攀登、链主的统一口径；门槛是本区参数，默认值为系统建议，可改"
)
REGISTER = "在库由统计部门确认，不由系统推算"
TITLES = "按称号有效期判断；称号以认定文件为准"
STATISTICS = "国家统计局 一套表统计调查制度、统计单位基本情况统计报表制度"
DECISION = "认定文件"
# Construction and real estate enter whatever their revenue; other sectors are in no register.
HAS_LINE = "stat_sector NOT IN ('construction', 'realestate_dev', 'none')"
SIGNED = {
    "stat_sector": "industry",
    "stat_threshold_cny": LINE,
    "planned_revenue_cny": LINE,
    "project_signed_on": date(2026, 5, 1),
    "project_finishes_on": date(2028, 11, 18),
}
NO_SEED = {
    "p_seed": 0.1,
    "metric_forecast_cny": 0.0,
    "p_seed_equity_cny": 5e6,
    "equity_new_2y_cny": 0.0,
    "registered_on": date(2010, 1, 1),
}


def _clause(name: str, name_en: str, text: str, *, any_of: int | None = None,
            advice: str = "", advice_en: str = "") -> ShippedClause:  # fmt: skip
    return ShippedClause(name, name_en, text, any_of=any_of, advice=advice, advice_en=advice_en)


def _rung(
    code: str,
    name: str,
    name_en: str,
    ladder: Ladder,
    step: int,
    clauses: tuple[ShippedClause, ...],
    *,
    note: str,
    level: str = "zone",
    document: str = "",
    cases: tuple[ShippedCase, ...] = (),
) -> ShippedRule:
    version = ShippedVersion(
        number=1,
        mark="D" if level == "zone" else "A",
        mark_note=note,
        effective_from=FROM,
        clauses=clauses,
        document=document,
        is_live=True,
        cases=cases,
    )
    return ShippedRule(
        code=code,
        name=name,
        name_en=name_en,
        kind="rung",
        level=level,
        ladder=ladder.value,
        step=step,
        versions=(version,),
    )


def _line(code: str, name: str, name_en: str) -> ShippedClause:
    return _clause(
        name,
        name_en,
        f"{HAS_LINE} AND metric_forecast_cny >= {code} * stat_threshold_cny",
        advice="按月报送营收，预测才准；差额见本页",
        advice_en="Report revenue every month so that the forecast is right; the gap stands here.",
    )


def _line_cases(code: str, share: float) -> tuple[ShippedCase, ...]:
    facts = {code: share, "stat_threshold_cny": LINE, "stat_sector": "industry"}
    return (
        ShippedCase("正好到线", AS_OF, facts | {"metric_forecast_cny": share * LINE}, State.MET),
        ShippedCase(
            "差一万元", AS_OF, facts | {"metric_forecast_cny": share * LINE - 10_000}, State.NOT_MET
        ),
        ShippedCase("没有营收数据", AS_OF, facts, State.NEEDS_DATA),
        ShippedCase("不属四上行业", AS_OF, {"stat_sector": "none", code: share}, State.NOT_MET),
    )


def _title(name: str, name_en: str, word: str) -> ShippedClause:
    return _clause(
        name,
        name_en,
        f"{word} >= as_of",
        advice="称号到期前按批次申报或复核",
        advice_en="Apply or be reviewed in a batch before the title runs out.",
    )


def _title_cases(word: str) -> tuple[ShippedCase, ...]:
    return (
        ShippedCase("称号有效", AS_OF, {word: NEXT_YEAR}, State.MET),
        ShippedCase("当天到期仍有效", AS_OF, {word: AS_OF}, State.MET),
        ShippedCase("已过期", AS_OF, {word: date(2026, 11, 17)}, State.NOT_MET),
    )


BUSINESS = (
    _rung(
        "l1_seed",
        "种子",
        "seed",
        Ladder.BUSINESS,
        1,
        (
            _clause(
                "预测全年营收达到种子线",
                "forecast of the year at the line of seeds",
                f"{HAS_LINE} AND metric_forecast_cny >= p_seed * stat_threshold_cny",
                any_of=1,
            ),
            _clause(
                "近两年新增股权融资达到种子额",
                "new equity of two years",
                "equity_new_2y_cny >= p_seed_equity_cny",
                any_of=1,
            ),
            _clause(
                "成立五年内且持有科技型或创新型中小企业称号",
                "at most five years old with a science or innovative SME title",
                "registered_on >= as_of - INTERVAL 5 YEAR"
                " AND (tsme_valid_to >= as_of OR innovative_valid_to >= as_of)",
                any_of=1,
            ),
            _clause(
                "签约项目两年内投产，达产年收入达到入统标准",
                "signed project to produce within 24 months, planned revenue at the threshold",
                f"{HAS_LINE} AND planned_revenue_cny >= stat_threshold_cny"
                " AND project_signed_on <= as_of"
                " AND project_finishes_on <= as_of + INTERVAL 24 MONTH",
                any_of=1,
                advice="没有签约项目的，达产年收入记 0，才算问过",
                advice_en="Where no project is signed, planned revenue is recorded as 0: asked.",
            ),
        ),
        note=ZONES_OWN,
        cases=(
            ShippedCase(
                "营收达到种子线",
                AS_OF,
                {
                    "p_seed": 0.1,
                    "stat_sector": "industry",
                    "stat_threshold_cny": LINE,
                    "metric_forecast_cny": 2_000_000.0,
                },
                State.MET,
            ),
            ShippedCase(
                "没有营收，有股权融资",
                AS_OF,
                {"p_seed_equity_cny": 5e6, "equity_new_2y_cny": 6e6},
                State.MET,
            ),
            ShippedCase("签约项目正好两年后投产", AS_OF, SIGNED, State.MET),
            ShippedCase(
                "项目投产在两年之后",
                AS_OF,
                SIGNED | NO_SEED | {"project_finishes_on": date(2028, 11, 19)},
                State.NOT_MET,
            ),
            ShippedCase(
                "问过，没有签约项目",
                AS_OF,
                NO_SEED
                | {
                    "stat_sector": "industry",
                    "stat_threshold_cny": LINE,
                    "planned_revenue_cny": 0.0,
                },
                State.NOT_MET,
            ),
            ShippedCase("什么都不知道", AS_OF, {}, State.NEEDS_DATA),
        ),
    ),
    _rung(
        "l1_sprout",
        "幼苗",
        "sprout",
        Ladder.BUSINESS,
        2,
        (
            _line(
                "p_sprout", "预测全年营收达到幼苗线", "forecast of the year at the line of sprouts"
            ),
        ),
        note=ZONES_OWN,
        cases=_line_cases("p_sprout", 0.4),
    ),
    _rung(
        "l1_near",
        "准四上",
        "near above-scale",
        Ladder.BUSINESS,
        3,
        (_line("p_near", "预测全年营收达到准四上线", "forecast of the year near the threshold"),),
        note=ZONES_OWN,
        cases=_line_cases("p_near", 0.5),
    ),
    _rung(
        "l1_reached",
        "达标未入统",
        "reached, not entered",
        Ladder.BUSINESS,
        4,
        (
            _clause(
                "不是个体经营户，或本区允许个体经营户进工业",
                "no individual business, or one in industry where the zone lets them enter",
                "NOT individual_business OR (stat_sector = 'industry' AND allow_individual_industry)",
                advice="个体经营户先转为企业",
                advice_en="An individual business becomes a company first.",
            ),
            _clause(
                "预测全年营收达到入统标准",
                "forecast of the year at the threshold",
                f"{HAS_LINE} AND metric_forecast_cny >= stat_threshold_cny",
                any_of=1,
                advice="达标后按入库途径在截止日前交齐材料",
                advice_en="Once reached, hand in all papers before the next cut-off.",
            ),
            _clause(
                "建筑业：有总承包或专业承包资质",
                "construction: general or specialist qualification",
                "stat_sector = 'construction'"
                " AND construction_qualification IN ('general', 'specialist')",
                any_of=1,
            ),
            _clause(
                "房地产：有开发经营活动",
                "real estate: development activity",
                "stat_sector = 'realestate_dev' AND has_realestate_development",
                any_of=1,
            ),
        ),
        note="标准按一套表调查制度；预测口径为本区参数",
        level="national",
        document=STATISTICS,
        cases=(
            ShippedCase(
                "工业预测达标",
                AS_OF,
                {
                    "individual_business": False,
                    "stat_sector": "industry",
                    "stat_threshold_cny": LINE,
                    "metric_forecast_cny": LINE,
                },
                State.MET,
            ),
            ShippedCase(
                "工业差 134 万元",
                AS_OF,
                {
                    "individual_business": False,
                    "stat_sector": "industry",
                    "stat_threshold_cny": LINE,
                    "metric_forecast_cny": 18_660_000.0,
                },
                State.NOT_MET,
            ),
            ShippedCase(
                "建筑业有资质，不看营收",
                AS_OF,
                {
                    "individual_business": False,
                    "stat_sector": "construction",
                    "construction_qualification": "specialist",
                },
                State.MET,
            ),
            ShippedCase(
                "劳务分包不再计入",
                AS_OF,
                {
                    "individual_business": False,
                    "stat_sector": "construction",
                    "construction_qualification": "labour",
                },
                State.NOT_MET,
            ),
            *(
                ShippedCase(
                    f"个体经营户达标，本区{said}",
                    AS_OF,
                    {
                        "individual_business": True,
                        "allow_individual_industry": allowed,
                        "stat_sector": "industry",
                        "stat_threshold_cny": LINE,
                        "metric_forecast_cny": LINE,
                    },
                    state,
                )
                for said, allowed, state in (
                    ("允许进工业", True, State.MET),
                    ("不允许", False, State.NOT_MET),
                )
            ),
            ShippedCase("行业不明", AS_OF, {"metric_forecast_cny": LINE}, State.NEEDS_DATA),
            ShippedCase("不属四上行业", AS_OF, {"stat_sector": "none"}, State.NOT_MET),
        ),
    ),
    _rung(
        "l1_above_scale",
        "四上",
        "above scale",
        Ladder.BUSINESS,
        5,
        (_clause("统计部门名录在库", "in the statistical register", "in_stat_register"),),
        note=REGISTER,
        level="national",
        document=STATISTICS,
        cases=(
            ShippedCase("在库", AS_OF, {"in_stat_register": True}, State.MET),
            ShippedCase("不在库", AS_OF, {"in_stat_register": False}, State.NOT_MET),
            ShippedCase("本区未录名录", AS_OF, {}, State.NEEDS_DATA),
        ),
    ),
    _rung(
        "l1_climb",
        "攀登",
        "climbing",
        Ladder.BUSINESS,
        6,
        (
            _clause("统计部门名录在库", "in the statistical register", "in_stat_register"),
            _clause("列入攀登企业名单", "on the list of climbing enterprises", "on_climb_list"),
        ),
        note=ZONES_OWN,
        document=DECISION,
        cases=(
            ShippedCase(
                "在库并列入名单",
                AS_OF,
                {"in_stat_register": True, "on_climb_list": True},
                State.MET,
            ),
            ShippedCase("不在名单，在库未知", AS_OF, {"on_climb_list": False}, State.NOT_MET),
        ),
    ),
    _rung(
        "l1_chain_leader",
        "链主",
        "chain leader",
        Ladder.BUSINESS,
        7,
        (_clause("认定为链主", "designated chain leader", "chain_leader_designated"),),
        note=ZONES_OWN,
        document=DECISION,
        cases=(ShippedCase("已认定", AS_OF, {"chain_leader_designated": True}, State.MET),),
    ),
)

TECHNOLOGY = (
    _rung(
        "l2_tech_sme",
        "科技型中小企业",
        "science SME",
        Ladder.TECHNOLOGY,
        1,
        (_title("科技型中小企业入库编号有效", "registration number valid", "tsme_valid_to"),),
        note=TITLES,
        level="national",
        document="科技型中小企业评价办法",
        cases=_title_cases("tsme_valid_to"),
    ),
    _rung(
        "l2_reserve",
        "高企储备",
        "high-tech reserve",
        Ladder.TECHNOLOGY,
        2,
        (
            _clause(
                "没有期限内补不上的不符项",
                "nothing that cannot be repaired in time",
                "hnte_blockers = 0",
            ),
            _clause(
                "可补的差项在允许数以内",
                "at most the allowed number of gaps",
                "hnte_gaps <= p_gaps",
                advice="逐项看高企规则的未达到条款",
                advice_en="See which clauses of the high-tech rule are not met.",
            ),
            _clause("得分上限超过 70", "highest score above 70", "hnte_score_high > 70"),
        ),
        note="高企条件为国家规定，储备口径为本区参数",
        cases=(
            ShippedCase(
                "差两项、得分可过",
                AS_OF,
                {"hnte_blockers": 0, "hnte_gaps": 2, "p_gaps": 2, "hnte_score_high": 78},
                State.MET,
            ),
            ShippedCase(
                "差三项",
                AS_OF,
                {"hnte_blockers": 0, "hnte_gaps": 3, "p_gaps": 2, "hnte_score_high": 78},
                State.NOT_MET,
            ),
            ShippedCase(
                "得分上限正好 70",
                AS_OF,
                {"hnte_blockers": 0, "hnte_gaps": 0, "p_gaps": 2, "hnte_score_high": 70},
                State.NOT_MET,
            ),
            ShippedCase("差项说不清", AS_OF, {"hnte_blockers": 0, "p_gaps": 2}, State.NEEDS_DATA),
        ),
    ),
    _rung(
        "l2_hnte",
        "高新技术企业",
        "high-tech enterprise",
        Ladder.TECHNOLOGY,
        3,
        (_title("高新技术企业证书有效", "certificate valid", "hnte_valid_to"),),
        note=TITLES,
        level="national",
        document="高新技术企业认定管理办法",
        cases=_title_cases("hnte_valid_to"),
    ),
    _rung(
        "l2_tech_leader",
        "科技领军企业",
        "technology leader",
        Ladder.TECHNOLOGY,
        4,
        (_clause("认定为科技领军企业", "designated technology leader", "tech_leader_designated"),),
        note=ZONES_OWN,
        document=DECISION,
        cases=(ShippedCase("已认定", AS_OF, {"tech_leader_designated": True}, State.MET),),
    ),
)

SPECIALISATION = tuple(
    _rung(
        code,
        name,
        name_en,
        Ladder.SPECIALISATION,
        step,
        (_title(f"{name}称号有效", f"{name_en}: title valid", word),),
        note=TITLES,
        level="national" if step != 2 else "provincial",
        document=document,
        cases=_title_cases(word),
    )
    for step, (code, name, name_en, word, document) in enumerate(
        (
            (
                "l3_tech_innovative",
                "科技和创新型中小企业",
                "tech and innovative SME",
                "tech_innovative_sme_valid_to",
                "优质中小企业梯度培育管理办法",
            ),
            (
                "l3_srdi",
                "专精特新中小企业",
                "specialised SME",
                "srdi_valid_to",
                "优质中小企业梯度培育管理办法",
            ),
            (
                "l3_giant",
                "专精特新“小巨人”",
                "little giant",
                "giant_valid_to",
                "优质中小企业梯度培育管理办法",
            ),
            (
                "l3_champion",
                "制造业单项冠军",
                "manufacturing champion",
                "champion_valid_to",
                "制造业单项冠军企业认定管理办法",
            ),
        ),
        start=1,
    )
)

RUNGS = (*BUSINESS, *TECHNOLOGY, *SPECIALISATION)
# The share of the threshold a rung of the business ladder stands for: a parameter, or the line itself.
LINES = {"l1_seed": "p_seed", "l1_sprout": "p_sprout", "l1_near": "p_near", "l1_reached": ""}
REACHED, ABOVE_SCALE = "l1_reached", "l1_above_scale"
