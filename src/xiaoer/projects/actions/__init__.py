"""Verbs of projects."""

from xiaoer.projects.actions.investing import NewMonth as NewMonth
from xiaoer.projects.actions.investing import correct_month as correct_month
from xiaoer.projects.actions.investing import report_month as report_month
from xiaoer.projects.actions.investing import report_months as report_months
from xiaoer.projects.actions.investing import set_list_goal as set_list_goal
from xiaoer.projects.actions.investing import set_year_plan as set_year_plan
