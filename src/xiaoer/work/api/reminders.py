"""API of reminders: what one is told and how, messages with their attempts, group robots."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from xiaoer.base import queries as base
from xiaoer.base.access import must_be_staff
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.models import Office
from xiaoer.base.scope import Actor
from xiaoer.work import access, queries, reminding
from xiaoer.work import actions as work
from xiaoer.work.actions import Choice
from xiaoer.work.models import Delivery, DeliveryAttempt, Hook, Subscription, Way

router = Router(tags=["reminders"])
# What PostgreSQL's bigint holds.
LARGEST = 9223372036854775807


class ReminderOut(Schema):
    """One thing told on the page."""

    id: int
    at: datetime
    kind: str
    kind_name: str
    title: str
    words: str
    address: str
    is_new: bool


class ReminderKindOut(Schema):
    """A kind one may be told of; ``days`` is what is proposed, null where days mean nothing."""

    code: str
    name: str
    says: str
    days: int | None
    most_days: int
    days_words: str
    for_offices: bool
    pierces: bool


class SubscriptionIn(Schema):
    """``hour`` of the digest in local time, null: at once. ``pierces``: red lights under supervision
    on days off too."""

    kind: str = Field(max_length=30)
    way: Way
    robot_id: int | None = Field(None, ge=1, le=LARGEST)
    days: int | None = Field(None, ge=0, le=1000)
    hour: int | None = Field(None, ge=0, le=23)
    pierces: bool = False


class SubscriptionsIn(Schema):
    """Exactly what is wanted; what is not among it is switched off."""

    choices: list[SubscriptionIn] = Field(max_length=200)


class SubscriptionOut(Schema):
    kind: str
    way: Way
    robot_id: int | None = Field(None, alias="hook_id")
    days: int | None
    hour: int | None
    pierces: bool


class MailAddressOut(Schema):
    """``is_set_up``: whether this installation has a mail server at all."""

    is_set_up: bool
    address: str | None
    is_confirmed: bool


class MailAddressIn(Schema):
    address: str


class MailCodeIn(Schema):
    code: str


class MailCodeOut(Schema):
    """False: a wrong code, which was counted; the fifth ends it."""

    is_confirmed: bool


class AttemptOut(Schema):
    """``unknown``: interrupted, so that it may have arrived."""

    at: datetime
    result: DeliveryAttempt.Result
    code: int | None
    words: str
    took_ms: int | None


class DeliveryOut(Schema):
    """A message; ``number`` goes out with it, so that a receiver can drop a double."""

    delivery_id: int
    number: str
    way: Way
    purpose: Delivery.Purpose
    to: str
    title: str
    text: str
    state: Delivery.State
    made_at: datetime
    next_at: datetime
    tries: int
    attempts: list[AttemptOut]


class TestIn(Schema):
    """Through which robot; null: by mail to oneself."""

    robot_id: int | None = Field(None, ge=1, le=LARGEST)


class RobotIn(Schema):
    """``office_id`` null: mine alone. ``secret`` is the robot's own, where it signs."""

    name: str
    style: Hook.Style
    url: str
    secret: str = ""
    office_id: int | None = Field(None, ge=1, le=LARGEST)


class RobotSecretIn(Schema):
    secret: str = ""


class RobotOut(Schema):
    """A group robot; its address and its secret are not given out."""

    robot_id: int
    name: str
    style: Hook.Style
    host: str
    office_id: int | None
    is_paused: bool
    last_success_at: datetime | None
    last_failure_at: datetime | None
    last_failure: str


class NewRobotOut(Schema):
    """``secret`` is given this once, where it was made here; empty where the robot gave its own."""

    robot: RobotOut
    secret: str


def _choices(said: SubscriptionsIn) -> list[Choice]:
    return [
        Choice(one.kind, one.way, one.robot_id, one.days, one.hour, one.pierces)
        for one in said.choices
    ]


def _delivery_out(sent: Delivery) -> dict[str, Any]:
    return {
        "delivery_id": sent.pk,
        "number": str(sent.number),
        "way": sent.way,
        "purpose": sent.purpose,
        "to": sent.hook.name if sent.hook else sent.address,
        "title": sent.title,
        "text": sent.text,
        "state": sent.state,
        "made_at": sent.made_at,
        "next_at": sent.next_at,
        "tries": sent.tries,
        "attempts": sorted(sent.attempts.all(), key=lambda one: one.pk),
    }


def _robot_out(hook: Hook) -> dict[str, Any]:
    return {
        "robot_id": hook.pk,
        "name": hook.name,
        "style": hook.style,
        "host": hook.host,
        "office_id": hook.office_id,
        "is_paused": hook.paused_at is not None,
        "last_success_at": hook.last_success_at,
        "last_failure_at": hook.last_failure_at,
        "last_failure": hook.last_failure,
    }


def _robot(by: Actor, robot_id: int) -> Hook:
    """A robot the asker keeps; any other is not there."""
    must_be_staff(by)
    hook = found(queries.hook_of(by, robot_id)) if robot_id <= LARGEST else found(None)
    if hook.office_id is not None and not access.keeps_hooks(by, hook.office_id):
        raise Http404
    return hook


def _offices(by: Actor) -> list[Office]:
    offices = base.offices(zone_id=by.zone_id)
    return [office for office in offices if access.keeps_hooks(by, office.pk)]


@router.get("/reminders", response={200: list[ReminderOut], **PROBLEMS})
@api(READ)
def read_reminders(request: HttpRequest, by: Actor) -> object:
    """What the asker was reminded of on the page in the last month, newest first."""
    must_be_staff(by)
    return queries.page_reminders(by, timezone.now())


@router.get("/reminders/kinds", response={200: list[ReminderKindOut], **PROBLEMS})
@api(READ)
def read_reminder_kinds(request: HttpRequest, by: Actor) -> object:
    """The kinds one may be told of: those some room knows such things for."""
    must_be_staff(by)
    return [
        {
            "code": kind.code,
            "name": str(kind.name),
            "says": str(kind.says),
            "days": kind.days,
            "most_days": kind.most_days,
            "days_words": str(kind.days_words),
            "for_offices": kind.for_offices,
            "pierces": kind.pierces,
        }
        for kind in reminding.offered()
    ]


@router.get("/reminders/subscriptions", response={200: list[SubscriptionOut], **PROBLEMS})
@api(READ)
def read_subscriptions(request: HttpRequest, by: Actor) -> list[Subscription]:
    """What the asker chose to be told of."""
    must_be_staff(by)
    return queries.subscriptions_of(by)


@router.put("/reminders/subscriptions", response={200: list[SubscriptionOut], **PROBLEMS})
@api(WRITE)
def choose_reminders(request: HttpRequest, by: Actor, said: SubscriptionsIn) -> list[Subscription]:
    """Be told of exactly this from now on."""
    work.choose_reminders(by=by, now=timezone.now(), choices=_choices(said))
    return queries.subscriptions_of(by)


@router.get("/reminders/mail", response={200: MailAddressOut, **PROBLEMS})
@api(READ)
def read_mail_address(request: HttpRequest, by: Actor) -> object:
    """Where the asker gets mail."""
    must_be_staff(by)
    kept = queries.mail_address(by)
    return {
        "is_set_up": queries.mail_is_set_up(),
        "address": kept.address or None if kept else None,
        "is_confirmed": kept is not None and kept.verified_at is not None,
    }


@router.post("/reminders/mail", response={204: None, **PROBLEMS})
@api(WRITE)
def give_mail_address(request: HttpRequest, by: Actor, said: MailAddressIn) -> object:
    """Have a code sent to an address."""
    work.give_mail_address(by=by, now=timezone.now(), address=said.address)
    return 204, None


@router.post("/reminders/mail/confirm", response={200: MailCodeOut, **PROBLEMS})
@api(WRITE)
def confirm_mail_address(request: HttpRequest, by: Actor, said: MailCodeIn) -> object:
    """Bring the code back: mail goes there from now on."""
    done = work.confirm_mail_address(by=by, now=timezone.now(), code=said.code)
    return {"is_confirmed": done}


@router.delete("/reminders/mail", response={204: None, **PROBLEMS})
@api(WRITE)
def forget_mail_address(request: HttpRequest, by: Actor) -> object:
    """No mail any more."""
    work.forget_mail_address(by=by, now=timezone.now())
    return 204, None


@router.post("/reminders/test", response={200: DeliveryOut, **PROBLEMS})
@api(WRITE)
def send_test(request: HttpRequest, by: Actor, said: TestIn) -> object:
    """Send a test now; what came of it stands in the message a moment later."""
    must_be_staff(by)
    hook = found(queries.hook_of(by, said.robot_id)) if said.robot_id is not None else None
    sent = work.send_test(by=by, now=timezone.now(), hook=hook)
    return _delivery_out(sent)


@router.get("/reminders/deliveries", response={200: list[DeliveryOut], **PROBLEMS})
@api(READ)
def read_deliveries(request: HttpRequest, by: Actor) -> object:
    """The latest messages to the asker with every attempt, newest first."""
    must_be_staff(by)
    return [_delivery_out(sent) for sent in queries.deliveries_of(by)]


@router.get("/reminders/deliveries/{delivery_id}", response={200: DeliveryOut, **PROBLEMS})
@api(READ)
def read_delivery(request: HttpRequest, by: Actor, delivery_id: int) -> object:
    """One message with every attempt."""
    must_be_staff(by)
    sent = found(queries.delivery_of(by, delivery_id) if delivery_id <= LARGEST else None)
    if sent.office_id is not None and not access.keeps_hooks(by, sent.office_id):
        raise Http404
    return _delivery_out(sent)


@router.get("/robots", response={200: list[RobotOut], **PROBLEMS})
@api(READ)
def read_robots(request: HttpRequest, by: Actor) -> object:
    """One's own robots and those of the offices one keeps."""
    must_be_staff(by)
    hooks = queries.hooks_of(by, [office.pk for office in _offices(by)])
    return [_robot_out(hook) for hook in hooks]


@router.post("/robots", response={200: NewRobotOut, **PROBLEMS})
@api(WRITE)
def add_robot(request: HttpRequest, by: Actor, said: RobotIn) -> object:
    """Add a robot of one's own or of an office."""
    must_be_staff(by)
    office = None
    if said.office_id is not None:
        offices = base.offices(zone_id=by.zone_id)
        office = found(offices.filter(pk=said.office_id).first())
    new = work.add_hook(
        by=by,
        now=timezone.now(),
        name=said.name,
        style=said.style,
        url=said.url,
        secret=said.secret,
        office=office,
    )
    return {"robot": _robot_out(new.hook), "secret": new.secret}


@router.get("/robots/{robot_id}", response={200: RobotOut, **PROBLEMS})
@api(READ)
def read_robot(request: HttpRequest, by: Actor, robot_id: int) -> object:
    """One robot."""
    return _robot_out(_robot(by, robot_id))


@router.delete("/robots/{robot_id}", response={204: None, **PROBLEMS})
@api(WRITE)
def remove_robot(request: HttpRequest, by: Actor, robot_id: int) -> object:
    """Take a robot away; its address and secret are forgotten."""
    work.remove_hook(by=by, now=timezone.now(), hook=_robot(by, robot_id))
    return 204, None


@router.post("/robots/{robot_id}/pause", response={200: RobotOut, **PROBLEMS})
@api(WRITE)
def pause_robot(request: HttpRequest, by: Actor, robot_id: int) -> object:
    """Send nothing there until it is resumed."""
    return _robot_out(work.pause_hook(by=by, now=timezone.now(), hook=_robot(by, robot_id)))


@router.post("/robots/{robot_id}/resume", response={200: RobotOut, **PROBLEMS})
@api(WRITE)
def resume_robot(request: HttpRequest, by: Actor, robot_id: int) -> object:
    """Send there again."""
    return _robot_out(work.resume_hook(by=by, now=timezone.now(), hook=_robot(by, robot_id)))


@router.post("/robots/{robot_id}/secret", response={200: NewRobotOut, **PROBLEMS})
@api(WRITE)
def rotate_robot(request: HttpRequest, by: Actor, robot_id: int, said: RobotSecretIn) -> object:
    """A new secret; the old one signs nothing from now on."""
    hook = _robot(by, robot_id)
    new = work.rotate_hook(by=by, now=timezone.now(), hook=hook, secret=said.secret)
    return {"robot": _robot_out(new.hook), "secret": new.secret}


@router.get("/robots/{robot_id}/subscriptions", response={200: list[SubscriptionOut], **PROBLEMS})
@api(READ)
def read_robot_subscriptions(request: HttpRequest, by: Actor, robot_id: int) -> list[Subscription]:
    """What an office's robot is told of."""
    return queries.subscriptions_of_office(by, _robot(by, robot_id))


@router.put("/robots/{robot_id}/subscriptions", response={200: list[SubscriptionOut], **PROBLEMS})
@api(WRITE)
def choose_for_office(
    request: HttpRequest, by: Actor, robot_id: int, said: SubscriptionsIn
) -> list[Subscription]:
    """Let an office's robot be told of exactly this from now on."""
    hook = _robot(by, robot_id)
    work.choose_for_office(by=by, now=timezone.now(), hook=hook, choices=_choices(said))
    return queries.subscriptions_of_office(by, hook)


@router.get("/robots/{robot_id}/deliveries", response={200: list[DeliveryOut], **PROBLEMS})
@api(READ)
def read_robot_deliveries(request: HttpRequest, by: Actor, robot_id: int) -> object:
    """The latest messages of a robot with every attempt, newest first."""
    return [_delivery_out(sent) for sent in queries.deliveries_by_hook(_robot(by, robot_id))]
