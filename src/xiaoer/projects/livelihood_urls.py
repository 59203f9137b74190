"""Addresses of the livelihood list."""

from django.urls import path

from xiaoer.projects.pages import livelihood, livelihood_public

urlpatterns = [
    path("livelihood/", livelihood.livelihood_list, name="livelihood"),
    path("livelihood/new/", livelihood.livelihood_new, name="livelihood_new"),
    path("livelihood/show/", livelihood.livelihood_show_year, name="livelihood_show_year"),
    path("livelihood/places/", livelihood.livelihood_places, name="livelihood_places"),
    path("livelihood/list.pdf", livelihood.livelihood_paper, name="livelihood_paper"),
    path(
        "livelihood/pictures/<int:picture_id>/file/",
        livelihood.livelihood_picture,
        name="livelihood_picture",
    ),
    path("livelihood/<int:livelihood_id>/", livelihood.livelihood_item, name="livelihood_item"),
    path(
        "livelihood/<int:livelihood_id>/change/",
        livelihood.livelihood_change,
        name="livelihood_change",
    ),
    path(
        "livelihood/<int:livelihood_id>/do/<slug:verb>/",
        livelihood.livelihood_do,
        name="livelihood_do",
    ),
    path(
        "public/livelihood/<slug:zone_code>/",
        livelihood_public.livelihood_public,
        name="livelihood_public",
    ),
    path(
        "public/livelihood/<slug:zone_code>/pictures/<int:picture_id>/file/",
        livelihood_public.livelihood_public_picture,
        name="livelihood_public_picture",
    ),
]
