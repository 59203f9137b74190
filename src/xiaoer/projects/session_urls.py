"""Addresses of those who stand by projects, sessions, decisions and weekly minutes."""

from django.urls import path

from xiaoer.projects.pages import sessions, standing_by, weekly

urlpatterns = [
    path("projects/<int:project_id>/force/", standing_by.project_force, name="project_force"),
    path("projects/<int:project_id>/force/act/", standing_by.force_act, name="force_act"),
    path("projects/site-visits/", standing_by.site_visit_list, name="site_visit_list"),
    path("projects/site-visits/new/", standing_by.site_visit_new, name="site_visit_new"),
    path("projects/site-visits/<int:site_visit_id>/", standing_by.site_visit, name="site_visit"),
    path("projects/ambassadors/", standing_by.ambassador_list, name="ambassador_list"),
    path("projects/ambassadors/new/", standing_by.ambassador_new, name="ambassador_new"),
    path("projects/ambassadors/<int:ambassador_id>/", standing_by.ambassador, name="ambassador"),
    path("projects/ambassadors/<int:ambassador_id>/act/", standing_by.ambassador_act, name="ambassador_act"),
    path("projects/pre-reviews/", standing_by.pre_review_list, name="pre_review_list"),
    path("projects/pre-reviews/new/", standing_by.pre_review_new, name="pre_review_new"),
    path("projects/pre-reviews/<int:track_id>/", standing_by.pre_review, name="pre_review"),
    path("projects/pre-reviews/<int:track_id>/act/", standing_by.pre_review_act, name="pre_review_act"),
    path("projects/pre-reviews/results/<int:review_id>/", standing_by.pre_review_result, name="pre_review_result"),
    path("projects/pre-reviews/items/<int:pre_item_id>/", standing_by.pre_review_item, name="pre_review_item"),
    path("projects/sessions/", sessions.consultation_list, name="consultation_list"),
    path("projects/sessions/new/", sessions.consultation_new, name="consultation_new"),
    path("projects/sessions/<int:consultation_id>/", sessions.consultation, name="consultation"),
    path("projects/sessions/<int:consultation_id>/keep/", sessions.consultation_keep, name="consultation_keep"),
    path("projects/sessions/<int:consultation_id>/resolve/", sessions.consultation_resolve, name="consultation_resolve"),
    path("projects/resolutions/<int:resolution_id>/finish/", sessions.resolution_finish, name="resolution_finish"),
    path("projects/decisions/", sessions.decision_list, name="decision_list"),
    path("projects/decisions/ask/", sessions.decision_ask, name="decision_ask"),
    path("projects/decisions/<int:decision_id>/act/", sessions.decision_act, name="decision_act"),
    path("projects/weekly/", weekly.project_dispatch, name="project_dispatch"),
    path("projects/weekly/make/", weekly.project_week_make, name="project_week_make"),
    path("projects/weekly/<int:project_week_id>/", weekly.project_week, name="project_week"),
    path("projects/weekly/<int:project_week_id>/print/", weekly.project_week_paper, name="project_week_paper"),
    path("projects/weekly/<int:project_week_id>/add/", weekly.project_week_add, name="project_week_add"),
    path("projects/weekly/<int:project_week_id>/issue/", weekly.project_week_issue, name="project_week_issue"),
    path("projects/weekly/lines/<int:project_line_id>/", weekly.project_line_keep, name="project_line_keep"),
    path("projects/supervised/", weekly.project_supervised, name="project_supervised"),
]  # fmt: skip
