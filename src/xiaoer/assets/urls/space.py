"""Addresses of needs for space."""

from django.urls import path

from xiaoer.assets.pages import asking, my_needs, needs

urlpatterns = [
    path("assets/needs/", needs.space_needs, name="space_needs"),
    path("assets/needs/new/", needs.space_need_new, name="space_need_new"),
    path(
        "assets/needs/new/of-enterprise/<int:party_id>/",
        needs.space_need_for,
        name="space_need_for",
    ),
    path(
        "assets/needs/new/of-project/<int:project_id>/",
        needs.space_need_of_project,
        name="space_need_of_project",
    ),
    path(
        "assets/needs/new/of-request/<int:appeal_id>/",
        needs.space_need_of_appeal,
        name="space_need_of_appeal",
    ),
    path(
        "assets/needs/of-project/<int:project_id>/",
        needs.project_space_card,
        name="project_space_card",
    ),
    path("assets/needs/<int:space_need_id>/", needs.space_need, name="space_need"),
    path(
        "assets/needs/<int:space_need_id>/change/",
        needs.space_need_change,
        name="space_need_change",
    ),
    path("assets/needs/<int:space_need_id>/act/", needs.space_need_act, name="space_need_act"),
    path("assets/units/<int:unit_id>/ask/", asking.whom_to_ask, name="whom_to_ask"),
    path("my/space/", my_needs.my_space_needs, name="my_space_needs"),
    path("my/space/new/", my_needs.my_space_need_new, name="my_space_need_new"),
    path("my/space/<int:my_space_need_id>/", my_needs.my_space_need, name="my_space_need"),
]
