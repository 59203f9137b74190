"""四上单位与投资项目 Above-scale units by sector, entry of investment projects, and the SME size.

Thresholds are national; on which day papers are handed in the zone sets (cut-offs of the ladders).
"""

from dataclasses import dataclass
from datetime import date

from xiaoer.growth.shipped.writing import (
    AS_OF,
    MET,
    NEEDS_DATA,
    NOT_MET,
    UNKNOWN,
    cases,
    clause,
)
from xiaoer.rules.shipping import ShippedCase, ShippedClause, ShippedRule, ShippedVersion

STATISTICS = "国家统计局 一套表统计调查制度、统计单位基本情况统计报表制度"
NOTE = (
    "申报时以今年1月至上月累计为准，1–2月批次以上年全年为准；增值税申报表须一致。"
    "截止日各地自定；退库标准未查到。"
)


@dataclass(frozen=True, slots=True)
class _Sector:
    """A sector of the statistical units: its divisions, whose figure, and the line in 万元."""

    code: str
    name: str
    name_en: str
    inside: str
    metric: str
    line: int
    division: int
    industry: str = "0000"


_SECTORS = (
    _Sector("industry", "工业", "industry", "division BETWEEN 6 AND 46", "main_revenue", 2000, 38),
    _Sector("wholesale", "批发业", "wholesale", "division = 51", "main_revenue", 2000, 51),
    _Sector("retail", "零售业", "retail", "division = 52", "main_revenue", 500, 52),
    _Sector("hotel", "住宿业", "hotels", "division = 61", "main_revenue", 200, 61),
    _Sector("catering", "餐饮业", "catering", "division = 62", "main_revenue", 200, 62),
    _Sector(
        "service_2000", "服务业（2000万元线）", "services, 20 million",
        "division BETWEEN 53 AND 60 OR division BETWEEN 63 AND 65 OR division BETWEEN 76 AND 79"
        " OR division = 84", "revenue", 2000, 65,
    ),
    _Sector(
        "service_1000", "服务业（1000万元线）", "services, 10 million",
        "division BETWEEN 71 AND 75 OR division = 83"
        " OR industry_code IN ('7020', '7030', '7040', '7090')", "revenue", 1000, 73,
    ),
    _Sector(
        "service_500", "服务业（500万元线）", "services, 5 million",
        "division BETWEEN 80 AND 82 OR division BETWEEN 86 AND 90 OR division = 85",
        "revenue", 500, 81,
    ),
)  # fmt: skip
_METRICS = {
    "main_revenue": ("主营业务收入", "main revenue"),
    "revenue": ("营业收入", "revenue"),
}


def _legal(sector: str) -> ShippedClause:
    """Where the local edition says so, sole traders may enter industry: a switch of the zone."""
    if sector == "industry":
        return clause(
            "法人单位（或本地允许的个体经营户）", "legal person (or sole trader where allowed)",
            "legal_person OR (individual_business AND allow_individual_industry)",
            "个体经营户先转为企业", "A sole trader becomes a company first.",
        )  # fmt: skip
    return clause(
        "法人单位", "legal person", "legal_person",
        "分公司由所属法人申报；个体先转为企业", "A branch is reported by its legal person.",
    )  # fmt: skip


ACCOUNTS = clause(
    "执行企业会计制度", "keeps company accounts", "enterprise_accounting",
    "建账，按企业会计制度出报表", "Keep accounts by the company standards.",
)  # fmt: skip


def _rule(
    code: str,
    name: str,
    name_en: str,
    clauses: tuple[ShippedClause, ...],
    tests: tuple[ShippedCase, ...],
) -> ShippedRule:
    return ShippedRule(
        code=f"four_above_{code}",
        name=f"四上·{name}",
        name_en=f"above scale: {name_en}",
        kind="size",
        level="national",
        purpose="达到四上统计标准，可申报入库",
        versions=(
            ShippedVersion(
                number=1,
                mark="A",
                mark_note=NOTE,
                effective_from=date(2018, 1, 1),
                document=STATISTICS,
                is_live=True,
                clauses=clauses,
                cases=tests,
            ),
        ),
    )


def _by_line(sector: _Sector) -> ShippedRule:
    zh, en = _METRICS[sector.metric]
    line = sector.line * 10_000
    column = f"{sector.metric}_cny"
    clauses = (
        clause(
            f"行业属{sector.name}", f"sector: {sector.name_en}", sector.inside,
            "行业以主要业务活动为准，变更须经统计部门核实",
            "The sector follows the main activity; statistics confirms a change.",
            is_repairable=False,
        ),
        _legal(sector.code),
        ACCOUNTS,
        clause(
            f"{zh} ≥ {sector.line} 万元（今年累计或上年）",
            f"{en} of at least {line:,} yuan (this year so far, or last year)",
            f"{column}_ytd >= {line} OR {column}_y1 >= {line}",
            "如实开票、及时报送；达到后尽快备齐入库材料",
            "Invoice and report in time; hand the papers in once the line is reached.",
        ),
    )  # fmt: skip
    firm = {
        "division": sector.division,
        "industry_code": f"{sector.division:02d}11",
        "legal_person": True,
        "individual_business": False,
        "enterprise_accounting": True,
        f"{column}_ytd": line,
        f"{column}_y1": line - 10_000,
    }
    tests = cases(
        firm,
        ("正好到线", {}, MET),
        ("差一万元", {f"{column}_ytd": line - 10_000}, NOT_MET),
        ("今年累计未报、上年不够", {f"{column}_ytd": UNKNOWN}, NEEDS_DATA),
        ("行业不对", {"division": 1, "industry_code": "0111"}, NOT_MET),
    )
    return _rule(sector.code, sector.name, sector.name_en, clauses, tests)


_BUILDER = {
    "division": 47,
    "industry_code": "4710",
    "legal_person": True,
    "enterprise_accounting": True,
    "construction_qualification": "specialist",
}
CONSTRUCTION = _rule(
    "construction", "建筑业", "construction",
    (
        clause("行业属建筑业", "sector: construction", "division BETWEEN 47 AND 50",
               "行业以主要业务活动为准", "The sector follows the main activity.",
               is_repairable=False),
        _legal("construction"),
        ACCOUNTS,
        clause("有总承包或专业承包资质", "general or specialist contractor's qualification",
               "construction_qualification IN ('general', 'specialist')",
               "取得总承包或专业承包资质；仅有劳务资质不再纳入",
               "Get a general or specialist qualification; labour alone no longer counts."),
    ),
    cases(
        _BUILDER,
        ("专业承包", {}, MET),
        ("仅有劳务资质", {"construction_qualification": "labour"}, NOT_MET),
        ("资质不明", {"construction_qualification": UNKNOWN}, NEEDS_DATA),
    ),
)  # fmt: skip
_DEVELOPER = {
    "division": 70,
    "industry_code": "7010",
    "legal_person": True,
    "enterprise_accounting": True,
    "has_realestate_development": True,
}
REAL_ESTATE = _rule(
    "realestate", "房地产开发经营", "property development",
    (
        clause("行业属房地产开发经营", "sector: property development", "industry_code = '7010'",
               "行业以主要业务活动为准", "The sector follows the main activity.",
               is_repairable=False),
        _legal("realestate"),
        ACCOUNTS,
        clause("有房地产开发经营活动", "has development activity", "has_realestate_development",
               "取得项目即可申报", "Apply once there is a project."),
    ),
    cases(
        _DEVELOPER,
        ("有开发活动", {}, MET),
        ("无开发活动", {"has_realestate_development": False}, NOT_MET),
        ("有无开发活动不明", {"has_realestate_development": UNKNOWN}, NEEDS_DATA),
    ),
)  # fmt: skip

# Investment projects ------------------------------------------------------------------------------

_PROJECT = {
    "planned_investment_cny": 5_500_000,
    "working_capital_cny": 500_000,
    "rural_household": False,
    "project_in_zone": True,
    "main_works_started_on": date(2026, 9, 1),
    "purchase_only": False,
    "equipment_delivered": False,
}
INVESTMENT_PROJECT = ShippedRule(
    code="fai_entry",
    name="固定资产投资项目入统",
    name_en="entry of an investment project",
    kind="size",
    level="national",
    purpose="计划总投资 500 万元以上的项目，先入库、后有数",
    versions=(
        ShippedVersion(
            number=1,
            mark="A",
            mark_note="是否扣除铺底流动资金各地不一；500–5000万元项目的报表形式未核实",
            effective_from=date(2011, 1, 1),
            document="固定资产投资统计报表制度",
            is_live=True,
            clauses=(
                clause("扣除铺底流动资金后计划总投资 ≥ 500 万元",
                       "planned investment less working capital of at least 5 million",
                       "planned_investment_cny - coalesce(working_capital_cny, 0) >= 5000000",
                       "按备案的总投资据实填报；分期项目合并备案", "State the investment as filed."),
                clause("不是农户项目", "not a rural household's", "NOT rural_household",
                       is_repairable=False),
                clause("项目在本区（在地原则）", "located in the zone", "project_in_zone",
                       "由项目所在地申报", "Reported where the project stands.",
                       is_repairable=False),
                clause("主体已开工，或单纯购置设备已到位",
                       "main works begun, or purchased equipment delivered",
                       "main_works_started_on <= as_of OR (purchase_only AND equipment_delivered)",
                       "开工后带时间地点的照片、施工合同一并备齐",
                       "Photos with time and place and the contract once works begin."),
            ),
            cases=cases(
                _PROJECT,
                ("正好 500 万元", {}, MET),
                ("差一万元", {"planned_investment_cny": 5_490_000}, NOT_MET),
                ("设备已到位", {"main_works_started_on": UNKNOWN, "purchase_only": True,
                            "equipment_delivered": True}, MET),
                ("开工没有不明", {"main_works_started_on": UNKNOWN}, NEEDS_DATA),
                ("总投资不明", {"planned_investment_cny": UNKNOWN}, NEEDS_DATA),
            ),
        ),
    ),
)  # fmt: skip

# Size ---------------------------------------------------------------------------------------------

_X, _Y, _Z = "employees_eop_y1", "revenue_cny_y1", "total_assets_cny_eoy1"


def _below(*, x: int = 0, y: int = 0, z: int = 0) -> str:
    """Below the line of large firms in one metric at least; money in 万元."""
    parts = [
        *([f"{_X} < {x}"] if x else []),
        *([f"{_Y} < {y * 10_000}"] if y else []),
        *([f"{_Z} < {z * 10_000}"] if z else []),
    ]
    return " OR ".join(parts)


_LARGE = (
    ("industry_code = '7010'", _below(y=200_000, z=10_000)),
    ("industry_code = '7020'", _below(x=1000, y=5000)),
    ("division BETWEEN 1 AND 5", _below(y=20_000)),
    ("division BETWEEN 6 AND 46", _below(x=1000, y=40_000)),
    ("division BETWEEN 47 AND 50", _below(y=80_000, z=80_000)),
    ("division = 51", _below(x=200, y=40_000)),
    ("division = 52", _below(x=300, y=20_000)),
    ("division BETWEEN 54 AND 58", _below(x=1000, y=30_000)),
    ("division = 59", _below(x=200, y=30_000)),
    ("division = 60", _below(x=1000, y=30_000)),
    ("division IN (61, 62, 65)", _below(x=300, y=10_000)),
    ("division IN (63, 64)", _below(x=2000, y=100_000)),
    ("division IN (71, 72)", _below(x=300, z=120_000)),
    (
        "division BETWEEN 73 AND 82 OR division BETWEEN 85 AND 90"
        " OR industry_code IN ('7030', '7090')",
        _below(x=300),
    ),
)
# Sectors the table does not cover (finance, education, health, railways) stay unknown.
SME_TEXT = "CASE " + " ".join(f"WHEN {sector} THEN {below}" for sector, below in _LARGE) + " END"
SME_CLAUSE = clause(
    "符合中小企业划型标准", "an SME by the size standard", SME_TEXT,
    "达到大型企业标准的不能申报", "Large firms cannot apply.", is_repairable=False,
)  # fmt: skip
SME_FIRM = {
    "division": 38,
    "industry_code": "3824",
    "employees_eop_y1": 300,
    "revenue_cny_y1": 80_000_000,
    "total_assets_cny_eoy1": 100_000_000,
}
SME = ShippedRule(
    code="sme",
    name="中小企业划型",
    name_en="small and medium-sized enterprise",
    kind="size",
    level="national",
    purpose="未同时达到大型标准的企业；按上年数据每年重算",
    versions=(
        ShippedVersion(
            number=1,
            mark="B",
            mark_note="施行日与行业对应细节未核实；2021年征求意见稿未见施行；金融、教育、卫生、铁路另有标准，判为缺数据",
            effective_from=date(2011, 6, 18),
            document="中小企业划型标准规定",
            document_no="工信部联企业〔2011〕300号",
            is_live=True,
            clauses=(SME_CLAUSE,),
            cases=cases(
                SME_FIRM,
                ("工业，300人、8000万元", {}, MET),
                ("人数、收入正好都到大型", {"employees_eop_y1": 1000, "revenue_cny_y1": 400_000_000},
                 NOT_MET),
                ("人数差一人", {"employees_eop_y1": 999, "revenue_cny_y1": 400_000_000}, MET),
                ("收入不明、人数已低于线", {"revenue_cny_y1": UNKNOWN}, MET),
                ("收入不明、人数到线", {"revenue_cny_y1": UNKNOWN, "employees_eop_y1": 1000},
                 NEEDS_DATA),
            ),
        ),
    ),
)  # fmt: skip

STATISTICAL: tuple[ShippedRule, ...] = (
    *(_by_line(sector) for sector in _SECTORS),
    CONSTRUCTION,
    REAL_ESTATE,
    INVESTMENT_PROJECT,
    SME,
)
__all__ = ["AS_OF", "SME_CLAUSE", "SME_FIRM", "STATISTICAL"]
