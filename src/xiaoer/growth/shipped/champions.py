"""瞪羚、单项冠军、首台套、重点小巨人 The titles above, and those of Shandong."""

from datetime import date

from xiaoer.growth.shipped.writing import (
    ACCIDENT_3Y,
    DISHONEST,
    LAPSED,
    MET,
    NEEDS_DATA,
    NEEDS_PERSON,
    NOT_MET,
    UNKNOWN,
    VALID,
    blocker,
    cases,
    clause,
    person,
    steps,
)
from xiaoer.rules.shipping import ShippedRule, ShippedVersion

_CLEAN = {"accident_or_env_3y": False, "serious_dishonesty": False}


def _both_years(text: str) -> str:
    return f"{text.format(year=1)} AND {text.format(year=2)}"


def _grew(share: str) -> str:
    """Revenue, or profit above zero, grew so much a year over two years."""
    return (
        f"(revenue_cny_y1 >= power({share}, 2) * revenue_cny_y3"
        f" OR (net_profit_cny_y3 > 0 AND net_profit_cny_y1 >= power({share}, 2) * net_profit_cny_y3))"
    )


_GAZELLE = (
    clause("注册满三年", "registered for three years", "registered_on <= as_of - INTERVAL 3 YEAR",
           "满三年后申报", "Apply once three years have passed.", is_repairable=False),
    clause("资产负债率 < 70%", "debt ratio below 70%",
           "liabilities_cny_eoy1 < 0.70 * total_assets_cny_eoy1", "降低负债或增资",
           "Lower debt or raise capital."),
    blocker("主板上市", "listed on the main board", "listed_main_board",
            "主板上市公司不申报", "Listed companies do not apply."),
    blocker("由上市公司控股", "controlled by a listed company", "controlled_by_listed",
            "上市公司控股的不申报", "Not when controlled by one."),
    clause("上年营业收入 ≥ 1000 万元", "revenue of 10 million", "revenue_cny_y1 >= 10000000",
           "做大营收", "Raise revenue."),
    clause("近两年收入或利润年均增长达到本规模要求（25% / 20% / 15% / 10%）",
           "growth of revenue or profit as the size asks",
           steps((("revenue_cny_y1 < 20000000", _grew("1.25")),
                  ("revenue_cny_y1 < 100000000", _grew("1.20")),
                  ("revenue_cny_y1 < 400000000", _grew("1.15"))), otherwise=_grew("1.10")),
           "保持高增长；是否要求逐年达到，申报前问清", "Keep growing; ask whether each year counts."),
    clause("近两年研发费用占比达到本规模要求（5% / 2.5%）", "R&D ratio as the size asks",
           "CASE WHEN revenue_cny_y1 >= 100000000 THEN "
           + _both_years("rd_expense_cny_y{year} >= 0.025 * revenue_cny_y{year}")
           + " ELSE " + _both_years("rd_expense_cny_y{year} >= 0.05 * revenue_cny_y{year}")
           + " END", "增加研发投入", "Spend more on R&D."),
    clause("发明专利 ≥ 2 件，或实用新型和软著 ≥ 8 件，或主导标准 ≥ 1 项",
           "two invention patents, eight class II IP, or one standard",
           "patents_invention >= 2 OR ip2_owned >= 8 OR standards_led_total >= 1",
           "申请发明专利", "Apply for invention patents."),
    clause("信用评分 ≥ 75", "credit score of 75", "credit_score >= 75",
           "完成信用修复", "Repair the credit record."),
)  # fmt: skip
_GAZELLE_FIRM = {
    "registered_on": date(2020, 1, 1),
    "liabilities_cny_eoy1": 60_000_000,
    "total_assets_cny_eoy1": 100_000_000,
    "listed_main_board": False,
    "controlled_by_listed": False,
    "revenue_cny_y1": 72_000_000,
    "revenue_cny_y2": 60_000_000,
    "revenue_cny_y3": 50_000_000,
    "net_profit_cny_y1": 3_000_000,
    "net_profit_cny_y3": 3_000_000,
    "rd_expense_cny_y1": 3_600_000,
    "rd_expense_cny_y2": 3_000_000,
    "patents_invention": 2,
    "ip2_owned": 3,
    "standards_led_total": 0,
    "credit_score": 75,
}
GAZELLE = ShippedRule(
    code="gazelle",
    name="山东省瞪羚企业",
    name_en="gazelle of Shandong",
    kind="title",
    level="provincial",
    validity_months=36,
    purpose="省级称号，高成长企业",
    versions=(
        ShippedVersion(
            number=1,
            mark="C",
            mark_note="2020年办法，2024年批次仍用，新版未见；有效期三年未核实；“持续达到”是否逐年须问清；Ⅱ类只计实用新型和软著",
            effective_from=date(2020, 1, 1),
            document="山东省瞪羚、独角兽企业认定管理办法",
            document_no="鲁工信发〔2020〕8号",
            clauses=_GAZELLE,
            cases=cases(
                _GAZELLE_FIRM,
                ("增长正好 20%", {}, MET),
                ("增长不到 20%", {"revenue_cny_y3": 50_000_100}, NOT_MET),
                ("利润达到增长", {"revenue_cny_y3": 60_000_000, "net_profit_cny_y3": 2_000_000}, MET),
                ("信用评分不明", {"credit_score": UNKNOWN}, NEEDS_DATA),
            ),
        ),
    ),
)  # fmt: skip

_MEAN = "main_revenue_cny_y1 + main_revenue_cny_y2 + main_revenue_cny_y3"
_CHAMPION = (
    clause("从事细分市场 ≥ 10 年", "ten years in the niche", "niche_years_eoy1 >= 10",
           "新产品可放宽到 5 年，须人工核对", "Five for a new product, checked by hand."),
    clause("近三年主营业务收入年均 ≥ 4 亿元（专精特新 ≥ 2 亿元）",
           "mean main revenue of 400 million (200 million for a specialised SME)",
           f"CASE WHEN srdi_valid_to >= as_of THEN {_MEAN} >= 600000000"
           f" ELSE {_MEAN} >= 1200000000 END", "做大主营业务", "Raise main revenue."),
    clause("主导产品全球前三", "main product in the global top three", "market_rank_global <= 3",
           "提供排名来源", "State the source of the rank."),
    person("技术达到国际先进水平", "technology internationally advanced", "technology_leading",
           "由专家认定", "Experts judge it."),
    clause("单位能耗达到先进水平", "energy at an advanced level", "energy_advanced",
           "对照能效标杆水平", "Compare with the benchmark of energy."),
    clause("拥有核心自主知识产权", "owns core IP", "core_ip_owned >= 1",
           "取得核心知识产权", "Get core IP."),
    ACCIDENT_3Y,
    DISHONEST,
)  # fmt: skip
_CHAMPION_FIRM = {
    **_CLEAN,
    "niche_years_eoy1": 10,
    "srdi_valid_to": LAPSED,
    "main_revenue_cny_y1": 450_000_000,
    "main_revenue_cny_y2": 400_000_000,
    "main_revenue_cny_y3": 350_000_000,
    "market_rank_global": 3,
    "technology_leading": True,
    "energy_advanced": True,
    "core_ip_owned": 5,
}
CHAMPION = ShippedRule(
    code="champion",
    name="国家制造业单项冠军企业",
    name_en="national manufacturing champion",
    kind="title",
    level="national",
    validity_months=36,
    purpose="国家级称号；每年5月31日前更新信息",
    versions=(
        ShippedVersion(
            number=1,
            mark="C",
            mark_note="2025–26年未见国家通知；研发机构、产品目录代码须人工核对；部分条件单一来源",
            effective_from=date(2023, 7, 1),
            document="制造业单项冠军企业认定管理办法",
            document_no="工信部政法〔2023〕138号",
            clauses=_CHAMPION,
            cases=cases(
                _CHAMPION_FIRM,
                ("三年均值正好 4 亿元", {}, MET),
                ("差一万元", {"main_revenue_cny_y3": 349_990_000}, NOT_MET),
                ("专精特新减半", {"srdi_valid_to": VALID, "main_revenue_cny_y1": 0}, MET),
                ("全球排名不明", {"market_rank_global": UNKNOWN}, NEEDS_DATA),
                ("技术水平未认定", {"technology_leading": UNKNOWN}, NEEDS_PERSON),
            ),
        ),
    ),
)  # fmt: skip
_CHAMPION_SHANDONG = (
    clause("从事该业务 ≥ 3 年", "three years in the business", "niche_years_eoy1 >= 3",
           "满三年后申报", "Apply once three years have passed."),
    clause("主导产品全国前五", "national top five", "market_rank_domestic <= 5",
           "提供排名来源", "State the source of the rank."),
    clause("主导产品全省第一", "first in the province", "market_rank_province <= 1",
           "提供排名来源", "State the source of the rank."),
    clause("近三年销售收入每年 ≥ 4 亿元，小巨人免，专精特新上年 ≥ 1 亿元即可",
           "400 million in each of three years, waived for little giants",
           "giant_valid_to >= as_of OR (srdi_valid_to >= as_of AND revenue_cny_y1 >= 100000000)"
           " OR (revenue_cny_y1 >= 400000000 AND revenue_cny_y2 >= 400000000"
           " AND revenue_cny_y3 >= 400000000)", "做大营收，或先取得专精特新",
           "Raise revenue, or get the lower title."),
    ACCIDENT_3Y,
)  # fmt: skip
_SHANDONG_FIRM = {
    "accident_or_env_3y": False,
    "niche_years_eoy1": 3,
    "market_rank_domestic": 5,
    "market_rank_province": 1,
    "giant_valid_to": LAPSED,
    "srdi_valid_to": VALID,
    "revenue_cny_y1": 100_000_000,
    "revenue_cny_y2": 90_000_000,
    "revenue_cny_y3": 80_000_000,
}
CHAMPION_SHANDONG = ShippedRule(
    code="champion_shandong",
    name="山东省制造业单项冠军企业",
    name_en="manufacturing champion of Shandong",
    kind="title",
    level="provincial",
    validity_months=36,
    purpose="省级称号，国家单项冠军的前一级",
    versions=(
        ShippedVersion(
            number=1,
            mark="B",
            mark_note="企业类主导产品占主营收入 ≥ 70% 无事实词，须人工核对；条件按历年通知",
            effective_from=date(2017, 1, 1),
            document="山东省制造业单项冠军企业培育方案及年度通知",
            document_no="鲁经信产〔2017〕143号",
            is_live=True,
            clauses=_CHAMPION_SHANDONG,
            cases=cases(
                _SHANDONG_FIRM,
                ("专精特新、正好 1 亿元", {}, MET),
                ("专精特新、差一元", {"revenue_cny_y1": 99_999_999}, NOT_MET),
                ("小巨人免收入要求", {"revenue_cny_y1": UNKNOWN, "giant_valid_to": VALID}, MET),
                ("全省排名不明", {"market_rank_province": UNKNOWN}, NEEDS_DATA),
            ),
        ),
    ),
)  # fmt: skip
FIRST_SET = ShippedRule(
    code="first_set",
    name="首台（套）技术装备和关键核心零部件",
    name_en="first set of equipment",
    kind="title",
    level="provincial",
    purpose="授予产品而非企业；凭认定可享保险补偿等支持",
    versions=(
        ShippedVersion(
            number=1,
            mark="C",
            mark_note="价值和首次销售时间限额未查到；省级以上检测、目录领域须人工核对",
            effective_from=date(2024, 1, 1),
            document="山东省首台（套）技术装备和关键核心零部件年度通知",
            clauses=(
                clause("山东省内法人单位", "legal person of Shandong",
                       "legal_person AND region_code LIKE '37%'",
                       "由省内法人申报", "A legal person of the province applies.",
                       is_repairable=False),
                ACCIDENT_3Y,
                person("国内首创，国内领先或国际先进", "first in the country and leading",
                       "technology_leading", "查新报告和省级以上检测报告",
                       "A novelty report and a provincial test."),
                clause("拥有自主知识产权", "owns its IP", "core_ip_owned >= 1",
                       "取得核心知识产权", "Get core IP."),
            ),
            cases=cases(
                {"legal_person": True, "region_code": "370800", "accident_or_env_3y": False,
                 "technology_leading": True, "core_ip_owned": 1},
                ("条件都有", {}, MET),
                ("没有知识产权", {"core_ip_owned": 0}, NOT_MET),
                ("技术水平未认定", {"technology_leading": UNKNOWN}, NEEDS_PERSON),
                ("事故记录不明", {"accident_or_env_3y": UNKNOWN}, NEEDS_DATA),
            ),
        ),
    ),
)  # fmt: skip
KEY_GIANT = ShippedRule(
    code="key_giant",
    name="重点“小巨人”企业",
    name_en="key little giant",
    kind="title",
    level="national",
    validity_months=36,
    purpose="三年中央财政支持 600 万元；三批均已截止",
    versions=(
        ShippedVersion(
            number=1,
            mark="C",
            mark_note="2024–2026年三批均已截止；未获过支持无事实词，须人工核对",
            effective_from=date(2024, 6, 1),
            effective_to=date(2026, 10, 31),
            document="关于进一步支持专精特新中小企业高质量发展的通知",
            document_no="财建〔2024〕148号",
            clauses=(
                clause("专精特新“小巨人”在有效期内", "valid little giant", "giant_valid_to >= as_of",
                       "先取得小巨人", "Become a little giant first."),
                blocker("主板上市", "listed on the main board", "listed_main_board",
                        "上市公司不申报", "Listed companies do not apply."),
                clause("实施计划新增投资 > 2000 万元（不含土地、厂房）",
                       "plan with new investment above 20 million",
                       "planned_investment_cny > 20000000", "扩大设备和研发投入",
                       "Invest more in equipment and R&D."),
            ),
            cases=cases(
                {"giant_valid_to": VALID, "listed_main_board": False,
                 "planned_investment_cny": 20_000_001},
                ("刚过 2000 万元", {}, MET),
                ("正好 2000 万元", {"planned_investment_cny": 20_000_000}, NOT_MET),
                ("投资不明", {"planned_investment_cny": UNKNOWN}, NEEDS_DATA),
                as_of=date(2026, 6, 1),
            ),
        ),
    ),
)  # fmt: skip

CHAMPIONS: tuple[ShippedRule, ...] = (GAZELLE, CHAMPION, CHAMPION_SHANDONG, FIRST_SET, KEY_GIANT)
