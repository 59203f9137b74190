"""Messages on their way out: claimed, sent outside every transaction, recorded, tried again.

A message is sent at least once. Whoever is killed between sending and recording leaves a claim that
runs out; the message then goes again under the same number, by which the receiver drops a double.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from xiaoer.base import envelopes, journal
from xiaoer.base.models import Zone
from xiaoer.base.scope import Actor
from xiaoer.work import access, reminding, robots, wires
from xiaoer.work.models import Delivery, DeliveryAttempt, Hook, Reminder, Way

JOB = "send_delivery"
# Longer than any attempt may take; after it, whoever claimed is taken for dead.
CLAIM_LASTS = timedelta(minutes=2)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)

State = Delivery.State
Result = DeliveryAttempt.Result


def put_out(delivery: Delivery, now: datetime) -> Delivery:
    """Keep a message and ask for it to be sent, in the transaction of whatever it is about."""
    delivery.made_at = delivery.next_at = now
    delivery.save()
    app.configure_task(JOB).defer(zone_id=delivery.zone_id, delivery_id=delivery.pk)
    return delivery


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message somebody holds, with all that sending it needs, secrets included."""

    delivery_id: int
    claim: uuid.UUID
    way: str
    style: str
    url: str
    secret: str
    address: str
    message: robots.Message

    def send(self, now: datetime) -> wires.Outcome:
        """Send it; outside of any transaction, for it may take long."""
        if self.way == Way.EMAIL:
            text = self.message.text
            letter = wires.Mail(self.message.number, self.address, self.message.title, text)
            return wires.mail(letter)
        request = robots.request(
            self.style, url=self.url, secret=self.secret, message=self.message, now=now
        )
        outcome = wires.post(request)
        said = robots.refusal_in(self.style, outcome.body) if outcome.is_sent else ""
        if not said:
            return outcome
        words = _("The robot refused: %(said)s") % {"said": said}
        return wires.Outcome(False, outcome.code, words, took_ms=outcome.took_ms)


@transaction.atomic
def claim_delivery(*, by: Actor, now: datetime, delivery_id: int) -> Claimed | None:
    """Take a message whose turn it is; None when it is not, or somebody else has it.

    One left by a killed sender is written down as such: it may have arrived.
    """
    access.must_be_system(by)
    row = (
        Delivery.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("hook")
        .filter(zone_id=by.zone_id, pk=delivery_id)
        .filter(state__in=[State.WAITING, State.SENDING])
        .first()
    )
    if row is None or (row.claimed_until or row.next_at) > now:
        return None
    if row.state == State.SENDING:
        _add_attempt(row, now, Result.UNKNOWN)
        if row.tries >= row.most_tries:
            _end(row, State.GIVEN_UP, now, by)
            return None
    if row.hook is not None and (row.hook.removed_at or row.hook.paused_at):
        _hold_back(row, by, now)
        return None
    row.state, row.claim, row.claimed_until = State.SENDING, uuid.uuid4(), now + CLAIM_LASTS
    row.tries += 1
    row.save(update_fields=["state", "claim", "claimed_until", "tries"])
    return _with_secrets(row)


def _hold_back(row: Delivery, by: Actor, now: datetime) -> None:
    """What is meant for a robot that rests waits; for one that is gone it ends."""
    row.claim = row.claimed_until = None
    if row.hook is not None and row.hook.removed_at:
        _add_attempt(row, now, Result.FAILED, words=_("The robot was removed."))
        _end(row, State.GIVEN_UP, now, by, is_told=False)
        return
    row.state, row.next_at = State.WAITING, now + LONGEST_PAUSE
    row.save(update_fields=["state", "next_at", "claim", "claimed_until"])


def _with_secrets(row: Delivery) -> Claimed:
    hook = row.hook
    zone = Zone.objects.get(pk=row.zone_id)
    items = Reminder.objects.filter(delivery=row).order_by("id")
    return Claimed(
        delivery_id=row.pk,
        claim=row.claim or uuid.uuid4(),
        way=row.way,
        style=hook.style if hook else "",
        url=envelopes.take_out(hook.url_sealed) if hook else "",
        secret=envelopes.take_out(hook.secret_sealed) if hook else "",
        address=row.address,
        message=robots.Message(
            number=str(row.number),
            zone=zone.name,
            title=row.title,
            text=row.text or envelopes.take_out(row.sealed),
            items=tuple(
                robots.Item(
                    item.kind, item.title, item.words, settings.PUBLIC_ADDRESS + item.address
                )
                for item in items
            ),
        ),
    )


@transaction.atomic
def record_attempt(
    *, by: Actor, now: datetime, delivery_id: int, claim: uuid.UUID, outcome: wires.Outcome
) -> Delivery | None:
    """Write down what came of an attempt; None when the claim ran out and another took it over."""
    access.must_be_system(by)
    row = (
        Delivery.objects.select_for_update(of=("self",))
        .select_related("hook")
        .filter(zone_id=by.zone_id, pk=delivery_id, claim=claim, state=State.SENDING)
        .first()
    )
    if row is None:
        return None
    result = Result.SENT if outcome.is_sent else Result.FAILED
    _add_attempt(row, now, result, code=outcome.code, words=outcome.words, took_ms=outcome.took_ms)
    _mark(row.hook, outcome, now)
    if outcome.is_sent:
        _end(row, State.SENT, now, by)
    elif outcome.is_final or row.tries >= row.most_tries:
        _end(row, State.GIVEN_UP, now, by)
    else:
        row.state, row.claim, row.claimed_until = State.WAITING, None, None
        row.next_at = now + pause_after(row.tries)
        row.save(update_fields=["state", "claim", "claimed_until", "next_at"])
    return row


def pause_after(tries: int) -> timedelta:
    """How long to wait after so many attempts: twice as long each time, up to an hour."""
    doubled: int = 2 ** min(tries - 1, 10)
    return min(FIRST_PAUSE * doubled, LONGEST_PAUSE)


def _add_attempt(
    row: Delivery,
    now: datetime,
    result: DeliveryAttempt.Result,
    *,
    code: int | None = None,
    words: str = "",
    took_ms: int | None = None,
) -> None:
    DeliveryAttempt.objects.create(
        zone_id=row.zone_id,
        delivery=row,
        at=now,
        result=result,
        code=code,
        words=words[:300],
        took_ms=took_ms,
    )


def _mark(hook: Hook | None, outcome: wires.Outcome, now: datetime) -> None:
    if hook is None:
        return
    if outcome.is_sent:
        hook.last_success_at = now
    else:
        hook.last_failure_at, hook.last_failure = now, outcome.words[:300]
    hook.save(update_fields=["last_success_at", "last_failure_at", "last_failure"])


def _end(
    row: Delivery, state: Delivery.State, now: datetime, by: Actor, *, is_told: bool = True
) -> None:
    """The message ends. One given up is told on the page of whoever waits for it."""
    row.state, row.ended_at, row.sealed = state, now, ""
    row.claim = row.claimed_until = None
    row.save(update_fields=["state", "ended_at", "sealed", "claim", "claimed_until"])
    if state != State.GIVEN_UP:
        return
    journal.record(by=by, now=now, verb="give_up_delivery", subject=row, count=row.tries)
    told = row.post_id or (row.hook.made_by_id if row.hook else None)
    if is_told and told is not None and row.purpose == Delivery.Purpose.REMINDERS:
        Reminder.objects.create(
            zone_id=row.zone_id,
            post_id=told,
            kind=reminding.UNDELIVERED,
            way=Way.PAGE,
            key=f"delivery:{row.pk}",
            subject_type="delivery",
            subject_id=row.pk,
            title=_("Not delivered: %(title)s") % {"title": row.title[:120]},
            words=_("given up after %(count)d attempts; look at what the receiver answered")
            % {"count": row.tries},
            address=f"/me/reminders/deliveries/{row.pk}/",
            made_at=now,
        )
