"""Address of the published decisions."""

from django.urls import path

from xiaoer.permits.pages import automatic_public

urlpatterns = [
    path(
        "public/decisions/<slug:zone_code>/",
        automatic_public.automatic_public,
        name="automatic_public",
    ),
]
