"""免申即享 Benefits found without an application: the zone tells the firm, the tax office decides."""

from datetime import date

from xiaoer.growth.shipped.writing import (
    LAPSED,
    MET,
    NEEDS_DATA,
    NOT_MET,
    UNKNOWN,
    VALID,
    cases,
    clause,
)
from xiaoer.rules.shipping import ShippedCase, ShippedClause, ShippedRule, ShippedVersion

_RESIDENT = clause(
    "居民企业", "resident enterprise", "resident_enterprise", "", "", is_repairable=False
)
_HNTE = clause(
    "高新技术企业在有效期内", "valid high-tech enterprise", "hnte_valid_to >= as_of",
    "认定或续评高新技术企业", "Become one, or renew it.",
)  # fmt: skip


def _benefit(
    code: str,
    name: str,
    name_en: str,
    purpose: str,
    document: str,
    document_no: str,
    mark: str,
    note: str,
    span: tuple[date, date | None],
    clauses: tuple[ShippedClause, ...],
    tests: tuple[ShippedCase, ...],
) -> ShippedRule:
    version = ShippedVersion(
        number=1,
        mark=mark,
        mark_note=note,
        effective_from=span[0],
        effective_to=span[1],
        document=document,
        document_no=document_no,
        is_live=mark in ("A", "B"),
        clauses=clauses,
        cases=tests,
    )
    return ShippedRule(
        code=code,
        name=name,
        name_en=name_en,
        kind="benefit",
        level="national",
        purpose=purpose,
        versions=(version,),
    )


_RD_FIRM = {
    "resident_enterprise": True,
    "taxation_mode": "audited",
    "rd_ledger_kept": True,
    "rd_expense_cny_y1": 1,
    "negative_list_industry": False,
}
_NEGATIVE_LIST = clause(
    "不属于负面清单行业，或该行业收入不超过 50%", "not of the negative list",
    "NOT negative_list_industry OR negative_list_revenue_share_y1 <= 0.5",
    "烟草、住宿餐饮、批发零售、房地产、租赁商务服务、娱乐业不适用",
    "Tobacco, hotels and catering, trade, property, leasing and entertainment are excluded.",
)  # fmt: skip
_RD_CLAUSES = (
    _RESIDENT,
    clause("企业所得税查账征收", "taxed by its accounts", "taxation_mode = 'audited'",
           "改为查账征收", "Change to taxation by accounts."),
    clause("设置研发支出辅助账", "keeps an R&D ledger", "rd_ledger_kept",
           "按项目设置辅助账", "Keep a ledger by project."),
    clause("上年有研发费用", "R&D last year", "rd_expense_cny_y1 > 0",
           "归集研发费用", "Collect R&D expenses."),
    _NEGATIVE_LIST,
)  # fmt: skip
RD_SUPER_DEDUCTION = _benefit(
    "rd_super_deduction",
    "研发费用加计扣除 100%",
    "R&D super deduction of 100%",
    "研发费用按 200% 税前扣除；委托研发按 80%，其他费用不超过 10%",
    "关于进一步完善研发费用税前加计扣除政策的公告",
    "财税〔2015〕119号；公告2023年第7号",
    "B",
    "是否有截止日未核实；不适用活动须人工核对",
    (date(2023, 1, 1), None),
    _RD_CLAUSES,
    cases(
        _RD_FIRM,
        ("条件都有", {}, MET),
        ("核定征收", {"taxation_mode": "deemed"}, NOT_MET),
        ("负面行业正好占一半",
         {"negative_list_industry": True, "negative_list_revenue_share_y1": 0.5}, MET),
        ("负面行业占比不明", {"negative_list_industry": True}, NEEDS_DATA),
        ("辅助账不明", {"rd_ledger_kept": UNKNOWN}, NEEDS_DATA),
    ),
)  # fmt: skip
IC_DEDUCTION = _benefit(
    "rd_super_deduction_120",
    "集成电路、工业母机企业研发加计扣除 120%",
    "R&D super deduction of 120% for chips and machine tools",
    "研发费用按 220% 税前扣除",
    "关于提高集成电路和工业母机企业研发费用加计扣除比例的公告",
    "公告2023年第44号",
    "C",
    "须在当年清单内；单一来源",
    (date(2023, 1, 1), date(2027, 12, 31)),
    (
        *_RD_CLAUSES,
        clause("在当年集成电路、工业母机清单内", "on the list of the year",
               "on_ic_machine_tool_list", "按年申请进入清单", "Apply for the list each year."),
    ),
    cases(
        {**_RD_FIRM, "on_ic_machine_tool_list": True},
        ("在清单内", {}, MET),
        ("不在清单内", {"on_ic_machine_tool_list": False}, NOT_MET),
        ("是否在清单内不明", {"on_ic_machine_tool_list": UNKNOWN}, NEEDS_DATA),
    ),
)  # fmt: skip
VAT_FIRM = {
    "division": 38,
    "vat_general_taxpayer": True,
    "hnte_valid_to": VALID,
    "on_adv_mfg_list": True,
}
ADVANCED_MANUFACTURING_VAT = _benefit(
    "vat_advanced_manufacturing",
    "先进制造业增值税加计抵减 5%",
    "additional 5% of input VAT for advanced manufacturing",
    "按当期可抵扣进项税额加计 5% 抵减，出口不适用",
    "关于先进制造业企业增值税加计抵减政策的公告",
    "公告2023年第43号",
    "U",
    "文件和比例已核（B），制造业收入占比、是否由公告2026年第10号延续未核实：放行前先查2026年第10号",
    (date(2023, 1, 1), date(2027, 12, 31)),
    (
        clause("行业属制造业", "manufacturing", "division BETWEEN 13 AND 43",
               "以制造业收入为主", "Manufacturing is the main business.", is_repairable=False),
        clause("增值税一般纳税人", "general VAT payer", "vat_general_taxpayer",
               "登记为一般纳税人", "Register as a general payer."),
        _HNTE,
        clause("在省级先进制造业企业名单内", "on the yearly provincial list", "on_adv_mfg_list",
               "按年申请进入名单", "Apply for the list each year."),
    ),
    cases(
        VAT_FIRM,
        ("条件都有", {}, MET),
        ("高企过期", {"hnte_valid_to": LAPSED}, NOT_MET),
        ("名单未录入", {"on_adv_mfg_list": UNKNOWN}, NEEDS_DATA),
        ("行业在边上", {"division": 44}, NOT_MET),
    ),
)  # fmt: skip
HNTE_TAX = _benefit(
    "hnte_income_tax",
    "高新技术企业 15% 所得税率",
    "15% income tax of high-tech enterprises",
    "称号有效的年度按 15% 缴纳企业所得税",
    "企业所得税法第二十八条",
    "",
    "B",
    "",
    (date(2008, 1, 1), None),
    (_RESIDENT, _HNTE),
    cases(
        {"resident_enterprise": True, "hnte_valid_to": date(2026, 11, 20)},
        ("当天到期仍有效", {}, MET),
        ("已过期", {"hnte_valid_to": date(2026, 11, 19)}, NOT_MET),
        ("有效期不明", {"hnte_valid_to": UNKNOWN}, NEEDS_DATA),
    ),
)
LOSS_CARRY = _benefit(
    "loss_carry_forward",
    "亏损结转延长到十年",
    "losses carried forward for ten years",
    "高新技术企业、科技型中小企业的亏损结转十年",
    "关于延长高新技术企业和科技型中小企业亏损结转年限的通知",
    "财税〔2018〕76号",
    "B",
    "",
    (date(2018, 1, 1), None),
    (
        clause("高新技术企业或科技型中小企业在有效期内",
               "valid high-tech enterprise or technology SME",
               "hnte_valid_to >= as_of OR tsme_valid_to >= as_of",
               "完成科技型中小企业评价入库", "Register as a technology SME."),
    ),
    cases(
        {"hnte_valid_to": LAPSED, "tsme_valid_to": VALID},
        ("科技型中小企业有效", {}, MET),
        ("都过期", {"tsme_valid_to": LAPSED}, NOT_MET),
        ("一项不明、一项过期", {"tsme_valid_to": UNKNOWN}, NEEDS_DATA),
    ),
)  # fmt: skip
SMALL_PROFIT = _benefit(
    "small_low_profit",
    "小型微利企业所得税实际 5%",
    "effective 5% income tax of small low-profit firms",
    "应纳税所得额 300 万元以内实际税负 5%",
    "关于进一步支持小微企业和个体工商户发展有关税费政策的公告",
    "公告2023年第12号",
    "U",
    "公告和税负已核（B），从业人数 300 人、资产总额 5000 万元两个限额未核实",
    (date(2023, 1, 1), date(2027, 12, 31)),
    (
        _RESIDENT,
        clause("应纳税所得额 ≤ 300 万元", "taxable income of at most 3 million",
               "taxable_income_cny_y1 <= 3000000", "", ""),
        clause("从业人数 ≤ 300 人", "at most 300 staff", "employees_avg_y1 <= 300", "", ""),
        clause("资产总额 ≤ 5000 万元", "assets of at most 50 million",
               "total_assets_avg_cny_y1 <= 50000000", "", ""),
    ),
    cases(
        {"resident_enterprise": True, "taxable_income_cny_y1": 3_000_000,
         "employees_avg_y1": 300, "total_assets_avg_cny_y1": 50_000_000},
        ("各项正好到线", {}, MET),
        ("多一人", {"employees_avg_y1": 301}, NOT_MET),
        ("应纳税所得额不明", {"taxable_income_cny_y1": UNKNOWN}, NEEDS_DATA),
    ),
)  # fmt: skip

BENEFITS: tuple[ShippedRule, ...] = (
    RD_SUPER_DEDUCTION,
    IC_DEDUCTION,
    ADVANCED_MANUFACTURING_VAT,
    HNTE_TAX,
    LOSS_CARRY,
    SMALL_PROFIT,
)
