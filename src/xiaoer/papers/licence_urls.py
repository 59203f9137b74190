"""Addresses of licences, held papers and the public check."""

from django.urls import path

from xiaoer.papers.pages import check, held, licences

urlpatterns = [
    path("check/", check.check, name="check"),
    path("check/<str:code>/", check.check_paper, name="check_paper"),
    path("licences/", licences.licence_list, name="licence_list"),
    path("licences/kinds/", licences.licence_kinds, name="licence_kinds"),
    path("licences/kinds/<int:licence_kind_id>/", licences.licence_kind, name="licence_kind"),
    path(
        "licences/kinds/<int:licence_kind_id>/preview/",
        licences.licence_kind_preview,
        name="licence_kind_preview",
    ),
    path("licences/<int:licence_id>/", licences.licence, name="licence"),
    path("licences/<int:licence_id>/file/", licences.licence_file, name="licence_file"),
    path("licences/<int:licence_id>/sealed/", licences.licence_sealed, name="licence_sealed"),
    path("licences/<int:licence_id>/turn/", licences.licence_turn, name="licence_turn"),
    path("licences/<int:licence_id>/replace/", licences.licence_replace, name="licence_replace"),
    path("licences/<int:licence_id>/send/", licences.licence_send, name="licence_send"),
    path(
        "enterprises/<int:enterprise_id>/papers/", held.enterprise_papers, name="enterprise_papers"
    ),
    path("parties/<int:party_id>/papers/give/", held.paper_give, name="paper_give"),
    path("held-papers/<int:held_paper_id>/", held.held_file, name="held_file"),
    path("held-papers/<int:held_paper_id>/withdraw/", held.paper_withdraw, name="paper_withdraw"),
    path("consents/<int:consent_id>/withdraw/", held.consent_withdraw, name="consent_withdraw"),
    path("notices-made/<int:notice_id>/", held.notice_file, name="notice_file"),
    path("my/papers/", held.my_papers, name="my_papers"),
    path("my/licences/<int:licence_id>/file/", held.my_licence_file, name="my_licence_file"),
]
