"""Addresses of kinds of paper, readings and quarantine."""

from django.urls import path

from xiaoer.papers.pages import keeping

urlpatterns = [
    path("paper-kinds/", keeping.paper_kinds, name="paper_kinds"),
    path("paper-kinds/<int:paper_kind_id>/", keeping.paper_kind, name="paper_kind"),
    path("paper-kinds/<int:paper_kind_id>/try/", keeping.try_paper_kind, name="try_paper_kind"),
    path("readings/<int:reading_id>/", keeping.reading, name="reading"),
    path(
        "readings/<int:reading_id>/pages/<int:number>.png", keeping.reading_page,
        name="reading_page",
    ),
    path(
        "readings/<int:reading_id>/fields/<slug:code>.png", keeping.reading_crop,
        name="reading_crop",
    ),
    path("quarantine/", keeping.quarantine, name="quarantine"),
]  # fmt: skip
