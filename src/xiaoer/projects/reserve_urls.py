"""Addresses of the register of projects and its lists."""

from django.urls import URLPattern, path

from xiaoer.projects.pages import lists, reserve

urlpatterns: list[URLPattern] = [
    path("projects/", reserve.project_list_page, name="projects"),
    path("projects/board/", reserve.project_board, name="project_board"),
    path("projects/new/", reserve.project_new, name="project_new"),
    path("projects/lists/", lists.project_lists, name="project_lists"),
    path("projects/lists/<int:project_list_id>/", lists.project_list, name="project_list"),
    path("projects/lists/<int:project_list_id>/change/", lists.project_list_change, name="project_list_change"),
    path("projects/lists/<int:project_list_id>/put/", lists.project_list_put, name="project_list_put"),
    path("projects/lists/<int:project_list_id>/sheet/", lists.project_list_sheet, name="project_list_sheet"),
    path("projects/lists/<int:project_list_id>/places/<int:list_place_id>/end/", lists.list_place_end, name="list_place_end"),
    path("projects/list-sheets/<int:list_sheet_id>/", lists.list_sheet, name="list_sheet"),
    path("projects/list-sheets/<int:list_sheet_id>/choose/", lists.list_sheet_choose, name="list_sheet_choose"),
    path("projects/list-sheets/<int:list_sheet_id>/commit/", lists.list_sheet_commit, name="list_sheet_commit"),
    path("projects/<int:project_id>/", reserve.project, name="project"),
    path("projects/<int:project_id>/overview/", reserve.project_overview, name="project_overview"),
    path("projects/<int:project_id>/change/", reserve.project_change, name="project_change"),
    path("projects/<int:project_id>/enter/", reserve.project_enter, name="project_enter"),
    path("projects/<int:project_id>/take-back/", reserve.project_take_back, name="project_take_back"),
    path("projects/<int:project_id>/passages/<int:passage_id>/decide/", reserve.project_decide, name="project_decide"),
    path("projects/<int:project_id>/conditions/<int:condition_id>/prove/", reserve.project_prove, name="project_prove"),
    path("projects/<int:project_id>/put/", lists.project_put, name="project_put"),
    path("projects/<int:project_id>/end/", reserve.project_end, name="project_end"),
    path("projects/<int:project_id>/light/", reserve.project_light, name="project_light"),
    path("enterprises/<int:enterprise_id>/projects/", reserve.enterprise_projects, name="enterprise_projects"),
]  # fmt: skip
