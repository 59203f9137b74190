"""Rows named by number in a request of the API, and answers made of what the questions return."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from xiaoer.base.doors import found
from xiaoer.base.models import Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.outreach import actions as outreach
from xiaoer.outreach import queries
from xiaoer.outreach.api.fieldwork_schemas import HeardIn, StepIn
from xiaoer.outreach.api.given import RequestIn
from xiaoer.outreach.models import Appeal, AppealKind, FieldChoice, FieldQuestion
from xiaoer.outreach.queries import AppealPage

M = TypeVar("M", bound=Model)
# What the answer takes from the table, and what from the page's question.
OF_ROW = (
    "id", "receipt_no", "version", "title", "body", "party_id", "channel", "urgency", "is_hard",
    "money_fen", "contact_name", "is_phone_verified", "state", "ball", "result", "filed_at",
    "solve_due_at", "promised_on", "answered_at", "confirmed_at", "confirmed_through",
    "satisfaction", "satisfaction_words", "reopened", "transferred_to", "supervised_at",
)  # fmt: skip
OF_PAGE = (
    "enterprise", "kind", "phone", "office", "handler", "first", "light", "remaining",
    "working_day", "merged_into", "clocks", "story", "joint", "later_dates", "similar",
)  # fmt: skip


def one(model: type[M], number: int | None, *, by: Actor, field: str) -> M | None:
    """A row of the asker's zone; one that is not here is refused, never guessed."""
    if number is None:
        return None
    row = model._default_manager.filter(zone_id=by.zone_id, pk=number).first()
    if row is None:
        raise Refused(_("Choose one of the list."), field=field)
    return row


def must_have(model: type[M], number: int, *, by: Actor, field: str) -> M:
    row = one(model, number, by=by, field=field)
    assert row is not None  # noqa: S101  # a number was given, so it was found or refused
    return row


def several(model: type[M], numbers: Sequence[int], *, by: Actor, field: str) -> Sequence[M]:
    rows = list(model._default_manager.filter(zone_id=by.zone_id, pk__in=numbers))
    if len(rows) != len(set(numbers)):
        raise Refused(_("Choose from the list."), field=field)
    return rows


def the_appeal(by: Actor, appeal_id: int) -> Appeal:
    return found(queries.appeal(by=by, appeal_id=appeal_id))


def appeal_out(by: Actor, appeal_id: int, now: datetime) -> dict[str, Any]:
    """A request as it stands for the asker."""
    return page_out(found(queries.appeal_page(by=by, appeal_id=appeal_id, now=now)))


def page_out(shown: AppealPage) -> dict[str, Any]:
    row = shown.appeal
    return {
        **{name: getattr(row, name) for name in OF_ROW},
        **{name: getattr(shown, name) for name in OF_PAGE},
        "may": sorted(shown.may),
    }


def raised_of(what: RequestIn, by: Actor) -> outreach.Raised:
    """A request raised on the spot."""
    return outreach.Raised(
        title=what.title,
        body=what.body,
        kind=one(AppealKind, what.kind, by=by, field="requests"),
        urgency=what.urgency,
        money_fen=what.money_fen,
        contact_name=what.contact_name,
        contact_phone=what.contact_phone,
    )


def heard_of(what: HeardIn, by: Actor) -> outreach.Heard:
    """An answer to a question of the set."""
    return outreach.Heard(
        question=must_have(FieldQuestion, what.question, by=by, field="answers"),
        choice=one(FieldChoice, what.choice, by=by, field="answers"),
        day=what.day,
        words=what.words,
    )


def step_of(what: StepIn, by: Actor) -> outreach.Step:
    """A next step that was promised."""
    return outreach.Step(what.what, what.due_on, one(Post, what.post, by=by, field="steps"))


def filed_out(request: HttpRequest, filed: outreach.Filed) -> dict[str, Any]:
    return {
        "id": filed.appeal.pk,
        "receipt_no": filed.receipt_no,
        "token": filed.token,
        "link": request.build_absolute_uri(reverse("track", args=[filed.token])),
    }
