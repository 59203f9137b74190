"""Addresses of the registers of titles."""

from django.urls import path

from xiaoer.growth.pages import applying, near, registers, titles

urlpatterns = [
    path("titles/", titles.title_list, name="title_list"),
    path("titles/new/", titles.title_new, name="title_new"),
    path("titles/kinds/", registers.title_kinds, name="title_kinds"),
    path("titles/kinds/<int:title_kind_id>/", registers.title_kind_do, name="title_kind_do"),
    path("titles/sheets/", registers.title_sheets, name="title_sheets"),
    path("titles/sheets/<int:title_sheet_id>/", registers.title_sheet, name="title_sheet"),
    path(
        "titles/sheets/<int:title_sheet_id>/commit/",
        registers.title_sheet_commit,
        name="title_sheet_commit",
    ),
    path("titles/<int:title_id>/", titles.title, name="title"),
    path("titles/<int:title_id>/correct/", titles.title_correct, name="title_correct"),
    path("titles/<int:title_id>/renew/", titles.title_renew, name="title_renew"),
    path("titles/<int:title_id>/withdraw/", titles.title_withdraw, name="title_withdraw"),
    path(
        "titles/<int:title_id>/tasks/<int:task_id>/finish/",
        titles.title_task_finish,
        name="title_task_finish",
    ),
    path("platforms/", registers.platforms, name="platforms"),
    path("honours/", registers.honours, name="honours"),
    path("applications/", applying.applications, name="applications"),
    path("applications/new/", applying.application_new, name="application_new"),
    path("applications/<int:application_id>/", applying.application, name="application"),
    path(
        "applications/<int:application_id>/move/",
        applying.application_move,
        name="application_move",
    ),
    path(
        "applications/<int:application_id>/grant/",
        applying.application_grant,
        name="application_grant",
    ),
    path(
        "applications/<int:application_id>/refuse/",
        applying.application_refuse,
        name="application_refuse",
    ),
    path("batches/", applying.batch_list, name="batch_list"),
    path("batches/<int:batch_id>/", applying.batch, name="batch"),
    path("lists/", registers.firm_lists, name="firm_lists"),
    path("lists/<int:firm_list_id>/", registers.firm_list, name="firm_list"),
    path(
        "lists/members/<int:member_id>/remove/",
        registers.list_member_remove,
        name="list_member_remove",
    ),
    path("tech-contracts/", registers.tech_contracts, name="tech_contracts"),
    path(
        "tech-contracts/<int:tech_contract_id>/take-back/",
        registers.tech_contract_take_back,
        name="tech_contract_take_back",
    ),
    path(
        "enterprises/<int:enterprise_id>/titles/card/",
        titles.enterprise_titles_card,
        name="enterprise_titles_card",
    ),
    path("rules/<int:rule_id>/near/", near.rule_near, name="rule_near"),
    path("rules/<int:rule_id>/near/ask/", near.rule_near_ask, name="rule_near_ask"),
    path("my/titles/", titles.my_titles, name="my_titles"),
]
