"""Addresses of facts."""

from django.urls import path

from xiaoer.facts import pages
from xiaoer.facts.pages import dictionary, firm

urlpatterns = [
    path("indicators/", pages.indicators, name="indicators"),
    path("indicators/records/", pages.indicator_records, name="indicator_records"),
    path("indicators/zones/", pages.city_indicators, name="city_indicators"),
    path("indicators/add/", pages.indicator_add, name="indicator_add"),
    path("indicators/metrics/", pages.metric_list, name="metric_list"),
    path("indicators/metrics/add/", pages.metric_add, name="metric_add"),
    path("indicators/import/", pages.indicator_import, name="indicator_import"),
    path("indicators/import/<int:run_id>/", pages.import_run, name="fact_import"),
    path("indicators/import/<int:run_id>/file/", pages.import_file, name="fact_import_file"),
    path("indicators/import/<int:run_id>/match/", pages.import_match, name="fact_import_match"),
    path("indicators/import/<int:run_id>/answer/", pages.import_answer, name="fact_import_answer"),
    path("indicators/import/<int:run_id>/firms/", pages.import_firms, name="fact_import_firms"),
    path(
        "indicators/import/<int:run_id>/confirm/", pages.import_confirm, name="fact_import_confirm"
    ),
    path(
        "indicators/import/<int:run_id>/progress/",
        pages.import_progress,
        name="fact_import_progress",
    ),
    path("indicators/import/<int:run_id>/again/", pages.import_again, name="fact_import_again"),
    path("indicators/import/<int:run_id>/leave/", pages.import_leave, name="fact_import_leave"),
    path("indicators/import/<int:run_id>/commit/", pages.import_commit, name="fact_import_commit"),
    path("indicators/import/<int:run_id>/undo/", pages.import_undo, name="fact_import_undo"),
    path("indicators/<slug:code>/", pages.indicator, name="indicator"),
    path("enterprises/<int:party_id>/facts/", pages.enterprise_facts, name="enterprise_facts"),
    path("enterprises/<int:party_id>/figures/", firm.enterprise_figures, name="enterprise_figures"),
    path(
        "enterprises/<int:party_id>/dictionary/", dictionary.firm_dictionary, name="firm_dictionary"
    ),
    path(
        "enterprises/<int:party_id>/dictionary/<slug:word>/", dictionary.firm_word, name="firm_word"
    ),
]
