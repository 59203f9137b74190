"""Addresses of the ladders."""

from django.urls import URLPattern, path

from xiaoer.growth.pages import (
    designations,
    firm_ladder,
    ladder_settings,
    ladders,
    proposals,
    standard_settings,
)

urlpatterns: list[URLPattern] = [
    path("ladders/", ladders.ladders, name="ladders"),
    path("ladders/evaluate/", ladders.ladders_evaluate, name="ladders_evaluate"),
    path("ladders/ask/", ladders.ladders_ask, name="ladders_ask"),
    path("ladders/entering/", ladders.entering, name="entering"),
    path("ladders/falling-out/", ladders.falling_out, name="falling_out"),
    path("ladders/proposals/", proposals.ladder_proposals, name="ladder_proposals"),
    path("ladders/settings/", ladder_settings.ladder_settings, name="ladder_settings"),
    path("ladders/standards/", standard_settings.standard_settings, name="standard_settings"),
    path(
        "ladders/standards/line/", standard_settings.stat_threshold_set, name="stat_threshold_set"
    ),
    path("ladders/standards/size/", standard_settings.size_standard_set, name="size_standard_set"),
    path(
        "enterprises/<int:enterprise_id>/forecast/",
        standard_settings.firm_forecast,
        name="firm_forecast",
    ),
    path("ladders/cutoffs/", ladder_settings.cutoff_keep, name="cutoff_keep"),
    path("ladders/calibration/", ladder_settings.calibration, name="calibration"),
    path("designations/", designations.designation_list, name="designations"),
    path("designations/new/", designations.designation_add, name="designation_add"),
    path(
        "designations/<int:designation_id>/end/",
        designations.designation_end,
        name="designation_end",
    ),
    path(
        "enterprises/<int:enterprise_id>/ladder/",
        firm_ladder.firm_ladder_card,
        name="firm_ladder_card",
    ),
    path("enterprises/<int:enterprise_id>/rung/", firm_ladder.firm_rung, name="firm_rung"),
    path("enterprises/<int:enterprise_id>/entry/", firm_ladder.firm_entry, name="firm_entry"),
    path("my/rung/", firm_ladder.my_rung, name="my_rung"),
    path("my/rung/card/", firm_ladder.my_rung_card, name="my_rung_card"),
]
