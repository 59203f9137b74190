"""Addresses of joint acceptance."""

from django.urls import path

from xiaoer.permits.pages import acceptance, my_acceptance, site_days

urlpatterns = [
    path("acceptances/", acceptance.acceptance_list, name="acceptance_list"),
    path("acceptances/new/", acceptance.acceptance_new, name="acceptance_new"),
    path("acceptances/days/", site_days.site_days, name="site_days"),
    path("acceptances/days/do/<slug:verb>/", site_days.site_days_do, name="site_days_do"),
    path("acceptances/settings/", site_days.acceptance_settings, name="acceptance_settings"),
    path("acceptances/settings/<slug:verb>/", site_days.acceptance_set, name="acceptance_set"),
    path("acceptances/<int:acceptance_id>/", acceptance.acceptance_page, name="acceptance"),
    path(
        "acceptances/<int:acceptance_id>/do/<slug:verb>/",
        acceptance.acceptance_do,
        name="acceptance_do",
    ),
    path(
        "projects/<int:project_id>/acceptances/",
        acceptance.project_acceptances,
        name="project_acceptances",
    ),
    path("my/acceptances/", my_acceptance.my_acceptances, name="my_acceptances"),
    path("my/acceptances/new/", my_acceptance.my_acceptance_new, name="my_acceptance_new"),
    path(
        "my/acceptances/<int:my_acceptance_id>/", my_acceptance.my_acceptance, name="my_acceptance"
    ),
    path(
        "my/acceptances/<int:my_acceptance_id>/do/<slug:verb>/",
        my_acceptance.my_acceptance_do,
        name="my_acceptance_do",
    ),
]
