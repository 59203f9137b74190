"""Questions to growth, by topic."""

from xiaoer.growth.queries.alerts import ALERTS_SHOWN as ALERTS_SHOWN
from xiaoer.growth.queries.alerts import AlertFilter as AlertFilter
from xiaoer.growth.queries.alerts import Precision as Precision
from xiaoer.growth.queries.alerts import alert_counts as alert_counts
from xiaoer.growth.queries.alerts import alert_light as alert_light
from xiaoer.growth.queries.alerts import alert_of as alert_of
from xiaoer.growth.queries.alerts import alerts as alerts
from xiaoer.growth.queries.alerts import alerts_of_firm as alerts_of_firm
from xiaoer.growth.queries.alerts import clauses_of as clauses_of
from xiaoer.growth.queries.alerts import events_of as events_of
from xiaoer.growth.queries.alerts import precisions as precisions
from xiaoer.growth.queries.analysis import BY as BY
from xiaoer.growth.queries.analysis import NO_RUNG as NO_RUNG
from xiaoer.growth.queries.analysis import MonthOfAll as MonthOfAll
from xiaoer.growth.queries.analysis import Part as Part
from xiaoer.growth.queries.analysis import key_of as key_of
from xiaoer.growth.queries.analysis import months_of_all as months_of_all
from xiaoer.growth.queries.analysis import park_names as park_names
from xiaoer.growth.queries.analysis import parts_of as parts_of
from xiaoer.growth.queries.analysis import rungs_in as rungs_in
from xiaoer.growth.queries.analysis import whole_of as whole_of
from xiaoer.growth.queries.board import (
    Candidate,
    NextStep,
    application,
    applications,
    applications_of_firm,
    board,
    lost_next,
    renewals,
    small_to_high,
    titles_and_next,
)
from xiaoer.growth.queries.contribution import Contribution as Contribution
from xiaoer.growth.queries.contribution import Pull as Pull
from xiaoer.growth.queries.contribution import contribution as contribution
from xiaoer.growth.queries.contribution import growth_of as growth_of
from xiaoer.growth.queries.contribution import points_number as points_number
from xiaoer.growth.queries.contribution import points_of as points_of
from xiaoer.growth.queries.dispatch import dispatch_lines as dispatch_lines
from xiaoer.growth.queries.dispatch import dispatch_week as dispatch_week
from xiaoer.growth.queries.dispatch import dispatch_weeks as dispatch_weeks
from xiaoer.growth.queries.dispatch import left_the_sheet as left_the_sheet
from xiaoer.growth.queries.expiring import (
    Due,
    officers_of,
    titles_due,
    titles_expiring,
    titles_running_out,
)
from xiaoer.growth.queries.firm_figures import Comparing as Comparing
from xiaoer.growth.queries.firm_figures import FirmFigure as FirmFigure
from xiaoer.growth.queries.firm_figures import Kept as Kept
from xiaoer.growth.queries.firm_figures import firm_figures as firm_figures
from xiaoer.growth.queries.firm_figures import metrics_of_firms as metrics_of_firms
from xiaoer.growth.queries.firm_figures import months_in as months_in
from xiaoer.growth.queries.firm_months import FirmMonths as FirmMonths
from xiaoer.growth.queries.firm_months import firm_months as firm_months
from xiaoer.growth.queries.near_lists import NearFilter as NearFilter
from xiaoer.growth.queries.near_lists import NearFirm as NearFirm
from xiaoer.growth.queries.near_lists import NearPage as NearPage
from xiaoer.growth.queries.near_lists import every_near as every_near
from xiaoer.growth.queries.near_lists import lacking_for as lacking_for
from xiaoer.growth.queries.near_lists import near_firm as near_firm
from xiaoer.growth.queries.near_lists import near_page as near_page
from xiaoer.growth.queries.near_lists import near_rule as near_rule
from xiaoer.growth.queries.near_lists import rules_of_kinds as rules_of_kinds
from xiaoer.growth.queries.next_titles import NextTitle as NextTitle
from xiaoer.growth.queries.next_titles import next_titles as next_titles
from xiaoer.growth.queries.progress import WHOLE as WHOLE
from xiaoer.growth.queries.progress import MonthOfTarget as MonthOfTarget
from xiaoer.growth.queries.progress import Progress as Progress
from xiaoer.growth.queries.progress import campaigns as campaigns
from xiaoer.growth.queries.progress import even_shares as even_shares
from xiaoer.growth.queries.progress import months_before as months_before
from xiaoer.growth.queries.progress import progress as progress
from xiaoer.growth.queries.progress import progress_of_all as progress_of_all
from xiaoer.growth.queries.progress import seasonal_shares as seasonal_shares
from xiaoer.growth.queries.progress import target_of as target_of
from xiaoer.growth.queries.registers import (
    PLATFORM_FAMILIES,
    STATES,
    ContractYear,
    TitleFilter,
    TitleRow,
    batch,
    batches_of,
    contract,
    contract_page,
    contract_year,
    every_contract,
    every_title,
    firm_list,
    firm_lists,
    honours,
    kind_counts,
    kinds,
    list_members,
    standing,
    title,
    title_page,
    title_sheet,
    title_sheets,
    title_story,
    title_years,
    titles_of_firm,
    upgraded,
)
from xiaoer.growth.queries.standings import ABOUT_TO_ENTER, in_register, on_rungs
from xiaoer.growth.queries.watch_lists import ListRow as ListRow
from xiaoer.growth.queries.watch_lists import chosen_for as chosen_for
from xiaoer.growth.queries.watch_lists import hands_of as hands_of
from xiaoer.growth.queries.watch_lists import members_of as members_of
from xiaoer.growth.queries.watch_lists import watch_lists as watch_lists
from xiaoer.growth.queries.watch_lists import watch_months as watch_months

__all__ = [
    "ABOUT_TO_ENTER",
    "PLATFORM_FAMILIES",
    "STATES",
    "Candidate",
    "ContractYear",
    "Due",
    "NextStep",
    "TitleFilter",
    "TitleRow",
    "application",
    "applications",
    "applications_of_firm",
    "batch",
    "batches_of",
    "board",
    "contract",
    "contract_page",
    "contract_year",
    "every_contract",
    "every_title",
    "firm_list",
    "firm_lists",
    "honours",
    "in_register",
    "kind_counts",
    "kinds",
    "list_members",
    "lost_next",
    "officers_of",
    "on_rungs",
    "renewals",
    "small_to_high",
    "standing",
    "title",
    "title_page",
    "title_sheet",
    "title_sheets",
    "title_story",
    "title_years",
    "titles_and_next",
    "titles_due",
    "titles_expiring",
    "titles_of_firm",
    "titles_running_out",
    "upgraded",
]
