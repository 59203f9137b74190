"""导出公式 Derived words written in the rule language, and the size of a firm from the zone's table."""

from collections.abc import Sequence

from xiaoer.base.words import Choice, Kind, Word
from xiaoer.growth.models import SizeStandard

_FEN = 100
# What a bound of the size standard is compared with.
_MEASURED = {
    "employees": "employees_eop_y1",
    "revenue_fen": "revenue_cny_y1",
    "assets_fen": "total_assets_cny_eoy1",
}
YOUNG = "成立不足三年的，按实际经营年度合计"
YOUNG_EN = "A firm younger than three years: the years it existed."


def _flag(name: str, zh: str, en: str, formula: str, zh_why: str = "", en_why: str = "") -> Word:
    return Word(name, zh, en, Kind.FLAG, group="scale", meaning_zh=zh_why, meaning_en=en_why,
                formula=formula)  # fmt: skip


def _share(name: str, zh: str, en: str, formula: str, group: str = "scale") -> Word:
    return Word(name, zh, en, Kind.NUMBER, "share", group, formula=formula)


def _money(name: str, zh: str, en: str, formula: str, group: str = "research") -> Word:
    return Word(name, zh, en, Kind.NUMBER, "CNY", group, meaning_zh=YOUNG, meaning_en=YOUNG_EN,
                formula=formula)  # fmt: skip


def _three_years(stem: str) -> str:
    """The sum of three years; of those a younger firm existed in."""
    one, two, three = (f"{stem}_y{back}" for back in (1, 2, 3))
    return (
        f"CASE WHEN {one} IS NOT NULL AND {two} IS NOT NULL AND {three} IS NOT NULL"
        f" THEN {one} + {two} + {three}"
        f" WHEN years_registered <= 1 THEN {one}"
        f" WHEN years_registered <= 2 THEN {one} + {two} END"
    )


def _cagr(stem: str) -> str:
    """Compound growth over two years; from a loss or nothing it cannot be told, into one it is -1."""
    return (
        f"CASE WHEN {stem}_y3 > 0 AND {stem}_y1 > 0 THEN sqrt({stem}_y1 / {stem}_y3) - 1"
        f" WHEN {stem}_y3 > 0 THEN -1 END"
    )


def _mean_growth(*steps: str) -> str:
    """Half the sum of two years' growth (195号); from nothing or less it counts as none."""
    new, middle, old = steps
    return (
        f"CASE WHEN {middle} > 0 AND {old} > 0"
        f" THEN ({new} / {middle} + {middle} / {old}) / 2 - 1 ELSE 0 END"
    )


FORMULAS = (
    _share("main_revenue_growth", "主营业务收入增长率（上年）", "growth of main revenue, last year",
           "main_revenue_cny_y1 / NULLIF(main_revenue_cny_y2, 0) - 1"),
    _share("main_revenue_growth_2y", "主营业务收入两年平均增长率", "mean growth of main revenue over two years",
           _mean_growth("main_revenue_cny_y1", "main_revenue_cny_y2", "main_revenue_cny_y3")),
    _share("revenue_growth", "营业收入增长率（上年）", "growth of revenue, last year",
           "revenue_cny_y1 / NULLIF(revenue_cny_y2, 0) - 1"),
    _share("revenue_growth_2y", "营业收入两年平均增长率", "mean growth of revenue over two years",
           _mean_growth("revenue_cny_y1", "revenue_cny_y2", "revenue_cny_y3")),
    _share("revenue_cagr_2y", "营业收入两年复合增长率", "compound growth of revenue over two years",
           _cagr("revenue_cny")),
    _share("net_profit_cagr_2y", "净利润两年复合增长率", "compound growth of net profit over two years",
           _cagr("net_profit_cny")),
    _share("net_assets_growth_2y", "净资产两年平均增长率", "mean growth of net assets over two years",
           _mean_growth("net_assets_cny_eoy1", "net_assets_cny_eoy2", "net_assets_cny_eoy3")),
    _share("main_revenue_share_y1", "主营业务收入占比（上年）", "main revenue over revenue, last year",
           "main_revenue_cny_y1 / NULLIF(revenue_cny_y1, 0)"),
    _share("debt_ratio_eoy1", "资产负债率（上年末）", "liabilities over assets, end of last year",
           "liabilities_cny_eoy1 / NULLIF(total_assets_cny_eoy1, 0)"),
    _share("net_margin_y1", "净利润率（上年）", "net profit over revenue, last year",
           "net_profit_cny_y1 / NULLIF(revenue_cny_y1, 0)"),
    _share("rd_ratio_y1", "研发费用占营业收入比（上年）", "R&D over revenue, last year",
           "rd_expense_cny_y1 / NULLIF(revenue_cny_y1, 0)", "research"),
    _share("rd_ratio_y2", "研发费用占营业收入比（前年）", "R&D over revenue, the year before last",
           "rd_expense_cny_y2 / NULLIF(revenue_cny_y2, 0)", "research"),
    _share("rd_cost_ratio_y1", "研发费用占成本费用比（上年）", "R&D over costs, last year",
           "rd_expense_cny_y1 / NULLIF(cost_expense_cny_y1, 0)", "research"),
    _share("tech_staff_share_y1", "科技人员占比（上年）", "technical staff over employees, last year",
           "tech_staff_y1 / NULLIF(employees_avg_y1, 0)", "research"),
    _share("rd_staff_share_y1", "研发人员占比（上年）", "R&D staff over employees, last year",
           "rd_staff_y1 / NULLIF(employees_avg_y1, 0)", "research"),
    _share("hightech_revenue_share_y1", "高新收入占比（上年）", "high-tech revenue over total income",
           "hightech_revenue_cny_y1 / NULLIF(total_income_cny_y1, 0)", "research"),
    _money("revenue_cny_3y", "营业收入（近三年合计）", "revenue of three years",
           _three_years("revenue_cny"), "scale"),
    _money("rd_expense_cny_3y", "研发费用（近三年合计）", "R&D expense of three years",
           _three_years("rd_expense_cny")),
    _money("rd_domestic_cny_3y", "境内研发费用（近三年合计）", "R&D within China of three years",
           _three_years("rd_domestic_cny")),
    _share("rd_ratio_3y", "研发费用占营业收入比（近三年）", "R&D over revenue, three years",
           "rd_expense_cny_3y / NULLIF(revenue_cny_3y, 0)", "research"),
    _share("rd_domestic_share_3y", "境内研发费用占比（近三年）", "R&D within China, share of three years",
           "rd_domestic_cny_3y / NULLIF(rd_expense_cny_3y, 0)", "research"),
    Word("main_revenue_mean_3y", "主营业务收入三年平均", "mean main revenue of three years",
         Kind.NUMBER, "CNY", "scale",
         formula="(main_revenue_cny_y1 + main_revenue_cny_y2 + main_revenue_cny_y3) / 3"),
    Word("age_days", "成立天数", "days since registration", Kind.NUMBER, "day", "identity",
         formula="as_of - registered_on"),
    _flag("four_above", "达到四上标准（按今年累计）", "meets the standard, by this year so far",
          "(legal_person OR individual_business AND stat_sector = 'industry' AND allow_individual_industry)"
          " AND enterprise_accounting AND CASE"
          " WHEN stat_sector = 'construction' THEN construction_qualification IN ('general', 'specialist')"
          " WHEN stat_sector = 'realestate_dev' THEN has_realestate_development"
          " WHEN stat_sector = 'none' THEN FALSE"
          " ELSE metric_cny_ytd >= stat_threshold_cny END",
          "法人单位（本区允许的，工业含个体经营户）、执行企业会计制度，且今年累计已达本行业标准；不等于已入库",
          "A legal person with enterprise accounts over its sector's line; not yet in the register."),
)  # fmt: skip


def size_words(rows: Sequence[SizeStandard]) -> list[Word]:
    """The size of a firm as the zone's table says, each version of the table from its day on."""
    why = "按中小企业划型标准表；只看本行业需要的指标"
    why_en = "By the table of the SME size standard; only what the sector needs is looked at."
    reached = [
        _flag(f"sme_{size}", f"达到{zh}各项标准", f"reaches every bound of {size}",
              _reaches(rows, size), why, why_en)
        for size, zh in (("large", "大型"), ("medium", "中型"), ("small", "小型"))
    ]  # fmt: skip
    return [
        *reached,
        Word("sme_size", "企业规模（划型）", "size of the enterprise", Kind.TEXT, group="scale",
             meaning_zh=why, meaning_en=why_en,
             choices=(Choice("large", "大型", "large"), Choice("medium", "中型", "medium"),
                      Choice("small", "小型", "small"), Choice("micro", "微型", "micro")),
             formula="CASE WHEN sme_large THEN 'large' WHEN sme_medium THEN 'medium'"
                     " WHEN sme_small THEN 'small' ELSE 'micro' END"),
        _flag("is_sme", "属中小企业", "is an SME", "NOT sme_large", why, why_en),
    ]  # fmt: skip


def _reaches(rows: Sequence[SizeStandard], size: str) -> str:
    """One branch a row: its sector, its days, its bounds."""
    branches = [
        f"WHEN {' AND '.join(_when(row, rows))} THEN {' AND '.join(bounds)}"
        for row in rows
        if (bounds := _bounds(row, size))
    ]
    return f"CASE {' '.join(branches)} END" if branches else "CASE WHEN FALSE THEN FALSE END"


def _when(row: SizeStandard, rows: Sequence[SizeStandard]) -> list[str]:
    """Days only where the table has several versions of the sector."""
    when = [f"sme_sector = '{row.sector}'"]
    if sum(other.sector == row.sector for other in rows) > 1:
        when.append(f"as_of >= DATE '{row.effective_from.isoformat()}'")
        if row.effective_to is not None:
            when.append(f"as_of <= DATE '{row.effective_to.isoformat()}'")
    return when


def _bounds(row: SizeStandard, size: str) -> list[str]:
    found = []
    for what, word in _MEASURED.items():
        bound = getattr(row, f"{size}_{what}")
        if bound is not None:
            found.append(f"{word} >= {bound // _FEN if what.endswith('fen') else bound}")
    return found
