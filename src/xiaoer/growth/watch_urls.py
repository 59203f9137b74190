"""Addresses of monitoring: analysis, contribution, targets."""

from django.urls import path

from xiaoer.growth.pages import analysis, contribution, targets

urlpatterns = [
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
