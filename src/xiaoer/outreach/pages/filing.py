"""The form of a request, wherever it is filled in: what was typed, what resembles it, the filing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from xiaoer.base.scope import Actor
from xiaoer.outreach import actions as outreach
from xiaoer.outreach import queries
from xiaoer.outreach.models import Appeal, AppealKind, Programme
from xiaoer.outreach.pages import reading
from xiaoer.outreach.queries import Near
from xiaoer.registry.models import Party
from xiaoer.web.words import day as show_day

ANOTHER = "new"


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person typed about a difficulty, read."""

    title: str
    body: str
    kind: AppealKind | None
    urgency: str
    money_fen: int | None
    contact_name: str
    contact_phone: str


def read_typed(post: QueryDict, *, by: Actor) -> Typed:
    """The fields of the form; lengths of title and text are the verb's to judge."""
    return Typed(
        title=reading.words(post, "title"),
        body=reading.words(post, "body"),
        kind=reading.kind(post, by=by),
        urgency=post.get("urgency") or Appeal.Urgency.NORMAL,
        money_fen=reading.money(post),
        contact_name=reading.said(post, "contact_name", 60),
        contact_phone=reading.said(post, "contact_phone", 40),
    )


def near(
    post: QueryDict, typed: Typed, *, by: Actor, party: Party, now: datetime
) -> tuple[Near, ...]:
    """Requests that may be the same thing, unless the filer has already said that they are not."""
    if post.get("same") == ANOTHER:
        return ()
    return tuple(
        queries.duplicates_near(
            by=by, party_id=party.pk, title=typed.title, body=typed.body, now=now
        )
    )


def choices(near: Sequence[Near], now: datetime) -> list[tuple[object, str, str]]:
    """What the filer may answer: it is one of these, or another matter."""
    open_ones = [
        (
            one.appeal_id,
            _("Add to %(no)s") % {"no": one.receipt_no},
            " · ".join(filter(None, (show_day(one.filed_at, now), one.state_words, one.title))),
        )
        for one in near
        if one.state in queries.OPEN_STATES
    ]
    return [*open_ones, (ANOTHER, _("It is another matter"), _("File it by itself"))]


def chosen_same(post: QueryDict) -> int | None:
    """The request the filer says it is the same as."""
    return reading.number(post.get("same"))


def file_typed(
    typed: Typed,
    *,
    by: Actor,
    now: datetime,
    party: Party,
    channel: str,
    programme: Programme | None = None,
) -> outreach.Filed:
    """File what was typed."""
    return outreach.file_appeal(
        by=by,
        now=now,
        party=party,
        channel=channel,
        title=typed.title,
        body=typed.body,
        kind=typed.kind,
        urgency=typed.urgency,
        money_fen=typed.money_fen,
        contact_name=typed.contact_name,
        contact_phone=typed.contact_phone,
        programme=programme,
    )
