"""Addresses of service points."""

from django.urls import path

from xiaoer.permits.pages import agency, point_day, point_public, point_records, points

urlpatterns = [
    path("points/", points.service_points, name="service_points"),
    path("points/new/", points.service_point_new, name="service_point_new"),
    path("points/figures/", point_records.point_figures, name="point_figures"),
    path("points/records/", point_records.service_records, name="service_records"),
    path(
        "points/records/<int:service_record_id>/",
        point_records.service_record,
        name="service_record",
    ),
    path("points/licence-uses/", point_records.licence_uses, name="licence_uses"),
    path("points/licence-uses/add/", point_records.licence_use_add, name="licence_use_add"),
    path("points/extended/<slug:verb>/", points.extended_service_do, name="extended_service_do"),
    path("points/<int:point_id>/", points.service_point, name="service_point"),
    path("points/<int:point_id>/change/", points.service_point_change, name="service_point_change"),
    path("points/<int:point_id>/close/", points.service_point_close, name="service_point_close"),
    path("points/<int:point_id>/services/", points.point_services, name="point_services"),
    path("points/<int:point_id>/day/", point_day.point_day, name="point_day"),
    path("points/<int:point_id>/slots/", point_day.point_slots_open, name="point_slots_open"),
    path("points/<int:point_id>/book/", point_day.point_book, name="point_book"),
    path("points/<int:point_id>/do/<slug:verb>/", point_day.point_day_do, name="point_day_do"),
    path("points/<int:point_id>/record/", point_records.point_record, name="point_record"),
    path("mandates/", agency.mandate_list, name="mandates"),
    path("mandates/new/", agency.mandate_new, name="mandate_new"),
    path("mandates/<int:mandate_id>/", agency.mandate, name="mandate"),
    path("mandates/<int:mandate_id>/file/", agency.mandate_file, name="mandate_file"),
    path("my-points/", point_public.my_points, name="my_points"),
    path("my-points/<int:point_id>/book/", point_public.my_point_book, name="my_point_book"),
    path("my-points/do/<slug:verb>/", point_public.my_points_do, name="my_points_do"),
    path("public/points/<slug:zone_code>/", point_public.points_public, name="points_public"),
    path(
        "public/points/<slug:zone_code>/<slug:point_code>/",
        point_public.point_public,
        name="point_public",
    ),
    path(
        "public/points/<slug:zone_code>/<slug:point_code>/book/",
        point_public.point_public_book,
        name="point_public_book",
    ),
    path(
        "public/points/<slug:zone_code>/<slug:point_code>/calls/",
        point_public.point_calls,
        name="point_calls",
    ),
    path(
        "public/appointments/<str:token>/",
        point_public.appointment_public,
        name="appointment_public",
    ),
]
