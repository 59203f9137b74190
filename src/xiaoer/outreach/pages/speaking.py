"""What an enterprise may say about its request: the same on its link and on its own page."""

from collections.abc import Callable
from datetime import datetime

from django.http import Http404, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiaoer.base.scope import Actor
from xiaoer.outreach import actions as outreach
from xiaoer.outreach import queries
from xiaoer.outreach.models import Appeal
from xiaoer.outreach.pages import clocks, reading
from xiaoer.outreach.queries import AppealPage

Said = Callable[[QueryDict, Actor, datetime, Appeal], object]

# 1 to 5 as people say it; the best stands first, where a thumb is.
MARKS: tuple[tuple[int, str | Promise], ...] = (
    (5, _("very content")),
    (4, _("content")),
    (3, _("so-so")),
    (2, _("not content")),
    (1, _("not at all content")),
)


def _confirm(post: QueryDict, by: Actor, now: datetime, appeal: Appeal) -> object:
    return outreach.confirm_solved(
        by=by,
        now=now,
        appeal=appeal,
        version=reading.version(post),
        satisfaction=reading.number(post.get("satisfaction")),
        words=reading.said(post, "words", 500),
    )


def _reopen(post: QueryDict, by: Actor, now: datetime, appeal: Appeal) -> object:
    return outreach.reopen_appeal(
        by=by,
        now=now,
        appeal=appeal,
        version=reading.version(post),
        words=reading.said(post, "why", 2000),
    )


def _withdraw(post: QueryDict, by: Actor, now: datetime, appeal: Appeal) -> object:
    return outreach.withdraw_appeal(
        by=by,
        now=now,
        appeal=appeal,
        version=reading.version(post),
        words=reading.said(post, "words", 500),
    )


def _take_back(post: QueryDict, by: Actor, now: datetime, appeal: Appeal) -> object:
    return outreach.take_back_appeal(by=by, now=now, appeal=appeal, version=reading.version(post))


def _confirm_again(post: QueryDict, by: Actor, now: datetime, appeal: Appeal) -> object:
    return outreach.confirm_again(
        by=by,
        now=now,
        appeal=appeal,
        version=reading.version(post),
        words=reading.said(post, "words", 500),
    )


def _add(post: QueryDict, by: Actor, now: datetime, appeal: Appeal) -> object:
    return outreach.add_words(
        by=by, now=now, appeal_id=appeal.pk, words=reading.said(post, "body", 4000)
    )


SAID: dict[str, Said] = {
    "add_words": _add,
    "confirm_solved": _confirm,
    "reopen_appeal": _reopen,
    "withdraw_appeal": _withdraw,
    "take_back_appeal": _take_back,
    "confirm_again": _confirm_again,
}


def say(post: QueryDict, *, by: Actor, now: datetime, appeal: Appeal) -> None:
    """Do what the form asks for; a word nobody knows is an address nobody has."""
    said = SAID.get(post.get("do", ""))
    if said is None:
        raise Http404
    said(post, by, now, appeal)


def page_of(shown: AppealPage, *, address: str, now: datetime) -> dict[str, object]:
    """What the page of a request needs to let its enterprise read and speak."""
    row = shown.appeal
    return {
        "shown": shown,
        "appeal": row,
        "address": address,
        "may_take_back": "take_back_appeal" in shown.may,
        "is_under_way": row.state in queries.UNDER_WAY,
        "may_add": row.state in queries.OPEN_STATES,
        "marks": MARKS,
        "clocks": clocks.draw(shown, now),
    }
