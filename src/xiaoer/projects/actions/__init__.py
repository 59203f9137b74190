"""Verbs of projects."""

from xiaoer.projects.actions.elements import ask_element as ask_element
from xiaoer.projects.actions.elements import change_need as change_need
from xiaoer.projects.actions.elements import drop_need as drop_need
from xiaoer.projects.actions.elements import promise_element as promise_element
from xiaoer.projects.actions.elements import ready_element as ready_element
from xiaoer.projects.actions.investing import NewMonth as NewMonth
from xiaoer.projects.actions.investing import correct_month as correct_month
from xiaoer.projects.actions.investing import report_month as report_month
from xiaoer.projects.actions.investing import report_months as report_months
from xiaoer.projects.actions.investing import set_list_goal as set_list_goal
from xiaoer.projects.actions.investing import set_year_plan as set_year_plan
from xiaoer.projects.actions.promises import keep_promise as keep_promise
from xiaoer.projects.actions.promises import move_zone_promise as move_zone_promise
from xiaoer.projects.actions.promises import promise_for_zone as promise_for_zone
from xiaoer.projects.actions.promises import withdraw_promise as withdraw_promise
