"""Addresses of outreach."""

from django.urls import URLPattern, path

from xiaoer.outreach.pages import appeal, pool, public, sheets

urlpatterns: list[URLPattern] = [
    path("r/<str:code>/", public.card, name="card"),
    path("t/<str:token>/", public.track, name="track"),
    path("appeals/", pool.appeal_list, name="appeal_list"),
    path("appeals/new/", pool.appeal_list, name="appeal_new"),
    path("appeals/<int:appeal_id>/", appeal.appeal, name="appeal"),
    path("appeals/<int:appeal_id>/do/<str:verb>/", appeal.appeal_do, name="appeal_do"),
    path("appeals/<int:appeal_id>/phone/", appeal.appeal_phone, name="appeal_phone"),
    path(
        "appeals/<int:appeal_id>/transfer-sheet.<str:kind>",
        sheets.transfer_sheet,
        name="transfer_sheet",
    ),
]
