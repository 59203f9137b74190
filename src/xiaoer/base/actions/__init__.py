"""Verbs of the base: offices, people, posts, accounts, tokens, files."""

from xiaoer.base.actions.accounts import (
    NewPassword,
    choose_language,
    choose_own_password,
    close_account,
    give_account,
    make_password,
    make_token,
    open_account,
    reset_password,
    revoke_token,
    set_password,
)
from xiaoer.base.actions.offices import change_office, close_office, open_office
from xiaoer.base.actions.people import add_person, change_person, person_back, person_left
from xiaoer.base.actions.posts import (
    end_deputy,
    end_post,
    give_post,
    move_post,
    name_deputy,
)
from xiaoer.base.actions.zones import set_complaint_phone

__all__ = [
    "NewPassword",
    "add_person",
    "change_office",
    "change_person",
    "choose_language",
    "choose_own_password",
    "close_account",
    "close_office",
    "end_deputy",
    "end_post",
    "give_account",
    "give_post",
    "make_password",
    "make_token",
    "move_post",
    "name_deputy",
    "open_account",
    "open_office",
    "person_back",
    "person_left",
    "reset_password",
    "revoke_token",
    "set_complaint_phone",
    "set_password",
]
