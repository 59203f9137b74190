"""Addresses of the registry."""

from django.urls import URLPattern, URLResolver, path

from xiaoer.registry.pages import (
    caseload,
    enterprises,
    imports,
    merging,
    places,
    redrawing,
    speaking,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("enterprises/", enterprises.enterprise_list, name="enterprise_list"),
    path("enterprises/add/", enterprises.enterprise_add, name="enterprise_add"),
    path("enterprises/<int:party_id>/", enterprises.enterprise, name="enterprise"),
    path("enterprises/<int:party_id>/edit/", enterprises.enterprise_edit, name="enterprise_edit"),
    path(
        "enterprises/<int:party_id>/overview/",
        enterprises.enterprise_overview,
        name="enterprise_overview",
    ),
    path(
        "enterprises/<int:party_id>/registration/",
        enterprises.enterprise_registration,
        name="enterprise_registration",
    ),
    path(
        "enterprises/<int:party_id>/history/",
        enterprises.enterprise_history,
        name="enterprise_history",
    ),
    path(
        "enterprises/<int:party_id>/phone/", enterprises.enterprise_phone, name="enterprise_phone"
    ),
    path("enterprises/<int:party_id>/place/", caseload.enterprise_place, name="enterprise_place"),
    path("enterprises/<int:party_id>/cell/", caseload.enterprise_cell, name="enterprise_cell"),
    path(
        "enterprises/<int:party_id>/steward/",
        caseload.enterprise_steward,
        name="enterprise_steward",
    ),
    path(
        "enterprises/<int:party_id>/monitoring/",
        caseload.enterprise_monitoring,
        name="enterprise_monitoring",
    ),
    path("enterprises/<int:party_id>/close/", caseload.enterprise_close, name="enterprise_close"),
    path("enterprises/<int:party_id>/people/", speaking.representation, name="representation"),
    path(
        "enterprises/<int:party_id>/people/code/",
        speaking.representation_code,
        name="representation_code",
    ),
    path("enterprises/<int:party_id>/merge/", merging.merge, name="merge"),
    path(
        "representations/<int:number>/approve/",
        speaking.representation_approve,
        name="representation_approve",
    ),
    path(
        "representations/<int:number>/decline/",
        speaking.representation_decline,
        name="representation_decline",
    ),
    path(
        "representations/<int:number>/end/", speaking.representation_end, name="representation_end"
    ),
    path("grid/", places.grid_map, name="grid_map"),
    path("grid/outlines.json", places.grid_map_data, name="grid_map_data"),
    path("grid/outlines/", places.outlines, name="outlines"),
    path("grid/<int:grid_id>/", places.grid, name="grid"),
    path("cells/<int:cell_id>/", places.cell, name="cell"),
    path("cells/<int:cell_id>/duty/", places.cell_duty, name="cell_duty"),
    path("parks/", places.parks, name="parks"),
    path("places/<str:kind>/open/", places.place_open, name="place_open"),
    path("monitoring-firms/", places.monitoring, name="monitoring_firms"),
    path("officers/", caseload.officers, name="officers"),
    path("officers/<int:post_id>/", caseload.caseload, name="caseload"),
    path("officers/<int:post_id>/hand-over/", caseload.hand_over, name="hand_over"),
    path("hand-overs/<int:line_id>/back/", caseload.hand_back, name="hand_back"),
    path("redrawings/", redrawing.redrawing_list, name="redrawings"),
    path("redrawings/new/", redrawing.redrawing_new, name="redrawing_new"),
    path("redrawings/rules/", redrawing.redrawing_rules, name="redrawing_rules"),
    path("redrawings/pins/", redrawing.redrawing_pins, name="redrawing_pins"),
    path("redrawings/pins/<int:pin_id>/end/", redrawing.redrawing_unpin, name="redrawing_unpin"),
    path("redrawings/<int:redrawing_id>/", redrawing.redrawing, name="redrawing"),
    path(
        "redrawings/<int:redrawing_id>/progress/",
        redrawing.redrawing_progress,
        name="redrawing_progress",
    ),
    path(
        "redrawings/<int:redrawing_id>/map/<str:side>.json",
        redrawing.redrawing_map,
        name="redrawing_map",
    ),
    path("redrawings/<int:redrawing_id>/stop/", redrawing.redrawing_stop, name="redrawing_stop"),
    path("redrawings/<int:redrawing_id>/again/", redrawing.redrawing_again, name="redrawing_again"),
    path("redrawings/<int:redrawing_id>/drop/", redrawing.redrawing_drop, name="redrawing_drop"),
    path(
        "redrawings/<int:redrawing_id>/accept/", redrawing.redrawing_accept, name="redrawing_accept"
    ),
    path("redrawings/<int:redrawing_id>/undo/", redrawing.redrawing_undo, name="redrawing_undo"),
    path("imports/", imports.import_list, name="import_list"),
    path("imports/new/", imports.import_new, name="import_new"),
    path("imports/<int:import_id>/", imports.import_run, name="import_run"),
    path("imports/<int:import_id>/progress/", imports.import_progress, name="import_progress"),
    path("imports/<int:import_id>/reasons/", imports.import_reasons, name="import_reasons"),
    path("imports/<int:import_id>/match/", imports.import_match, name="import_match"),
    path("imports/<int:import_id>/commit/", imports.import_commit, name="import_commit"),
    path("imports/<int:import_id>/undo/", imports.import_undo, name="import_undo"),
    path("imports/<int:import_id>/again/", imports.import_again, name="import_again"),
    path("my/enterprise/", speaking.my_enterprise, name="my_enterprise"),
    path("my/enterprise/another/", speaking.represent_another, name="represent_another"),
    path("zones/<slug:zone_code>/represent/", speaking.represent, name="represent"),
]
