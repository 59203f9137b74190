"""科技型中小企业与高新技术企业 Technology SMEs and high-tech enterprises, with their scores."""

from datetime import date

from xiaoer.growth.shipped.writing import (
    ABNORMAL,
    DISHONEST,
    LAPSED,
    MET,
    NEEDS_DATA,
    NEEDS_PERSON,
    NOT_MET,
    RESTRICTED,
    UNKNOWN,
    VALID,
    blocker,
    cases,
    clause,
    person,
    score,
    steps,
)
from xiaoer.rules.shipping import ShippedRule, ShippedVersion

_ANY = 1
_RESIDENT = clause(
    "居民企业", "resident enterprise", "resident_enterprise",
    "在境内注册的居民企业方可申报", "Resident enterprises only.", is_repairable=False,
)  # fmt: skip
_ACCIDENT_1Y = blocker(
    "近一年有重大安全、质量事故或严重环境违法", "major accident or environmental violation in a year",
    "accident_or_env_1y", "事发满一年后再申报", "Apply once a year has passed.",
)  # fmt: skip

# 科技型中小企业 ------------------------------------------------------------------------------------


def _at_least(word: str, of: str, bands: tuple[tuple[str, str], ...]) -> str:
    return steps(tuple((f"{word} >= {share} * {of}", points) for share, points in bands))


_RD_BY_REVENUE = _at_least(
    "rd_expense_cny_y1",
    "revenue_cny_y1",
    (("0.06", "50"), ("0.05", "40"), ("0.04", "30"), ("0.03", "20"), ("0.02", "10")),
)
_RD_BY_COST = _at_least(
    "rd_expense_cny_y1",
    "cost_expense_cny_y1",
    (("0.30", "50"), ("0.25", "40"), ("0.20", "30"), ("0.15", "20"), ("0.10", "10")),
)
_TSME = (
    _RESIDENT,
    clause("职工总数 ≤ 500 人", "at most 500 staff", "employees_avg_y1 <= 500",
           "超过规模的不能评价", "Too large.", is_repairable=False),
    clause("上年营业收入 ≤ 2 亿元", "revenue of at most 200 million",
           "revenue_cny_y1 <= 200000000", "超过规模的不能评价", "Too large.", is_repairable=False),
    clause("资产总额 ≤ 2 亿元", "assets of at most 200 million",
           "total_assets_cny_eoy1 <= 200000000", "超过规模的不能评价", "Too large.",
           is_repairable=False),
    RESTRICTED,
    _ACCIDENT_1Y,
    blocker("有科研严重失信行为", "serious research misconduct", "research_misconduct",
            "失信期内不能评价", "Not while it stands."),
    ABNORMAL,
    DISHONEST,
    clause("直接确认：高新技术企业在有效期内", "direct: valid high-tech enterprise",
           "hnte_valid_to >= as_of", "高企可直接确认", "Confirmed directly.", any_of=_ANY),
    clause("直接确认：近五年国家级科技奖励前三", "direct: national award",
           "national_award_rank_5y <= 3", "有奖励的登记名次；没有的登记“无”",
           "Enter the rank, or that there is none.", any_of=_ANY),
    clause("直接确认：有省部级以上研发机构", "direct: provincial R&D body", "provincial_rd_org",
           "申报省级研发机构", "Apply for a provincial R&D body.", any_of=_ANY),
    clause("直接确认：近五年主导制定标准", "direct: led a standard in five years",
           "standards_led_5y >= 1", "牵头制定国家或行业标准", "Lead a standard.", any_of=_ANY),
    clause("综合得分 ≥ 60 且科技人员得分 > 0", "score of 60 with some staff points",
           "score >= 60 AND score_staff > 0",
           "看各项得分，先补最容易的一项", "Mend the part that is easiest.", any_of=_ANY),
    score("staff", "科技人员占职工总数（20分）", "technology staff (20)",
          _at_least("tech_staff_y1", "employees_avg_y1",
                    (("0.30", "20"), ("0.25", "16"), ("0.20", "12"), ("0.15", "8"),
                     ("0.10", "4"))),
          "增配科技人员，累计工作 183 天以上", "More technology staff, 183 days of work or more."),
    score("rd", "研发投入（50分，两种算法取高）", "R&D (50), the better of two",
          f"greatest({_RD_BY_REVENUE}, {_RD_BY_COST})",
          "增加研发投入，按辅助账归集", "Spend more on R&D and keep its ledger."),
    score("results", "科技成果（30分）", "results (30)",
          steps((("ip1_owned >= 1", "30"), ("ip2_owned >= 4", "24"), ("ip2_owned >= 3", "18"),
                 ("ip2_owned >= 2", "12"), ("ip2_owned >= 1", "6"))),
          "申请发明专利，或增加实用新型、软件著作权", "Apply for patents or software copyrights."),
)  # fmt: skip
_TSME_FIRM = {
    "resident_enterprise": True,
    "employees_avg_y1": 100,
    "revenue_cny_y1": 200_000_000,
    "total_assets_cny_eoy1": 200_000_000,
    "cost_expense_cny_y1": 180_000_000,
    "restricted_product": False,
    "accident_or_env_1y": False,
    "research_misconduct": False,
    "abnormal_list": False,
    "serious_dishonesty": False,
    "hnte_valid_to": LAPSED,
    "national_award_rank_5y": 999,
    "provincial_rd_org": False,
    "standards_led_5y": 0,
    # 20 + 10 + 30 = 60
    "tech_staff_y1": 30,
    "rd_expense_cny_y1": 4_000_000,
    "ip1_owned": 1,
    "ip2_owned": 0,
}
TSME = ShippedRule(
    code="tsme",
    name="科技型中小企业",
    name_en="technology SME",
    kind="title",
    level="national",
    validity_months=12,
    purpose="研发亏损结转十年，创新型、专精特新的前提之一；每年3月31日前更新",
    versions=(
        ShippedVersion(
            number=1,
            mark="B",
            mark_note="服务指引另要求财务规范、查账征收（C）；主导标准是否限前五起草人说法不一；施行日按年取",
            effective_from=date(2017, 5, 3),
            document="科技型中小企业评价办法",
            document_no="国科发政〔2017〕115号",
            is_live=True,
            clauses=_TSME,
            cases=cases(
                _TSME_FIRM,
                ("正好 60 分", {}, MET),
                ("少一名科技人员，56 分", {"tech_staff_y1": 29}, NOT_MET),
                ("营业收入超 2 亿元", {"revenue_cny_y1": 200_000_100}, NOT_MET),
                ("研发费用不明", {"rd_expense_cny_y1": UNKNOWN}, NEEDS_DATA),
                ("高企直接确认", {"rd_expense_cny_y1": UNKNOWN, "hnte_valid_to": VALID}, MET),
                ("科技人员不足 10%", {"tech_staff_y1": 9, "rd_expense_cny_y1": 12_000_000}, NOT_MET),
            ),
        ),
    ),
)  # fmt: skip

# 高新技术企业 --------------------------------------------------------------------------------------

# A firm younger than three years is judged by the years it has worked.
_RATIO = (
    "CASE WHEN revenue_cny_y1 <= 50000000 THEN 0.05 WHEN revenue_cny_y1 <= 200000000 THEN 0.04"
    " ELSE 0.03 END"
)


def _over_years(left: str, right: str, factor: str) -> str:
    """``left`` of three years at least ``factor`` times ``right``, or of the years there are."""

    def total(word: str, years: int) -> str:
        return "(" + " + ".join(f"{word}_y{year}" for year in range(1, years + 1)) + ")"

    branches = [
        f"WHEN years_registered {'>=' if years == 3 else '='} {years}"
        f" THEN {total(left, years)} >= {factor} * {total(right, years)}"
        for years in (3, 2)
    ]
    return f"CASE {' '.join(branches)} ELSE {left}_y1 >= {factor} * {right}_y1 END"


def _growth(word: str) -> str:
    """Half the sum of two yearly rates; nothing where an earlier year is not above zero."""
    y1, y2, y3 = (f"{word}{year}" for year in (1, 2, 3))
    rate = f"({y2} / {y3} + {y1} / {y2}) / 2 - 1"
    bands = (
        ("0.35", "band(9, 10)"),
        ("0.25", "band(7, 8)"),
        ("0.15", "band(5, 6)"),
        ("0.05", "band(3, 4)"),
    )
    branches = " ".join(f"WHEN {rate} >= {share} THEN {points}" for share, points in bands)
    return (
        f"CASE WHEN {y3} <= 0 THEN 0 WHEN {y2} <= 0 THEN 0 {branches}"
        f" WHEN {rate} > 0 THEN band(1, 2) ELSE 0 END"
    )


_IP = (
    "least(30,"
    " CASE WHEN core_ip_owned >= 1 THEN band(1, 8) ELSE 0 END"
    " + CASE WHEN core_ip_owned >= 1 THEN band(1, 8) ELSE 0 END"
    " + CASE WHEN ip1_owned >= 1 THEN band(7, 8) WHEN ip2_owned >= 5 THEN band(5, 6)"
    " WHEN ip2_owned >= 3 THEN band(3, 4) WHEN ip2_owned >= 1 THEN band(1, 2) ELSE 0 END"
    " + CASE WHEN core_ip_owned < 1 THEN 0 WHEN ip_from_own_research THEN band(1, 6)"
    " ELSE band(1, 3) END"
    " + CASE WHEN standards_taken_part THEN band(1, 2) ELSE 0 END)"
)
FIELDS = (
    "electronics",
    "biology",
    "aerospace",
    "materials",
    "services",
    "energy",
    "environment",
    "manufacturing",
)
_HNTE = (
    _RESIDENT,
    clause("注册满一年", "registered for a year", "registered_on <= as_of - INTERVAL 1 YEAR",
           "满 365 日后申报", "Apply after 365 days.", is_repairable=False),
    _ACCIDENT_1Y,
    DISHONEST,
    clause("拥有核心自主知识产权", "owns core IP", "core_ip_owned >= 1",
           "取得对主要产品起核心支持作用的知识产权", "Get IP that carries the main product."),
    person("属于国家重点支持的高新技术领域", "in a supported field",
           f"hightech_field IN ({', '.join(repr(field) for field in FIELDS)})",
           "对照八大领域，由工作人员或专家认定", "Staff or experts judge it by the eight fields."),
    clause("科技人员占职工总数 ≥ 10%", "technology staff of 10%",
           "tech_staff_y1 >= 0.10 * employees_avg_y1",
           "增配科技人员，累计工作 183 天以上", "More technology staff, 183 days of work or more."),
    clause("近三年研发费用占销售收入达标（5% / 4% / 3%）",
           "R&D of three years by sales (5%, 4% or 3%)",
           _over_years("rd_expense_cny", "revenue_cny", f"({_RATIO})"),
           "增加研发投入，按研发支出辅助账归集", "Spend more on R&D and keep its ledger."),
    clause("境内研发费用 ≥ 60%", "60% of R&D spent in China",
           _over_years("rd_domestic_cny", "rd_expense_cny", "0.60"),
           "把委托研发放在境内", "Commission R&D inside the country."),
    clause("高新技术产品收入占总收入 ≥ 60%", "60% of income from high-tech products",
           "hightech_revenue_cny_y1 >= 0.60 * total_income_cny_y1",
           "单独核算高新技术产品（服务）收入", "Account for high-tech products by themselves."),
    clause("综合得分 > 70（不含 70）", "score above 70", "score > 70",
           "区间跨 70 的由专家评定，先补低分项", "Experts decide in between; mend low parts first."),
    score("ip", "知识产权（30分）", "IP (30)", _IP,
          "申请发明专利，参与制定标准", "Apply for invention patents; take part in standards."),
    score("transformation", "科技成果转化（30分）", "results turned into products (30)",
          steps((("transformations_per_year >= 5", "band(25, 30)"),
                 ("transformations_per_year >= 4", "band(19, 24)"),
                 ("transformations_per_year >= 3", "band(13, 18)"),
                 ("transformations_per_year >= 2", "band(7, 12)"),
                 ("transformations_per_year >= 1", "band(1, 6)"))),
          "整理三年成果转化证明，年均五项为满档", "Prove results of three years, five a year."),
    score("organisation", "研发组织管理（20分）", "organisation of R&D (20)",
          "CASE WHEN rd_rules_kept OR rd_ledger_kept THEN band(1, 6) ELSE 0 END"
          " + CASE WHEN provincial_rd_org OR rd_partners THEN band(1, 6) ELSE band(0, 3) END"
          " + band(0, 4) + band(0, 4)",
          "建立研发制度、辅助账和产学研合作", "Rules, ledger and partners of R&D."),
    score("growth", "净资产增长（10分）", "growth of net assets (10)",
          _growth("net_assets_cny_eoy"), "增加留存或增资", "Retain earnings or raise capital."),
    score("growth", "销售收入增长（10分）", "growth of sales (10)",
          _growth("revenue_cny_y"), "保持销售增长", "Keep sales growing."),
)  # fmt: skip
_HNTE_FIRM = {
    "resident_enterprise": True,
    "registered_on": date(2015, 1, 1),
    "years_registered": 11,
    "accident_or_env_1y": False,
    "serious_dishonesty": False,
    "core_ip_owned": 2,
    "hightech_field": "manufacturing",
    "tech_staff_y1": 10,
    "employees_avg_y1": 100,
    "rd_expense_cny_y1": 2_500_000,
    "rd_expense_cny_y2": 1_700_000,
    "rd_expense_cny_y3": 1_200_000,
    "revenue_cny_y1": 50_000_000,
    "revenue_cny_y2": 34_000_000,
    "revenue_cny_y3": 24_000_000,
    "rd_domestic_cny_y1": 1_500_000,
    "rd_domestic_cny_y2": 1_020_000,
    "rd_domestic_cny_y3": 720_000,
    "hightech_revenue_cny_y1": 30_000_000,
    "total_income_cny_y1": 50_000_000,
    "net_assets_cny_eoy1": 40_000_000,
    "net_assets_cny_eoy2": 28_000_000,
    "net_assets_cny_eoy3": 20_000_000,
    # From 1+1+7+1+1 + 25 + 1+1 + 9+9 = 56 to 30 + 30 + 20 + 20 = 100.
    "ip1_owned": 3,
    "ip2_owned": 12,
    "ip_from_own_research": True,
    "standards_taken_part": True,
    "transformations_per_year": 5,
    "rd_rules_kept": True,
    "rd_ledger_kept": True,
    "rd_partners": True,
    "provincial_rd_org": True,
}
_WEAK = {
    "transformations_per_year": 1,
    "standards_taken_part": False,
    "ip1_owned": 0,
    "ip2_owned": 0,
}
HNTE = ShippedRule(
    code="hnte",
    name="高新技术企业",
    name_en="high-tech enterprise",
    kind="title",
    level="national",
    validity_months=36,
    purpose="企业所得税率 15%，亏损结转十年；到期前全套重新申报",
    versions=(
        ShippedVersion(
            number=1,
            mark="B",
            mark_note="增长率公式、Ⅱ类知识产权限用一次未核实；严重失信一项依申报惯例；得分给区间，跨 70 分由专家定",
            effective_from=date(2016, 1, 1),
            document="高新技术企业认定管理办法及工作指引",
            document_no="国科发火〔2016〕32号、195号",
            is_live=True,
            clauses=_HNTE,
            cases=cases(
                _HNTE_FIRM,
                ("条件都到线，得分跨 70", {}, NEEDS_PERSON),
                ("得分上限不到 70", _WEAK, NOT_MET),
                ("研发占比差一点", {"rd_expense_cny_y1": 2_490_000}, NOT_MET),
                ("科技人员不足 10%", {"tech_staff_y1": 9}, NOT_MET),
                ("境内研发不明", {"rd_domestic_cny_y1": UNKNOWN}, NEEDS_DATA),
                ("领域未认定", {"hightech_field": UNKNOWN}, NEEDS_PERSON),
                ("注册不满一年", {"registered_on": date(2025, 11, 21)}, NOT_MET),
            ),
        ),
    ),
)  # fmt: skip

TECHNOLOGY: tuple[ShippedRule, ...] = (TSME, HNTE)
