"""Addresses of outreach."""

from django.urls import URLPattern, path

from xiaoer.outreach.pages import (
    appeal,
    behalf,
    cards,
    figures,
    firm,
    kinds,
    mine,
    pool,
    public,
    sheets,
    tabs,
    visits,
)

urlpatterns: list[URLPattern] = [
    path("r/<str:code>/", public.card, name="card"),
    path("t/<str:token>/", public.track, name="track"),
    path("t/<str:token>/papers/", public.track_papers, name="track_papers"),
    path("t/<str:token>/papers/<int:number>/", public.track_paper, name="track_paper"),
    path(
        "t/<str:token>/papers/<int:number>/remove/",
        public.track_paper_remove,
        name="track_paper_remove",
    ),
    path(
        "t/<str:token>/papers/<int:number>/return/",
        public.track_paper_return,
        name="track_paper_return",
    ),
    path("appeals/", pool.appeal_list, name="appeal_list"),
    path("appeals/new/", behalf.appeal_new, name="appeal_new"),
    path("appeals/new/<int:enterprise_id>/", behalf.appeal_new, name="appeal_new_for"),
    path("request-figures/", figures.appeal_figures, name="appeal_figures"),
    path("request-figures/<slug:figure>/", figures.appeals_behind, name="appeals_behind"),
    path("appeals/<int:appeal_id>/", appeal.appeal, name="appeal"),
    path("appeals/<int:appeal_id>/do/<str:verb>/", appeal.appeal_do, name="appeal_do"),
    path("appeals/<int:appeal_id>/phone/", appeal.appeal_phone, name="appeal_phone"),
    path(
        "appeals/<int:appeal_id>/transfer-sheet.<str:kind>",
        sheets.transfer_sheet,
        name="transfer_sheet",
    ),
    path("kinds-of-request/", kinds.kinds, name="kinds"),
    path("my/appeals/", mine.my_appeals, name="my_appeals"),
    path("my/appeals/new/", mine.my_appeal_new, name="my_appeal_new"),
    path("my/appeals/<int:appeal_id>/", mine.my_appeal, name="my_appeal"),
    path(
        "enterprises/<int:enterprise_id>/appeals/",
        tabs.enterprise_appeals,
        name="enterprise_appeals",
    ),
    path(
        "enterprises/<int:enterprise_id>/visits/", tabs.enterprise_visits, name="enterprise_visits"
    ),
    path(
        "enterprises/<int:enterprise_id>/requests/card/",
        firm.enterprise_requests_card,
        name="enterprise_requests_card",
    ),
    path(
        "enterprises/<int:enterprise_id>/requests/light/",
        firm.enterprise_light,
        name="enterprise_light",
    ),
    path(
        "enterprises/<int:enterprise_id>/visits/card/",
        firm.enterprise_visits_card,
        name="enterprise_visits_card",
    ),
    path(
        "enterprises/<int:enterprise_id>/visits/last/",
        firm.enterprise_last_visit,
        name="enterprise_last_visit",
    ),
    path("visits/", visits.visit_list, name="visit_list"),
    path("visits/new/", visits.visit_new, name="visit_new"),
    path("visits/new/<int:enterprise_id>/", visits.visit_new, name="visit_new_for"),
    path("visits/<int:visit_id>/", visits.visit, name="visit"),
    path("visits/<int:visit_id>/correct/", visits.visit_correct, name="visit_correct"),
    path("programmes/", visits.programmes, name="programmes"),
    path("programmes/open/", visits.programme_open, name="programme_open"),
    path("programmes/day/", visits.day_open, name="day_open"),
    path("cards/", cards.card_list_page, name="card_list"),
    path("cards/make/", cards.cards_make, name="cards_make"),
    path("cards/print/", cards.cards_print, name="cards_print"),
    path("cards/prints/<int:run_id>/", cards.card_print, name="card_print"),
    path("cards/prints/<int:run_id>/file/", cards.card_print_file, name="card_print_file"),
    path("cards/prints/<int:run_id>/again/", cards.card_print_again, name="card_print_again"),
    path("cards/hand-out/", cards.cards_hand_out, name="cards_hand_out"),
    path("cards/<int:card_id>/", cards.card_page, name="card_page"),
    path("cards/<int:card_id>/<slug:verb>/", cards.card_do, name="card_do"),
]
