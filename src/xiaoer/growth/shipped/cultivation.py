"""优质中小企业梯度培育 From innovative SMEs to little giants, by the rules of 2026 and of 2022."""

from datetime import date

from xiaoer.growth.shipped.statistics import SME_CLAUSE, SME_FIRM
from xiaoer.growth.shipped.writing import (
    ABNORMAL,
    ACCIDENT_3Y,
    CLEAN,
    DISHONEST,
    FRAUD_3Y,
    LAPSED,
    LEGAL_PERSON,
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
from xiaoer.rules.shipping import ShippedCase, ShippedClause, ShippedRule, ShippedVersion

NEW, NEW_NO = "优质中小企业梯度培育管理办法", "工信部企业〔2026〕2号"
OLD, OLD_NO = "优质中小企业梯度培育管理暂行办法", "工信部企业〔2022〕63号"
FROM_2022, TO_2026, FROM_2026 = date(2022, 8, 1), date(2026, 3, 31), date(2026, 4, 1)

# What every title of this ladder asks for.
COMMON: tuple[ShippedClause, ...] = (
    LEGAL_PERSON,
    SME_CLAUSE,
    ABNORMAL,
    DISHONEST,
    RESTRICTED,
    ACCIDENT_3Y,
    FRAUD_3Y,
)
_FIRM = {**SME_FIRM, **CLEAN, "legal_person": True}


def _rd(years: tuple[int, ...], percent: int) -> tuple[ShippedClause, ...]:
    names = {1: "上年", 2: "前年"}
    return tuple(
        clause(
            f"{names[year]}研发费用占营业收入 ≥ {percent}%",
            f"R&D of y{year} at least {percent}% of revenue",
            f"rd_expense_cny_y{year} >= 0.0{percent} * revenue_cny_y{year}",
            "增加研发投入，按研发支出辅助账归集；缺口金额见本页",
            "Spend more on R&D and keep its ledger; the gap in yuan stands here.",
        )
        for year in years
    )


# 创新型中小企业 ------------------------------------------------------------------------------------

_INNOVATIVE_SCORE = (
    score(
        "innovation", "与主导产品相关的知识产权", "IP linked to the main product",
        steps((("ip1_high_value >= 1", "20"), ("ip1_self >= 1", "15"), ("ip1_main >= 1", "10"),
               ("ip2_main >= 1", "5"))),
        "申请与主导产品相关的发明专利", "Apply for invention patents of the main product.",
    ),
    score(
        "innovation", "研发费用占营业收入", "R&D by revenue",
        steps(tuple((f"rd_expense_cny_y1 >= {share} * revenue_cny_y1", points) for share, points
                    in (("0.05", "20"), ("0.03", "15"), ("0.02", "10"), ("0.01", "5")))),
        "增加研发投入", "Spend more on R&D.",
    ),
    score(
        "growth", "主营业务收入增长", "growth of main revenue",
        steps((("main_revenue_cny_y1 >= 1.15 * main_revenue_cny_y2", "20"),
               ("main_revenue_cny_y1 >= 1.10 * main_revenue_cny_y2", "15"),
               ("main_revenue_cny_y1 >= 1.05 * main_revenue_cny_y2", "10"),
               ("main_revenue_cny_y1 >= main_revenue_cny_y2", "5"))),
        "保持主营业务收入增长", "Keep main revenue growing.",
    ),
    score(
        "growth", "资产负债率", "liabilities by assets",
        steps((("liabilities_cny_eoy1 <= 0.55 * total_assets_cny_eoy1", "10"),
               ("liabilities_cny_eoy1 <= 0.75 * total_assets_cny_eoy1", "5"))),
        "降低资产负债率", "Lower the debt ratio.",
    ),
    score(
        "specialisation", "战略性新兴产业", "emerging industry",
        "CASE WHEN emerging_industry THEN 10 ELSE 5 END",
    ),
    score(
        "specialisation", "主营业务收入占比", "share of main revenue",
        steps(tuple((f"main_revenue_cny_y1 >= {share} * revenue_cny_y1", points) for share, points
                    in (("0.70", "20"), ("0.60", "15"), ("0.55", "10"), ("0.50", "5")))),
        "聚焦主业", "Concentrate on the main business.",
    ),
)  # fmt: skip
_ANY = 1
_INNOVATIVE = (
    *COMMON,
    clause("近三年获国家级或省级科技奖励", "national or provincial science award in three years",
           "national_award_rank_3y < 999 OR provincial_award_rank_3y < 999",
           "有奖励的登记名次；没有的登记“无”", "Enter the rank of an award, or that there is none.",
           any_of=_ANY),
    clause("高新技术企业在有效期内", "valid high-tech enterprise", "hnte_valid_to >= as_of",
           "先认定高新技术企业", "Become a high-tech enterprise first.", any_of=_ANY),
    clause("有省部级以上研发机构", "R&D body of provincial level or above", "provincial_rd_org",
           "申报省级企业技术中心等研发机构", "Apply for a provincial R&D body.", any_of=_ANY),
    clause("近三年新增股权融资 ≥ 500 万元", "5 million of new equity in three years",
           "equity_new_3y_cny >= 5000000",
           "合格机构投资者实缴额计入", "Paid in by qualified institutional investors.", any_of=_ANY),
    clause("评分 ≥ 60，且创新 ≥ 20、成长 ≥ 15、专业 ≥ 15",
           "score of 60, with innovation 20, growth 15, specialisation 15",
           "score >= 60 AND score_innovation >= 20 AND score_growth >= 15"
           " AND score_specialisation >= 15",
           "看各项得分，先补最容易的一项", "Mend the part that is easiest.", any_of=_ANY),
    *_INNOVATIVE_SCORE,
)  # fmt: skip
_INNOVATIVE_FIRM = {
    **_FIRM,
    "national_award_rank_3y": 999,
    "provincial_award_rank_3y": 999,
    "hnte_valid_to": LAPSED,
    "provincial_rd_org": False,
    "equity_new_3y_cny": 0,
    # 10 + 10 + 5 + 10 + 5 + 20 = 60
    "ip1_high_value": 0,
    "ip1_self": 0,
    "ip1_main": 1,
    "ip2_main": 0,
    "rd_expense_cny_y1": 1_600_000,
    "main_revenue_cny_y1": 60_000_000,
    "main_revenue_cny_y2": 60_000_000,
    "liabilities_cny_eoy1": 55_000_000,
    "emerging_industry": False,
}
INNOVATIVE = ShippedRule(
    code="innovative",
    name="创新型中小企业",
    name_en="innovative SME",
    kind="title",
    level="provincial",
    validity_months=36,
    purpose="科技和创新型中小企业之一，专精特新的前一级",
    versions=(
        ShippedVersion(
            number=1,
            mark="B",
            mark_note="国家技术创新示范企业、知识产权优势（示范）企业直通条件无事实词，须人工核对；转让不满一年的知识产权不计（C）",
            effective_from=FROM_2022,
            document=f"{OLD}附件1，依2号文第30条继续施行",
            document_no=OLD_NO,
            is_live=True,
            clauses=_INNOVATIVE,
            cases=cases(
                _INNOVATIVE_FIRM,
                ("正好 60 分", {}, MET),
                ("研发占比略低于 2%，55 分", {"rd_expense_cny_y1": 1_590_000}, NOT_MET),
                ("研发费用不明", {"rd_expense_cny_y1": UNKNOWN}, NEEDS_DATA),
                ("高企直通", {"rd_expense_cny_y1": UNKNOWN, "hnte_valid_to": VALID}, MET),
                ("融资正好 500 万元", {"rd_expense_cny_y1": 0, "equity_new_3y_cny": 5_000_000}, MET),
                ("列入经营异常名录", {"abnormal_list": True}, NOT_MET),
            ),
        ),
    ),
)  # fmt: skip

# 专精特新中小企业 ----------------------------------------------------------------------------------

_LOWER_TITLE = clause(
    "科技和创新型中小企业在有效期内", "valid technology or innovative SME",
    "tech_innovative_sme_valid_to >= as_of",
    "先完成科技型或创新型中小企业评价", "Get the lower title first.",
)  # fmt: skip
_SRDI = (
    *COMMON,
    _LOWER_TITLE,
    clause("从事细分市场 ≥ 3 年", "three years in the niche", "niche_years_eoy1 >= 3",
           "满三年后申报", "Apply once three years have passed."),
    clause("上年营业收入 ≥ 1500 万元，或近两年新增股权融资 ≥ 2000 万元",
           "revenue of 15 million, or 20 million of new equity in two years",
           "revenue_cny_y1 >= 15000000 OR equity_new_2y_cny >= 20000000",
           "做大营收，或引入机构投资", "Raise revenue or equity."),
    clause("主营业务收入占比 ≥ 80%", "main business at least 80% of revenue",
           "main_revenue_cny_y1 >= 0.80 * revenue_cny_y1",
           "聚焦主业", "Concentrate on the main business."),
    clause("资产负债率 ≤ 80%", "debt ratio of at most 80%",
           "liabilities_cny_eoy1 <= 0.80 * total_assets_cny_eoy1",
           "降低负债或增资", "Lower debt or raise capital."),
    clause("上年研发费用 ≥ 100 万元", "R&D of 1 million last year",
           "rd_expense_cny_y1 >= 1000000", "增加研发投入", "Spend more on R&D."),
    clause("前年研发费用 ≥ 100 万元", "R&D of 1 million the year before",
           "rd_expense_cny_y2 >= 1000000", "历史年度不能补，达到后次年申报",
           "A past year cannot be mended; apply a year later."),
    *_rd((1, 2), 3),
    clause("有应用的Ⅰ类知识产权 ≥ 1 项，或省级奖励前三，或省部级研发机构",
           "class I IP in use, or award, or provincial R&D body",
           "ip1_applied >= 1 OR provincial_award_rank_3y <= 3 OR provincial_rd_org",
           "取得并应用一项发明专利，或申报省级研发机构",
           "Get and use an invention patent, or a provincial R&D body."),
    person("市场地位较为靠前", "position in the market confirmed", "market_position_confirmed",
           "提供细分市场排名或客户证明，由工作人员认定", "Staff judge it from proofs."),
    clause("专精特新发展评价得分 ≥ 50", "quality score of 50", "srdi_quality_score >= 50",
           "得分来自工信部平台，按平台提示改进", "The score is the ministry platform's."),
)  # fmt: skip
_SRDI_FIRM = {
    **_FIRM,
    "tech_innovative_sme_valid_to": VALID,
    "niche_years_eoy1": 3,
    "revenue_cny_y1": 40_000_000,
    "revenue_cny_y2": 38_000_000,
    "equity_new_2y_cny": 0,
    "main_revenue_cny_y1": 32_000_000,
    "liabilities_cny_eoy1": 80_000_000,
    "rd_expense_cny_y1": 1_200_000,
    "rd_expense_cny_y2": 1_140_000,
    "ip1_applied": 1,
    "provincial_award_rank_3y": 999,
    "provincial_rd_org": False,
    "market_position_confirmed": True,
    "srdi_quality_score": 50,
}
_SRDI_CASES = cases(
    _SRDI_FIRM,
    ("各项正好到线", {}, MET),
    ("上年研发占比 2.99%", {"rd_expense_cny_y1": 1_196_000}, NOT_MET),
    ("营收 1500 万差一元、无融资",
     {"revenue_cny_y1": 14_999_999, "main_revenue_cny_y1": 14_000_000}, NOT_MET),
    ("前年研发费用不明", {"rd_expense_cny_y2": UNKNOWN}, NEEDS_DATA),
    ("市场地位未认定", {"market_position_confirmed": UNKNOWN}, NEEDS_PERSON),
    ("上一级称号过期", {"tech_innovative_sme_valid_to": LAPSED}, NOT_MET),
)  # fmt: skip
_SRDI_2022 = (
    *COMMON,
    clause("从事细分市场 ≥ 2 年", "two years in the niche", "niche_years_eoy1 >= 2",
           "满两年后申报", "Apply once two years have passed."),
    clause("上年研发费用 ≥ 100 万元", "R&D of 1 million last year",
           "rd_expense_cny_y1 >= 1000000", "增加研发投入", "Spend more on R&D."),
    *_rd((1,), 3),
    clause("营业收入 ≥ 1000 万元，或近两年新增股权融资 ≥ 2000 万元",
           "revenue of 10 million, or 20 million of new equity",
           "revenue_cny_y1 >= 10000000 OR equity_new_2y_cny >= 20000000",
           "做大营收，或引入机构投资", "Raise revenue or equity."),
    clause("直通条件之一：省级奖励前三、国家级前五、两年研发均值 ≥ 1000 万元、新增融资 ≥ 6000 万元",
           "a direct pass: award, 10 million mean R&D, or 60 million of new equity",
           "provincial_award_rank_3y <= 3 OR national_award_rank_3y <= 5"
           " OR rd_expense_cny_y1 + rd_expense_cny_y2 >= 20000000 OR equity_new_2y_cny >= 60000000",
           "没有直通条件的按百分表评分，由人工核对", "Else the table of 100 points, by hand."),
)  # fmt: skip
_SRDI_2022_FIRM = {
    **_FIRM,
    "niche_years_eoy1": 2,
    "rd_expense_cny_y1": 2_400_000,
    "rd_expense_cny_y2": 2_000_000,
    "equity_new_2y_cny": 60_000_000,
    "provincial_award_rank_3y": 999,
    "national_award_rank_3y": 999,
}
SRDI = ShippedRule(
    code="srdi",
    name="专精特新中小企业",
    name_en="specialised and innovative SME",
    kind="title",
    level="provincial",
    validity_months=36,
    purpose="省级称号，申报小巨人的前提；每年5月31日前更新信息",
    versions=(
        ShippedVersion(
            number=1,
            mark="U",
            mark_note="除百分表外均未核实；百分表由省设定，创客中国 500 强无事实词；供旧称号和复核对照",
            effective_from=FROM_2022,
            effective_to=TO_2026,
            document=f"{OLD}附件2",
            document_no=OLD_NO,
            clauses=_SRDI_2022,
            cases=cases(
                _SRDI_2022_FIRM,
                ("融资直通", {}, MET),
                ("研发占比不足 3%", {"rd_expense_cny_y1": 2_390_000}, NOT_MET),
                ("融资不明", {"equity_new_2y_cny": UNKNOWN}, NEEDS_DATA),
                as_of=date(2026, 3, 1),
            ),
        ),
        ShippedVersion(
            number=2,
            mark="B",
            mark_note="市场地位“较为靠前”无数字，由人认定；外购Ⅰ类专利是否可用来源不一",
            effective_from=FROM_2026,
            applicant="new",
            document=f"{NEW}附件1",
            document_no=NEW_NO,
            is_live=True,
            clauses=_SRDI,
            cases=_SRDI_CASES,
        ),
        ShippedVersion(
            number=3,
            mark="B",
            mark_note="复核时发展评价得分近两年任一年达到 50 即可，另一年得分须人工核对",
            effective_from=FROM_2026,
            applicant="review",
            document=f"{NEW}附件1",
            document_no=NEW_NO,
            is_live=True,
            clauses=_SRDI,
            cases=_SRDI_CASES,
        ),
    ),
)

# 专精特新“小巨人” ----------------------------------------------------------------------------------

_GROWTH = clause(
    "近两年营业收入年均增长 ≥ 5%", "5% compound growth over two years",
    "revenue_cny_y1 >= power(1.05, 2) * revenue_cny_y3",
    "保持增长；平台口径以系统提示为准", "Keep growing; the platform's formula decides.",
)  # fmt: skip
_GIANT_BOTH = (
    clause("专精特新中小企业在有效期内", "valid specialised SME", "srdi_valid_to >= as_of",
           "先取得专精特新中小企业", "Get the provincial title first."),
    clause("从事细分市场 ≥ 3 年", "three years in the niche", "niche_years_eoy1 >= 3",
           "满三年后申报", "Apply once three years have passed."),
    clause("上年营业收入 ≥ 5000 万元", "revenue of 50 million",
           "revenue_cny_y1 >= 50000000", "做大营收", "Raise revenue."),
    clause("主营业务收入占比 ≥ 90%", "main business at least 90% of revenue",
           "main_revenue_cny_y1 >= 0.90 * revenue_cny_y1", "聚焦主业",
           "Concentrate on the main business."),
    clause("资产负债率 ≤ 75%", "debt ratio of at most 75%",
           "liabilities_cny_eoy1 <= 0.75 * total_assets_cny_eoy1",
           "降低负债或增资", "Lower debt or raise capital."),
    clause("近两年研发费用合计 ≥ 1200 万元", "12 million of R&D in two years",
           "rd_expense_cny_y1 + rd_expense_cny_y2 >= 12000000", "增加研发投入",
           "Spend more on R&D."),
    *_rd((1, 2), 3),
    clause("应用的Ⅰ类知识产权 ≥ 4 项，或国家级奖励前三",
           "four class I IP in use, or a national award",
           "ip1_applied >= 4 OR national_award_rank_3y <= 3",
           "布局发明专利并用于主导产品", "Get invention patents and use them."),
    clause("主导产品市场占有率 ≥ 10%，或全国前三", "10% of the market, or national top three",
           "market_share >= 0.10 OR market_rank_domestic <= 3",
           "说明市场占有率及数据来源", "State the share and its source."),
    person("属“六基”领域或产业链关键环节", "six bases or key link of the chain",
           "six_bases_or_key_link", "对照目录说明，由工作人员认定", "Staff judge it by the catalogue."),
    clause("专精特新发展评价得分 ≥ 60", "quality score of 60", "srdi_quality_score >= 60",
           "得分来自工信部平台，按平台提示改进", "The score is the ministry platform's."),
)  # fmt: skip
_CHAMPION_ALREADY = blocker(
    "已是国家单项冠军", "is a national champion already", "champion_valid_to >= as_of",
    "单项冠军不再推荐小巨人", "Champions are not recommended.",
)  # fmt: skip
_GIANT_NEW = (*COMMON, *_GIANT_BOTH, _GROWTH, _CHAMPION_ALREADY)
_GIANT_REVIEW = (*COMMON, *_GIANT_BOTH)
_GIANT_FIRM = {
    **_FIRM,
    "srdi_valid_to": VALID,
    "niche_years_eoy1": 5,
    "revenue_cny_y1": 220_500_000,
    "revenue_cny_y2": 210_000_000,
    "revenue_cny_y3": 200_000_000,
    "main_revenue_cny_y1": 198_450_000,
    "liabilities_cny_eoy1": 75_000_000,
    "rd_expense_cny_y1": 6_615_000,
    "rd_expense_cny_y2": 6_300_000,
    "ip1_applied": 4,
    "national_award_rank_3y": 999,
    "market_share": 0.10,
    "market_rank_domestic": 8,
    "six_bases_or_key_link": True,
    "srdi_quality_score": 60,
    "champion_valid_to": LAPSED,
}
_GIANT_2022 = (
    *COMMON,
    clause("从事细分市场 ≥ 3 年", "three years in the niche", "niche_years_eoy1 >= 3",
           "满三年后申报", "Apply once three years have passed."),
    clause("主营业务收入占比 ≥ 70%", "main business at least 70% of revenue",
           "main_revenue_cny_y1 >= 0.70 * revenue_cny_y1", "聚焦主业",
           "Concentrate on the main business."),
    clause("近两年主营业务收入年均增长 ≥ 5%", "mean growth of main revenue of 5%",
           "main_revenue_cny_y1 >= power(1.05, 2) * main_revenue_cny_y3", "保持增长",
           "Keep growing."),
    clause("资产负债率 ≤ 70%", "debt ratio of at most 70%",
           "liabilities_cny_eoy1 <= 0.70 * total_assets_cny_eoy1",
           "降低负债或增资", "Lower debt or raise capital."),
    clause("主导产品市场占有率 ≥ 10%", "10% of the market", "market_share >= 0.10",
           "说明市场占有率及数据来源", "State the share and its source."),
    clause("研发费用占比达到本规模要求", "R&D ratio as the size asks",
           "CASE WHEN revenue_cny_y1 >= 100000000 THEN rd_expense_cny_y1 >= 0.03 * revenue_cny_y1"
           " AND rd_expense_cny_y2 >= 0.03 * revenue_cny_y2"
           " WHEN revenue_cny_y1 >= 50000000 THEN rd_expense_cny_y1 >= 0.06 * revenue_cny_y1"
           " AND rd_expense_cny_y2 >= 0.06 * revenue_cny_y2"
           " ELSE equity_new_2y_cny >= 80000000"
           " AND rd_expense_cny_y1 + rd_expense_cny_y2 >= 30000000"
           " AND rd_staff_y1 >= 0.50 * employees_avg_y1 END",
           "增加研发投入", "Spend more on R&D."),
    clause("应用的Ⅰ类知识产权 ≥ 2 项", "two class I IP in use", "ip1_applied >= 2",
           "布局发明专利并用于主导产品", "Get invention patents and use them."),
    person("属产业链关键环节及关键领域", "key link and key field", "six_bases_or_key_link",
           "对照目录说明，由工作人员认定", "Staff judge it by the catalogue."),
)  # fmt: skip
_GIANT_2022_FIRM = {
    **_FIRM,
    "niche_years_eoy1": 3,
    "revenue_cny_y1": 120_000_000,
    "revenue_cny_y2": 110_000_000,
    "main_revenue_cny_y1": 110_250_000,
    "main_revenue_cny_y3": 100_000_000,
    "liabilities_cny_eoy1": 70_000_000,
    "market_share": 0.12,
    "rd_expense_cny_y1": 3_600_000,
    "rd_expense_cny_y2": 3_300_000,
    "ip1_applied": 2,
    "six_bases_or_key_link": True,
}


def _giant_2022_cases(as_of: date) -> tuple[ShippedCase, ...]:
    return cases(
        _GIANT_2022_FIRM,
        ("各项正好到线", {}, MET),
        ("研发占比不足 3%", {"rd_expense_cny_y1": 3_590_000}, NOT_MET),
        ("市场占有率不明", {"market_share": UNKNOWN}, NEEDS_DATA),
        as_of=as_of,
    )


GIANT = ShippedRule(
    code="giant",
    name="专精特新“小巨人”企业",
    name_en="little giant",
    kind="title",
    level="national",
    validity_months=36,
    purpose="国家级称号，每年一批；每年5月31日前更新信息",
    versions=(
        ShippedVersion(
            number=1,
            mark="U",
            mark_note="六维指标来源未核实；信息系统、体系认证、自主品牌、研发机构无事实词，须人工核对",
            effective_from=FROM_2022,
            effective_to=TO_2026,
            document=f"{OLD}附件3",
            document_no=OLD_NO,
            clauses=_GIANT_2022,
            cases=_giant_2022_cases(date(2026, 3, 1)),
        ),
        ShippedVersion(
            number=2,
            mark="C",
            mark_note="2026年批次的复核企业仍用63号文（工信厅企业函〔2026〕117号，单一来源）；指标未核实",
            effective_from=FROM_2026,
            effective_to=date(2026, 12, 31),
            applicant="review",
            document=f"{OLD}附件3，依2026年复核通知",
            document_no="工信厅企业函〔2026〕117号",
            clauses=_GIANT_2022,
            cases=_giant_2022_cases(date(2026, 6, 1)),
        ),
        ShippedVersion(
            number=3,
            mark="B",
            mark_note="年均增长口径以平台为准；受已有小巨人控股或同集团主导产品相近的不推荐（C），须人工核对",
            effective_from=FROM_2026,
            applicant="new",
            document=f"{NEW}附件2",
            document_no=NEW_NO,
            is_live=True,
            clauses=_GIANT_NEW,
            cases=cases(
                _GIANT_FIRM,
                ("各项正好到线", {}, MET),
                ("两年均增不到 5%", {"revenue_cny_y3": 200_000_100}, NOT_MET),
                ("Ⅰ类知识产权 3 项", {"ip1_applied": 3}, NOT_MET),
                ("是否关键环节未认定", {"six_bases_or_key_link": UNKNOWN}, NEEDS_PERSON),
                ("发展评价得分不明", {"srdi_quality_score": UNKNOWN}, NEEDS_DATA),
                ("已是单项冠军", {"champion_valid_to": VALID}, NOT_MET),
            ),
        ),
        ShippedVersion(
            number=4,
            mark="B",
            mark_note="复核不考核两年增长；2027年起的复核适用2号文",
            effective_from=date(2027, 1, 1),
            applicant="review",
            document=f"{NEW}附件2",
            document_no=NEW_NO,
            is_live=True,
            clauses=_GIANT_REVIEW,
            cases=cases(
                _GIANT_FIRM,
                ("不看增长", {"revenue_cny_y3": UNKNOWN}, MET),
                ("主营占比略低于 90%", {"main_revenue_cny_y1": 198_449_000}, NOT_MET),
                ("占有率、排名都不明",
                 {"market_share": UNKNOWN, "market_rank_domestic": UNKNOWN}, NEEDS_DATA),
                as_of=date(2027, 6, 1),
            ),
        ),
    ),
)  # fmt: skip

CULTIVATION: tuple[ShippedRule, ...] = (INNOVATIVE, SRDI, GIANT)
