"""Addresses of monitoring: analysis, contribution, targets."""

from django.urls import path

from xiaoer.growth.pages import alerts, analysis, contribution, dispatch, targets, watch_lists

urlpatterns = [
    path("economy/dispatch/", dispatch.dispatch, name="dispatch"),
    path("economy/dispatch/make/", dispatch.dispatch_make, name="dispatch_make"),
    path("economy/dispatch/<int:week_id>/", dispatch.dispatch_week, name="dispatch_week"),
    path("economy/dispatch/<int:week_id>/print/", dispatch.dispatch_paper, name="dispatch_paper"),
    path("economy/dispatch/<int:week_id>/add/", dispatch.dispatch_add, name="dispatch_add"),
    path("economy/dispatch/<int:week_id>/close/", dispatch.dispatch_close, name="dispatch_close"),
    path("economy/dispatch/lines/<int:item_id>/", dispatch.dispatch_keep, name="dispatch_keep"),
    path("economy/alerts/", alerts.alerts, name="alerts"),
    path("economy/alerts/raise/", alerts.alerts_raise, name="alerts_raise"),
    path("economy/alerts/<int:alert_id>/", alerts.alert, name="alert"),
    path("economy/alerts/<int:alert_id>/act/", alerts.alert_act, name="alert_act"),
    path("enterprises/<int:party_id>/watch/", alerts.enterprise_watch, name="enterprise_watch"),
    path("economy/lists/", watch_lists.watch_lists, name="watch_lists"),
    path("economy/lists/compute/", watch_lists.lists_compute, name="watch_compute"),
    path("economy/lists/<int:watch_id>/", watch_lists.watch_list, name="watch_list"),
    path("economy/lists/<int:watch_id>/hand/", watch_lists.list_hand, name="watch_hand"),
    path("economy/lists/<int:watch_id>/keep/", watch_lists.list_keep, name="watch_keep"),
    path("economy/analysis/", analysis.analysis, name="growth_analysis"),
    path("economy/analysis/firms/", analysis.firms, name="growth_firms"),
    path("economy/contribution/", contribution.contribution, name="growth_contribution"),
    path("economy/targets/", targets.targets, name="targets"),
    path("economy/targets/add/", targets.target_add, name="target_add"),
    path("economy/targets/lights/", targets.target_rule, name="target_rule"),
    path("economy/targets/<int:target_id>/", targets.target, name="target"),
    path("economy/targets/<int:target_id>/drop/", targets.target_drop, name="target_drop"),
    path("economy/campaigns/add/", targets.campaign_add, name="campaign_add"),
    path(
        "economy/campaigns/<int:campaign_id>/close/",
        targets.campaign_close,
        name="campaign_close",
    ),
]
