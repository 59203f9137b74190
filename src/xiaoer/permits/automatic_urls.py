"""Addresses of unattended approval, for those who look after it."""

from django.urls import path

from xiaoer.permits.pages import automatic_desk, automatic_packs

urlpatterns = [
    path("automatic/", automatic_desk.automatic_queue, name="automatic_queue"),
    path(
        "automatic/reviews/<int:auto_review_id>/",
        automatic_desk.automatic_review,
        name="automatic_review",
    ),
    path(
        "automatic/reviews/<int:auto_review_id>/crop/<int:reading_id>/",
        automatic_desk.automatic_crop,
        name="automatic_crop",
    ),
    path(
        "automatic/reviews/<int:auto_review_id>/do/<slug:verb>/",
        automatic_desk.automatic_review_do,
        name="automatic_review_do",
    ),
    path("automatic/samples/", automatic_desk.automatic_samples, name="automatic_samples"),
    path("automatic/checks/", automatic_desk.automatic_checks, name="automatic_checks"),
    path(
        "automatic/checks/<int:post_check_id>/",
        automatic_desk.automatic_check,
        name="automatic_check",
    ),
    path(
        "automatic/decisions/<int:auto_decision_id>/",
        automatic_desk.automatic_decision,
        name="automatic_decision",
    ),
    path("automatic/packs/", automatic_packs.automatic_packs, name="automatic_packs"),
    path("automatic/packs/<int:pack_id>/", automatic_packs.automatic_pack, name="automatic_pack"),
    path(
        "automatic/packs/<int:pack_id>/do/<slug:verb>/",
        automatic_packs.automatic_pack_do,
        name="automatic_pack_do",
    ),
    path("automatic/registers/", automatic_packs.shared_registers, name="shared_registers"),
    path(
        "automatic/registers/<int:register_id>/",
        automatic_packs.shared_register,
        name="shared_register",
    ),
    path(
        "automatic/registers/<int:register_id>/do/<slug:verb>/",
        automatic_packs.shared_register_do,
        name="shared_register_do",
    ),
]
