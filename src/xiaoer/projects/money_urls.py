"""Addresses of investment, of entry into statistics, and of an enterprise's own projects."""

from django.urls import path

from xiaoer.projects.pages import entering, investing, month_sheets, own

urlpatterns = [
    path("projects/investment/", investing.investment, name="project_investment"),
    path("projects/months/sheet/", month_sheets.money_sheets, name="money_sheets"),
    path("projects/months/<int:month_id>/", investing.investment_month, name="investment_month"),
    path(
        "projects/lists/<int:project_list_id>/goal/",
        investing.investment_goal,
        name="project_list_goal",
    ),
    path("projects/entries/", entering.entry_list, name="project_entries"),
    path("projects/entries/rules/", entering.entry_rules, name="project_entry_rules"),
    path("projects/entries/<int:entry_id>/", entering.stat_entry, name="stat_entry"),
    path("projects/<int:project_id>/money/", investing.project_money, name="project_money"),
    path(
        "projects/<int:project_id>/money/report/",
        investing.project_month_report,
        name="project_month_report",
    ),
    path(
        "projects/<int:project_id>/money/plan/",
        investing.project_year_plan,
        name="project_year_plan",
    ),
    path("projects/<int:project_id>/entry/", entering.entry_open, name="stat_entry_open"),
    path("my/projects/", own.my_projects, name="my_projects"),
    path("my/projects/card/", own.my_projects_card, name="my_projects_card"),
    path("my/projects/<int:my_project_id>/month/", own.my_project_month, name="my_project_month"),
]
