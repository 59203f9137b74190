"""Addresses of the base."""

from django.urls import URLPattern, path

from xiaoer.base.pages import administration, mine, officers, offices, people, session, sight

urlpatterns: list[URLPattern] = [
    path("switch/", session.switch_post, name="switch_post"),
    path("switch-zone/", session.switch_zone, name="switch_zone"),
    path("language/", session.set_language, name="set_language"),
    path("me/", mine.me, name="me"),
    path("me/tokens/", mine.token_make, name="token_make"),
    path("me/tokens/<int:token_id>/revoke/", mine.token_revoke, name="token_revoke"),
    path("my-access/", sight.what_may_i_see, name="what_may_i_see"),
    path("journal/", sight.journal, name="journal"),
    path("administration/", administration.administration, name="administration"),
    path("people/", people.people, name="people"),
    path("people/add/", people.person_add, name="person_add"),
    path("people/sheet/", officers.officers_add, name="officers_add"),
    path("people/sheet/add/", officers.officers_create, name="officers_create"),
    path("people/sheet/rejects/", officers.officers_rejects, name="officers_rejects"),
    path("people/sheet/example/", officers.officers_example, name="officers_example"),
    path("people/<int:person_id>/", people.person, name="person"),
    path("people/<int:person_id>/change/", people.person_change, name="person_change"),
    path("people/<int:person_id>/leave/", people.person_leave, name="person_leave"),
    path("people/<int:person_id>/return/", people.person_return, name="person_return"),
    path("people/<int:person_id>/posts/", people.post_give, name="post_give"),
    path("people/<int:person_id>/account/", people.account_give, name="account_give"),
    path("people/<int:person_id>/account/close/", people.account_close, name="account_close"),
    path("people/<int:person_id>/account/open/", people.account_open, name="account_open"),
    path("people/<int:person_id>/password/", people.password_reset, name="password_reset"),
    path("posts/<int:post_id>/end/", people.post_end, name="post_end"),
    path("posts/<int:post_id>/move/", people.post_move, name="post_move"),
    path("posts/<int:post_id>/deputies/", people.deputy_name, name="deputy_name"),
    path("deputies/<int:deputy_id>/end/", people.deputy_end, name="deputy_end"),
    path("offices/", offices.office_list, name="office_list"),
    path("offices/open/", offices.office_open, name="office_open"),
    path("offices/<int:office_id>/", offices.office, name="office"),
    path("offices/<int:office_id>/change/", offices.office_change, name="office_change"),
    path("offices/<int:office_id>/close/", offices.office_close, name="office_close"),
    path("offices/<int:office_id>/members/", offices.member_add, name="member_add"),
]
