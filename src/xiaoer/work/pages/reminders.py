"""我的提醒 and the group robots: what one is told, how, and what became of every message."""

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xiaoer.base import queries as base
from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, Office
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.web.marks import Colour
from xiaoer.work import access, queries, reminding, robots
from xiaoer.work import actions as work
from xiaoer.work.actions import Choice
from xiaoer.work.calendar import LOCAL
from xiaoer.work.models import Delivery, DeliveryAttempt, Hook, Subscription, Way

# Digest hours a page offers; the API takes any.
HOURS = range(6, 22)
STATE_LIGHTS: dict[str, Colour] = {
    Delivery.State.WAITING: "amber",
    Delivery.State.SENDING: "amber",
    Delivery.State.SENT: "green",
    Delivery.State.GIVEN_UP: "red",
}
RESULT_LIGHTS: dict[str, Colour] = {
    DeliveryAttempt.Result.SENT: "green",
    DeliveryAttempt.Result.FAILED: "red",
    DeliveryAttempt.Result.UNKNOWN: "grey",
}


@dataclass(frozen=True, slots=True)
class KindRow:
    """One kind on the form: what is chosen of it."""

    kind: reminding.Kind
    says: str
    ways: list[str]
    days: int | None
    hour: str
    pierces: bool


def _rows(
    kinds: tuple[reminding.Kind, ...], chosen: list[Subscription], *, of_office: bool = False
) -> list[KindRow]:
    rows = []
    for kind in kinds:
        mine = [row for row in chosen if row.kind == kind.code]
        hours = [row.hour for row in mine if row.way != Way.PAGE]
        days = [row.days for row in mine if row.days is not None]
        rows.append(
            KindRow(
                kind=kind,
                says=str(kind.of_office if of_office else kind.says),
                ways=[_way(row.way, row.hook_id) for row in mine],
                days=days[0] if days else kind.days,
                hour=str(hours[0]) if hours and hours[0] is not None else "",
                pierces=any(row.pierces for row in mine),
            )
        )
    return rows


def _way(way: str, hook_id: int | None) -> str:
    return f"hook:{hook_id}" if hook_id is not None else way


def _hours() -> list[tuple[str, str]]:
    return [(str(hour), f"{hour}:00") for hour in HOURS]


def _choices(request: HttpRequest, kinds: tuple[reminding.Kind, ...]) -> list[Choice]:
    """What the form says; page reminders are told at once, whatever the hour of the messages."""
    choices = []
    for kind in kinds:
        for way in request.POST.getlist(f"{kind.code}-ways"):
            name, _colon, number = way.partition(":")
            choices.append(
                Choice(
                    kind=kind.code,
                    way=name,
                    hook_id=_number(number),
                    days=_days(request, kind),
                    hour=None if name == Way.PAGE else _hour(request, kind),
                    pierces=kind.pierces and request.POST.get(f"{kind.code}-pierces") == "yes",
                )
            )
    return choices


def _number(given: str) -> int | None:
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None


def _days(request: HttpRequest, kind: reminding.Kind) -> int | None:
    if kind.counts is None:
        return None
    given = request.POST.get(f"{kind.code}-days", "").strip()
    if not given.isdecimal() or len(given) > 4:
        raise Refused(_("Type a whole number, such as 3."), field=f"{kind.code}-days")
    return int(given)


def _hour(request: HttpRequest, kind: reminding.Kind) -> int | None:
    given = request.POST.get(f"{kind.code}-hour", "")
    if given == "":
        return None
    hour = _number(given)
    if hour is None or hour > 23:
        raise Refused(_("Choose an hour from 0 to 23, or at once."), field=f"{kind.code}-hour")
    return hour


@dataclass(frozen=True, slots=True)
class Quiet:
    """Whether today is quiet, and the days off that come."""

    is_quiet: bool
    next_working: date
    days_off: tuple[date, ...]


def _quiet(by: Actor, now: datetime) -> Quiet:
    calendar = queries.calendar_of(by.zone_id)
    today = now.astimezone(LOCAL).date()
    coming = [date.fromordinal(today.toordinal() + n) for n in range(1, 15)]
    return Quiet(
        is_quiet=not calendar.is_working(today),
        next_working=calendar.next_working_day(today),
        days_off=tuple(day for day in coming if not calendar.is_working(day)),
    )


def _robots(by: Actor) -> list[Hook]:
    """The robots one may be told by: one's own and those of one's office."""
    return queries.hooks_of(by, [by.office_id] if by.office_id is not None else [])


@require_http_methods(["GET", "POST"])
@page(*STAFF_ROLES)
def my_reminders(request: HttpRequest, by: Actor) -> HttpResponse:
    """What I am told, by which way and when; where mail goes; the messages of late."""
    kinds, now = reminding.offered(), timezone.now()
    if request.method == "POST":
        work.choose_reminders(by=by, now=now, choices=_choices(request, kinds))
        messages.success(request, _("Kept. It holds from now on."))
        return go(request, reverse("my_reminders"))
    mail, hooks = queries.mail_address(by), _robots(by)
    ways = [(str(Way.PAGE), _("on the page"))]
    if mail is not None and mail.verified_at is not None and queries.mail_is_set_up():
        ways.append((str(Way.EMAIL), _("by mail")))
    ways += [(f"hook:{hook.pk}", hook.name) for hook in hooks]
    return render(
        request,
        "work/my_reminders.html",
        {
            "rows": _rows(kinds, queries.subscriptions_of(by)),
            "ways": ways,
            "hours": _hours(),
            "mail": mail,
            "mail_set_up": queries.mail_is_set_up(),
            "mail_do": request.GET.get("do", ""),
            "hooks": hooks,
            "quiet": _quiet(by, now),
            "log": list(queries.deliveries_of(by)),
            "state_lights": STATE_LIGHTS,
            "at": now,
        },
    )


@require_POST
@page(*STAFF_ROLES)
def give_mail(request: HttpRequest, by: Actor) -> HttpResponse:
    address = request.POST.get("address", "")
    work.give_mail_address(by=by, now=timezone.now(), address=address)
    messages.success(request, _("A code is on its way to this address; type it here."))
    return go(request, reverse("my_reminders"))


@require_POST
@page(*STAFF_ROLES)
def confirm_mail(request: HttpRequest, by: Actor) -> HttpResponse:
    code = request.POST.get("code", "")
    if work.confirm_mail_address(by=by, now=timezone.now(), code=code):
        messages.success(request, _("Confirmed: mail goes there from now on."))
    else:
        messages.error(request, _("This is not the code. Look at the last mail and type it again."))
    return go(request, reverse("my_reminders"))


@require_POST
@page(*STAFF_ROLES)
def forget_mail(request: HttpRequest, by: Actor) -> HttpResponse:
    work.forget_mail_address(by=by, now=timezone.now())
    messages.success(request, _("No mail goes there any more."))
    return go(request, reverse("my_reminders"))


@require_POST
@page(*STAFF_ROLES)
def test_reminder(request: HttpRequest, by: Actor) -> HttpResponse:
    """Send a test by mail, or through the robot the form names; its page shows what came of it."""
    number = _number(request.POST.get("hook", ""))
    hook = found(queries.hook_of(by, number)) if number is not None else None
    sent = work.send_test(by=by, now=timezone.now(), hook=hook)
    return go(request, reverse("delivery", args=[sent.pk]))


def _may_look(by: Actor, sent: Delivery) -> bool:
    if sent.office_id is not None:
        return access.keeps_hooks(by, sent.office_id)
    return sent.post_id == by.post_id


@require_GET
@page(*STAFF_ROLES)
def delivery(request: HttpRequest, by: Actor, delivery_id: int) -> HttpResponse:
    """One message with every attempt; asked again each second while it is under way."""
    sent = found(queries.delivery_of(by, delivery_id))
    if not _may_look(by, sent):
        raise Http404
    ended = {Delivery.State.SENT, Delivery.State.GIVEN_UP}
    is_part = request.headers.get("HX-Target") == "delivery"
    return render(
        request,
        "work/_delivery.html" if is_part else "work/delivery.html",
        {
            "sent": sent,
            "attempts": queries.attempts_of(sent),
            "is_under_way": sent.state not in ended,
            "state_lights": STATE_LIGHTS,
            "result_lights": RESULT_LIGHTS,
            "at": timezone.now(),
        },
    )


# Robots ------------------------------------------------------------------------------------------


def _offices(by: Actor) -> list[Office]:
    """The offices whose robots the asker keeps."""
    offices = base.offices(zone_id=by.zone_id)
    return [office for office in offices if access.keeps_hooks(by, office.pk)]


@require_http_methods(["GET", "POST"])
@page(*STAFF_ROLES)
def robot_list(request: HttpRequest, by: Actor) -> HttpResponse:
    """My robots and those of the offices I keep; adding one."""
    offices = _offices(by)
    if request.method == "POST":
        wanted = request.POST.get("office", "")
        office = next((one for one in offices if str(one.pk) == wanted), None)
        if wanted and office is None:
            raise Refused(_("Choose one of the offices offered."), field="office")
        new = work.add_hook(
            by=by,
            now=timezone.now(),
            name=request.POST.get("name", ""),
            style=request.POST.get("style", ""),
            url=request.POST.get("url", ""),
            secret=request.POST.get("secret", ""),
            office=office,
        )
        return _shown_once(request, new)
    return render(
        request,
        "work/robot_list.html",
        {
            "hooks": queries.hooks_of(by, [office.pk for office in offices]),
            "offices": [(office.pk, office.name) for office in offices],
            "styles": Hook.Style.choices,
            "do": request.GET.get("do", ""),
            "at": timezone.now(),
        },
    )


def _shown_once(request: HttpRequest, new: work.NewHook) -> HttpResponse:
    if not new.secret:
        messages.success(request, _("Kept. Send a test, so that you see whether it arrives."))
        return go(request, reverse("robot", args=[new.hook.pk]))
    return render(request, "work/robot_secret.html", {"hook": new.hook, "secret": new.secret})


def _kept_robot(by: Actor, robot_id: int) -> Hook:
    hook = found(queries.hook_of(by, robot_id))
    if hook.office_id is not None and not access.keeps_hooks(by, hook.office_id):
        raise Http404
    return hook


def _office_kinds() -> tuple[reminding.Kind, ...]:
    return tuple(kind for kind in reminding.offered() if kind.for_offices)


@require_http_methods(["GET", "POST"])
@page(*STAFF_ROLES)
def robot(request: HttpRequest, by: Actor, robot_id: int) -> HttpResponse:
    """One robot: what its group is told, its secret, and the messages of late."""
    hook, kinds = _kept_robot(by, robot_id), _office_kinds()
    if request.method == "POST":
        work.choose_for_office(
            by=by, now=timezone.now(), hook=hook, choices=_choices(request, kinds)
        )
        messages.success(request, _("Kept. It holds from now on."))
        return go(request, reverse("robot", args=[hook.pk]))
    return render(
        request,
        "work/robot.html",
        {
            "hook": hook,
            "rows": _rows(kinds, queries.subscriptions_of_office(by, hook), of_office=True),
            "ways": [(f"hook:{hook.pk}", _("tell the group"))],
            "hours": _hours(),
            "log": list(queries.deliveries_by_hook(hook)),
            "takes_secret": hook.style in robots.GIVEN_SECRET,
            "has_secret": hook.style != Hook.Style.WECOM,
            "do": request.GET.get("do", ""),
            "state_lights": STATE_LIGHTS,
            "at": timezone.now(),
        },
    )


@require_http_methods(["GET", "POST"])
@page(*STAFF_ROLES)
def rotate_robot(request: HttpRequest, by: Actor, robot_id: int) -> HttpResponseBase:
    """A new secret; the answer shows it once. Asked for again, it leads back."""
    hook = _kept_robot(by, robot_id)
    if request.method == "GET":
        return redirect("robot", hook.pk)
    secret = request.POST.get("secret", "")
    new = work.rotate_hook(by=by, now=timezone.now(), hook=hook, secret=secret)
    return _shown_once(request, new)


@require_POST
@page(*STAFF_ROLES)
def pause_robot(request: HttpRequest, by: Actor, robot_id: int) -> HttpResponse:
    """Pause a robot, or let one that rests go on."""
    hook = _kept_robot(by, robot_id)
    change = work.resume_hook if hook.paused_at else work.pause_hook
    change(by=by, now=timezone.now(), hook=hook)
    return go(request, reverse("robot", args=[hook.pk]))


@require_POST
@page(*STAFF_ROLES)
def remove_robot(request: HttpRequest, by: Actor, robot_id: int) -> HttpResponse:
    work.remove_hook(by=by, now=timezone.now(), hook=_kept_robot(by, robot_id))
    messages.success(request, _("Removed; nothing is sent there any more."))
    return go(request, reverse("robots"))
