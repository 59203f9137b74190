"""Verbs of growth."""

from xiaoer.growth.actions.alerts import Raised as Raised
from xiaoer.growth.actions.alerts import confirm_alert as confirm_alert
from xiaoer.growth.actions.alerts import dismiss_alert as dismiss_alert
from xiaoer.growth.actions.alerts import handle_alert as handle_alert
from xiaoer.growth.actions.alerts import mute_alert as mute_alert
from xiaoer.growth.actions.alerts import raise_alerts as raise_alerts
from xiaoer.growth.actions.alerts import report_alert as report_alert
from xiaoer.growth.actions.applying import (
    change_batch,
    grant_application,
    move_application,
    open_batch,
    plan_application,
    refuse_application,
    submit_application,
)
from xiaoer.growth.actions.campaigns import EVEN as EVEN
from xiaoer.growth.actions.campaigns import OWN as OWN
from xiaoer.growth.actions.campaigns import SEASON as SEASON
from xiaoer.growth.actions.campaigns import TargetFacts as TargetFacts
from xiaoer.growth.actions.campaigns import change_target as change_target
from xiaoer.growth.actions.campaigns import close_campaign as close_campaign
from xiaoer.growth.actions.campaigns import drop_target as drop_target
from xiaoer.growth.actions.campaigns import open_campaign as open_campaign
from xiaoer.growth.actions.campaigns import seed_targets as seed_targets
from xiaoer.growth.actions.campaigns import set_target as set_target
from xiaoer.growth.actions.campaigns import set_target_rule as set_target_rule
from xiaoer.growth.actions.designations import (
    DecisionFacts,
    Listed,
    ListLine,
    designate,
    designate_many,
    end_designation,
)
from xiaoer.growth.actions.dispatch import add_dispatch_line as add_dispatch_line
from xiaoer.growth.actions.dispatch import close_dispatch as close_dispatch
from xiaoer.growth.actions.dispatch import keep_dispatch_line as keep_dispatch_line
from xiaoer.growth.actions.dispatch import make_dispatch as make_dispatch
from xiaoer.growth.actions.ladders import Evaluated, evaluate_ladders
from xiaoer.growth.actions.lists import (
    add_member,
    open_list,
    register_contract,
    remove_member,
    take_back_contract,
)
from xiaoer.growth.actions.missing import Asked, ask_for_rule, ask_missing
from xiaoer.growth.actions.papers import hand_in_paper, take_back_paper
from xiaoer.growth.actions.parameters import (
    CutoffFacts,
    keep_cutoff,
    remove_cutoff,
    seed_ladders,
    set_parameter,
    set_parameters,
)
from xiaoer.growth.actions.renewing import finish_title_task, give_renewal_tasks
from xiaoer.growth.actions.standards import (
    StandardFacts,
    override_forecast,
    seed_standards,
    set_size_standard,
    set_stat_threshold,
    withdraw_override,
)
from xiaoer.growth.actions.title_seeds import seed_title_kinds
from xiaoer.growth.actions.title_sheets import commit_titles, preview_titles
from xiaoer.growth.actions.titles import (
    TitleFacts,
    correct_title,
    declare_complete,
    facts_of,
    keep_title_kind,
    register_title,
    renew_title,
    withdraw_title,
)
from xiaoer.growth.actions.watch_lists import ListFacts as ListFacts
from xiaoer.growth.actions.watch_lists import keep_watch_list as keep_watch_list
from xiaoer.growth.actions.watch_lists import put_on_list as put_on_list
from xiaoer.growth.actions.watch_lists import recompute_watch_lists as recompute_watch_lists
from xiaoer.growth.actions.watch_lists import seed_watch_lists as seed_watch_lists
from xiaoer.growth.actions.watch_lists import take_off_list as take_off_list
from xiaoer.growth.actions.watching_rounds import keep_month as keep_month
from xiaoer.growth.actions.watching_rounds import keep_week as keep_week

__all__ = [
    "Asked",
    "CutoffFacts",
    "DecisionFacts",
    "Evaluated",
    "ListLine",
    "Listed",
    "StandardFacts",
    "TitleFacts",
    "add_member",
    "ask_for_rule",
    "ask_missing",
    "change_batch",
    "commit_titles",
    "correct_title",
    "declare_complete",
    "designate",
    "designate_many",
    "end_designation",
    "evaluate_ladders",
    "facts_of",
    "finish_title_task",
    "give_renewal_tasks",
    "grant_application",
    "hand_in_paper",
    "keep_cutoff",
    "keep_title_kind",
    "move_application",
    "open_batch",
    "open_list",
    "override_forecast",
    "plan_application",
    "preview_titles",
    "refuse_application",
    "register_contract",
    "register_title",
    "remove_cutoff",
    "remove_member",
    "renew_title",
    "seed_ladders",
    "seed_standards",
    "seed_title_kinds",
    "set_parameter",
    "set_parameters",
    "set_size_standard",
    "set_stat_threshold",
    "submit_application",
    "take_back_contract",
    "take_back_paper",
    "withdraw_override",
    "withdraw_title",
]
