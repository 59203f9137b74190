"""Addresses of definitions."""

from django.urls import path

from xiaoer.permits.pages import thing_writing as writing
from xiaoer.permits.pages import things

urlpatterns = [
    path("things/", things.thing_list, name="thing_list"),
    path("things/add/", writing.thing_add, name="thing_add"),
    path("things/import/", writing.thing_import, name="thing_import"),
    path("things/<int:thing_id>/", things.thing, name="thing"),
    path("things/<int:thing_id>/change/", writing.thing_change, name="thing_change"),
    path("things/<int:thing_id>/draft/", writing.thing_draft, name="thing_draft"),
    path("things/<int:thing_id>/compare/", things.thing_compare, name="thing_compare"),
    path(
        "things/versions/<int:thing_version_id>/export.json",
        things.thing_export,
        name="thing_export",
    ),
    path(
        "things/versions/<int:thing_version_id>/guide.pdf", things.thing_guide, name="thing_guide"
    ),
    path(
        "things/versions/<int:thing_draft_id>/release/",
        writing.thing_release,
        name="thing_release",
    ),
    path(
        "things/versions/<int:thing_draft_id>/withdraw/",
        writing.thing_withdraw,
        name="thing_withdraw",
    ),
    path(
        "things/versions/<int:thing_version_id>/retire/",
        writing.thing_retire,
        name="thing_retire",
    ),
    path(
        "things/versions/<int:thing_draft_id>/<slug:part>/<slug:part_code>/",
        writing.thing_part,
        name="thing_part",
    ),
]
