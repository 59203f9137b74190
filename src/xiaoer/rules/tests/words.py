"""Words for tests: the fact dictionary as far as the published programmes use it."""

from xiaoer.base.words import Choice, Kind, Word

_FIGURES = {
    "CNY": """revenue_cny_y1 revenue_cny_y2 revenue_cny_y3 revenue_cny_3y main_revenue_cny_y1
        total_income_cny_y1 main_revenue_cny_test revenue_cny_test
        total_assets_cny_eoy1 liabilities_cny_eoy1 net_assets_cny_eoy1 net_assets_cny_eoy2
        net_assets_cny_eoy3 cost_expense_cny_y1 rd_expense_cny_y1 rd_expense_cny_y2 rd_expense_cny_3y
        rd_domestic_cny_3y hightech_revenue_cny_y1 equity_new_2y_cny planned_investment_cny
        working_capital_cny metric_forecast_cny""",
    "person": "employees_eop_y1 employees_avg_y1 tech_staff_y1",
    "share": """negative_list_revenue_share_y1 market_share revenue_cagr_2y net_profit_cagr_2y
        p_near p_sprout p_seed""",
    "year": "niche_years_eoy1",
    "item": """ip1_main ip2_main ip1_owned ip2_owned ip1_self ip1_high_value ip1_applied core_ip_owned
        patents_invention standards_led_5y standards_led_total transformations_per_year""",
    "": """division national_award_rank_5y national_award_rank_3y provincial_award_rank_3y
        market_rank_domestic srdi_quality_score credit_score hnte_blockers hnte_gaps p_gaps
        hnte_score_high hnte_score""",
}
_FLAGS = """resident_enterprise legal_person enterprise_accounting vat_general_taxpayer
    has_realestate_development restricted_product negative_list_industry emerging_industry rd_ledger_kept
    provincial_rd_org listed_main_board controlled_by_listed abnormal_list accident_or_env_1y
    on_adv_mfg_list in_stat_register on_climb_list chain_leader_designated tech_leader_designated
    purchase_only equipment_delivered project_in_zone rural_household is_review seed_marker"""
_JUDGED = "market_position_confirmed six_bases_or_key_link"
_DAYS = """registered_on production_started_on tsme_valid_to tech_innovative_sme_valid_to srdi_valid_to
    hnte_valid_to main_works_started_on"""
_TEXTS = {
    "industry_code": "",
    "hightech_field": "",
    "taxation_mode": "audited deemed",
    "construction_qualification": "general specialist labour none",
}
_SECTORS = """industry construction wholesale retail hotel catering realestate_dev service_2000
    service_1000 service_500"""
STAT_SECTOR = """CASE WHEN division BETWEEN 6 AND 46 THEN 'industry'
 WHEN division BETWEEN 47 AND 50 THEN 'construction'
 WHEN division = 51 THEN 'wholesale' WHEN division = 52 THEN 'retail'
 WHEN division = 61 THEN 'hotel' WHEN division = 62 THEN 'catering'
 WHEN industry_code = '7010' THEN 'realestate_dev'
 WHEN division BETWEEN 53 AND 60 OR division BETWEEN 63 AND 65 OR division BETWEEN 76 AND 79 OR division = 84 THEN 'service_2000'
 WHEN division BETWEEN 71 AND 75 OR division = 83 OR industry_code IN ('7020','7030','7040','7090') THEN 'service_1000'
 WHEN division BETWEEN 80 AND 82 OR division BETWEEN 86 AND 90 OR division = 85 THEN 'service_500' END"""
FOUR_ABOVE = """legal_person AND enterprise_accounting AND CASE
 WHEN stat_sector IN ('industry','wholesale','retail','hotel','catering') THEN main_revenue_cny_test >= stat_threshold_cny
 WHEN stat_sector LIKE 'service_%' THEN revenue_cny_test >= stat_threshold_cny
 WHEN stat_sector = 'construction' THEN construction_qualification IN ('general','specialist')
 WHEN stat_sector = 'realestate_dev' THEN has_realestate_development ELSE FALSE END"""
THRESHOLD = """CASE WHEN stat_sector IN ('industry', 'wholesale', 'service_2000') THEN 20000000
 WHEN stat_sector = 'service_1000' THEN 10000000
 WHEN stat_sector IN ('retail', 'service_500') THEN 5000000
 WHEN stat_sector IN ('hotel', 'catering') THEN 2000000 END"""


def _choices(codes: str) -> tuple[Choice, ...]:
    return tuple(Choice(code, code, code) for code in codes.split())


def _all() -> list[Word]:
    found = [
        Word(name, f"词 {name}", f"the {name}", unit=unit)
        for unit, names in _FIGURES.items()
        for name in names.split()
    ]
    found += [Word(name, name, name, Kind.FLAG) for name in _FLAGS.split()]
    found += [Word(name, name, name, Kind.FLAG, is_judged=True) for name in _JUDGED.split()]
    found += [Word(name, name, name, Kind.DAY) for name in _DAYS.split()]
    found += [
        Word(name, name, name, Kind.TEXT, choices=_choices(codes)) for name, codes in _TEXTS.items()
    ]
    return [
        *found,
        Word("stat_sector", "统计行业", "sector", Kind.TEXT, formula=STAT_SECTOR, choices=_choices(_SECTORS)),
        Word("stat_threshold_cny", "入统标准", "threshold", unit="CNY", formula=THRESHOLD),
        Word("four_above", "四上", "above scale", Kind.FLAG, formula=FOUR_ABOVE),
        Word(
            "revenue_growth_y1",
            "营收增长率",
            "growth of revenue",
            unit="share",
            formula="revenue_cny_y1 / NULLIF(revenue_cny_y2, 0) - 1",
        ),
    ]  # fmt: skip


WORDS = {word.name: word for word in _all()}
