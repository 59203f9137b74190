"""Addresses of the staff's side of cases."""

from django.urls import path

from xiaoer.permits.pages import case_acts, case_papers, cases

urlpatterns = [
    path("cases/", cases.case_queue, name="case_queue"),
    path("cases/desk/", cases.case_desk, name="case_desk"),
    path("cases/all/", cases.case_list, name="case_list"),
    path("cases/promised/", cases.case_promised, name="case_promised"),
    path("cases/promised/<int:material_id>/", case_acts.case_paper_settle, name="case_paper_settle"),
    path("cases/overview/", cases.case_overview, name="case_overview"),
    path("cases/<int:case_id>/", cases.permit_case, name="permit_case"),
    path("cases/<int:case_id>/act/", case_acts.case_act, name="case_act"),
    path("cases/<int:case_id>/supplement/", case_acts.case_supplement, name="case_supplement"),
    path("cases/<int:case_id>/archive/", case_acts.case_archive, name="case_archive"),
    path("cases/steps/<int:case_step_id>/", case_acts.step_act, name="step_act"),
    path("cases/items/<int:case_item_id>/", case_acts.item_act, name="item_act"),
    path("cases/visits/<int:visit_part_id>/", case_acts.visit_act, name="case_visit_act"),
    path("cases/papers/<int:material_id>/", case_papers.case_material, name="case_material"),
    path(
        "cases/papers/<int:material_id>/file/", case_papers.case_material_file,
        name="case_material_file",
    ),
    path(
        "cases/papers/<int:material_id>/pages/<int:number>.png", case_papers.case_material_page,
        name="case_material_page",
    ),
    path("cases/notices/<int:case_notice_id>/", case_acts.case_notice, name="case_notice"),
    path("enterprises/<int:enterprise_id>/cases/", cases.enterprise_cases, name="enterprise_cases"),
]  # fmt: skip
