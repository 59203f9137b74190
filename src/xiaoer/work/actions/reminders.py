"""What people choose to be told of, where they get mail, and the robots of offices and people."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import envelopes, journal
from xiaoer.base.models import Office, Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.work import access, queries, reminding, robots, wires
from xiaoer.work.actions.checking import plain
from xiaoer.work.actions.sending import put_out
from xiaoer.work.calendar import LOCAL
from xiaoer.work.models import Delivery, Hook, MailAddress, Subscription, Way

CODE_LASTS = timedelta(minutes=30)
MOST_WRONG = 5
MOST_CODES = 5
MOST_HOOKS = 20
LONGEST_SECRET = 200


@dataclass(frozen=True, slots=True)
class Choice:
    """One subscription as it is wanted: a kind, a way, the days of the kind, the hour of a digest."""

    kind: str
    way: str
    hook_id: int | None = None
    days: int | None = None
    hour: int | None = None
    pierces: bool = False


@transaction.atomic
def choose_reminders(*, by: Actor, now: datetime, choices: Sequence[Choice]) -> list[Subscription]:
    """Be told of exactly this from now on; what is not among it is switched off."""
    post_id = access.own_post(by)
    _must_be_few(choices)
    robots_of_mine = {hook.pk: hook for hook in queries.hooks_of(by, _offices(by))}
    for choice in choices:
        _must_be_known(choice)
        if choice.way == Way.HOOK and choice.hook_id not in robots_of_mine:
            raise Refused(_("Choose one of your robots, or of your office's."), field="hook")
        if choice.way == Way.EMAIL:
            _must_get_mail(by)
    rows = Subscription.objects.select_for_update().filter(zone_id=by.zone_id, post_id=post_id)
    wanted = _set(list(rows), choices, by, now, post_id=post_id)
    journal.record(
        by=by,
        now=now,
        verb="choose_reminders",
        subject=Post.objects.get(zone_id=by.zone_id, pk=post_id),
        kinds=_kinds_words(choices),
    )
    return wanted


@transaction.atomic
def choose_for_office(
    *, by: Actor, now: datetime, hook: Hook, choices: Sequence[Choice]
) -> list[Subscription]:
    """Let an office's robot be told of exactly this from now on."""
    hook = _kept(by, hook)
    if hook.office_id is None:
        raise Refused(_("This robot is yours alone; choose under “My reminders” what it is told."))
    _must_be_few(choices)
    for choice in choices:
        kind = _must_be_known(choice)
        if not kind.for_offices or choice.way != Way.HOOK or choice.hook_id != hook.pk:
            raise Refused(_("An office's robot is not told of this."), field="kind")
    rows = Subscription.objects.select_for_update().filter(
        zone_id=by.zone_id, hook=hook, office_id=hook.office_id
    )
    wanted = _set(list(rows), choices, by, now, office_id=hook.office_id)
    journal.record(
        by=by, now=now, verb="choose_for_office", subject=hook, kinds=_kinds_words(choices)
    )
    return wanted


def _offices(by: Actor) -> list[int]:
    return [by.office_id] if by.office_id is not None else []


def _must_be_few(choices: Sequence[Choice]) -> None:
    names = [(choice.kind, choice.way, choice.hook_id) for choice in choices]
    if len(set(names)) != len(names):
        raise Refused(_("The same is chosen twice; choose it once."), field="kind")


def _must_be_known(choice: Choice) -> reminding.Kind:
    kind = reminding.kind(choice.kind)
    if kind is None:
        raise Refused(
            _("Nobody is reminded of “%(kind)s” here.") % {"kind": choice.kind[:40]}, field="kind"
        )
    if choice.way not in Way.values or (choice.way == Way.HOOK) != (choice.hook_id is not None):
        raise Refused(_("Choose page, e-mail or a robot."), field="way")
    if (choice.days is None) != (kind.counts is None):
        raise Refused(_("Say with how many days, where the kind has days."), field="days")
    least = 0 if kind.counts is reminding.Counts.WITHIN else 1
    if choice.days is not None and not least <= choice.days <= kind.most_days:
        raise Refused(
            _("“%(kind)s” takes %(least)d to %(most)d days.")
            % {"kind": kind.name, "least": least, "most": kind.most_days},
            field="days",
        )
    if choice.hour is not None and not 0 <= choice.hour <= 23:
        raise Refused(_("Choose an hour from 0 to 23, or at once."), field="hour")
    if choice.pierces and not kind.pierces:
        raise Refused(_("Only a red light is told on days off."), field="pierces")
    return kind


def _must_get_mail(by: Actor) -> None:
    if not queries.mail_is_set_up():
        raise Refused(
            _("E-mail is not set up here; the administrator names a mail server."), field="way"
        )
    kept = queries.mail_address(by)
    if kept is None or kept.verified_at is None:
        raise Refused(_("Confirm your e-mail address first."), field="way")


def _set(
    rows: list[Subscription],
    choices: Sequence[Choice],
    by: Actor,
    now: datetime,
    *,
    post_id: int | None = None,
    office_id: int | None = None,
) -> list[Subscription]:
    known = {(row.kind, row.way, row.hook_id): row for row in rows}
    wanted = []
    for choice in choices:
        row = known.pop((choice.kind, choice.way, choice.hook_id), None) or Subscription(
            zone_id=by.zone_id,
            post_id=post_id,
            office_id=office_id,
            kind=choice.kind,
            way=choice.way,
            hook_id=choice.hook_id,
        )
        if row.hour != choice.hour:
            row.told_on = None
        row.days, row.hour, row.pierces = choice.days, choice.hour, choice.pierces
        row.is_active, row.chosen_at = True, now
        row.save()
        wanted.append(row)
    for row in known.values():
        if row.is_active:
            row.is_active, row.chosen_at = False, now
            row.save(update_fields=["is_active", "chosen_at"])
    return wanted


def _kinds_words(choices: Sequence[Choice]) -> list[str]:
    return [f"{choice.kind} {choice.way}" for choice in choices]


# E-mail ------------------------------------------------------------------------------------------


@transaction.atomic
def give_mail_address(*, by: Actor, now: datetime, address: str) -> Delivery:
    """Say where mail goes; a code is sent there, and nothing else before it came back."""
    post_id = access.own_post(by)
    if not queries.mail_is_set_up():
        raise Refused(
            _("E-mail is not set up here; the administrator names a mail server."), field="address"
        )
    address = plain(address, "address", most=200)
    try:
        validate_email(address)
    except ValidationError:
        raise Refused(
            _("This is no e-mail address; type it as name@office.example."), field="address"
        ) from None
    row, _is_new = MailAddress.objects.select_for_update().get_or_create(
        zone_id=by.zone_id, post_id=post_id, defaults={"address": address}
    )
    today = now.astimezone(LOCAL).date()
    row.sent = row.sent + 1 if row.sent_on == today else 1
    if row.sent > MOST_CODES:
        raise Refused(
            _("Five codes were sent today; use the last one, or try again tomorrow."),
            field="address",
        )
    code = f"{secrets.randbelow(1_000_000):06d}"
    row.address, row.sent_on, row.wrong = address, today, 0
    row.code_hash, row.code_until = _hash(row, code), now + CODE_LASTS
    row.verified_at = None
    row.save()
    journal.record(
        by=by, now=now, verb="give_mail_address",
        subject=Post.objects.get(zone_id=by.zone_id, pk=post_id),
    )  # fmt: skip
    return put_out(
        Delivery(
            zone_id=by.zone_id,
            post_id=post_id,
            way=Way.EMAIL,
            address=address,
            purpose=Delivery.Purpose.CODE,
            title=_("Your code for Xiaoer"),
            sealed=envelopes.put_in(
                _(
                    "Your code is %(code)s. It holds for 30 minutes. If you asked for none, leave it."
                )
                % {"code": code}
            ),
            most_tries=3,
        ),
        now,
    )


def _hash(row: MailAddress, code: str) -> str:
    """Of six digits, so keyed: who reads the table cannot try them all."""
    said = f"{row.post_id}:{row.address}:{code}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), said, hashlib.sha256).hexdigest()


@transaction.atomic
def confirm_mail_address(*, by: Actor, now: datetime, code: str) -> bool:
    """Bring the code back: from now on mail goes there. False for a wrong one: a refusal would take
    back with everything else that it was counted."""
    post_id = access.own_post(by)
    row = (
        MailAddress.objects.select_for_update().filter(zone_id=by.zone_id, post_id=post_id).first()
    )
    if row is None or not row.code_hash or row.code_until is None:
        raise Refused(_("No code was asked for; type your address first."), field="code")
    if row.code_until < now or row.wrong >= MOST_WRONG:
        raise Refused(_("This code is no longer valid; have another one sent."), field="code")
    if not hmac.compare_digest(row.code_hash, _hash(row, code.strip())):
        row.wrong += 1
        row.save(update_fields=["wrong"])
        return False
    row.code_hash, row.code_until, row.verified_at = "", None, now
    row.save()
    journal.record(
        by=by, now=now, verb="confirm_mail_address",
        subject=Post.objects.get(zone_id=by.zone_id, pk=post_id),
    )  # fmt: skip
    return True


@transaction.atomic
def forget_mail_address(*, by: Actor, now: datetime) -> None:
    """No mail any more: the address goes, and what was told by it is switched off."""
    post_id = access.own_post(by)
    MailAddress.objects.filter(zone_id=by.zone_id, post_id=post_id).update(
        address="", code_hash="", code_until=None, verified_at=None
    )
    Subscription.objects.filter(zone_id=by.zone_id, post_id=post_id, way=Way.EMAIL).update(
        is_active=False, chosen_at=now
    )
    journal.record(
        by=by, now=now, verb="forget_mail_address",
        subject=Post.objects.get(zone_id=by.zone_id, pk=post_id),
    )  # fmt: skip


# Robots ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NewHook:
    """A robot just added, or one with a new secret; ``secret`` is shown once where we made it."""

    hook: Hook
    secret: str


@transaction.atomic
def add_hook(
    *,
    by: Actor,
    now: datetime,
    name: str,
    style: str,
    url: str,
    secret: str = "",
    office: Office | None = None,
) -> NewHook:
    """Add a robot of one's own, or of an office one may speak for."""
    post_id = access.own_post(by)
    if office is not None:
        access.must_keep_hooks(by, office.pk)
    name = plain(name, "name", most=60)
    if not name:
        raise Refused(_("Give it a name by which people know the group."), field="name")
    if style not in Hook.Style.values:
        raise Refused(_("Choose one of the robots offered."), field="style")
    parts = wires.read_url(url)
    theirs = _secret_of(style, secret)
    known = Hook.objects.filter(zone_id=by.zone_id, removed_at__isnull=True)
    known = known.filter(office=office) if office else known.filter(post_id=post_id)
    if known.count() >= MOST_HOOKS:
        raise Refused(_("Twenty robots are enough; remove one first."), field="name")
    hook = Hook.objects.create(
        zone_id=by.zone_id,
        post_id=None if office else post_id,
        office=office,
        name=name,
        style=style,
        host=(parts.hostname or "")[:255],
        url_sealed=envelopes.put_in(url.strip()),
        secret_sealed=envelopes.put_in(theirs),
        made_by_id=post_id,
        made_at=now,
    )
    journal.record(
        by=by, now=now, verb="add_hook", subject=hook, name=name, kind=style,
        office=office.name if office else "", host=hook.host,
    )  # fmt: skip
    return NewHook(hook, theirs if style == Hook.Style.GENERIC else "")


def _secret_of(style: str, given: str) -> str:
    """Ours is made by us; a robot's own is copied from it; WeCom's robots have none."""
    if style == Hook.Style.GENERIC:
        return secrets.token_urlsafe(32)
    if style not in robots.GIVEN_SECRET:
        return ""
    given = plain(given, "secret", most=LONGEST_SECRET)
    if not given.isascii():
        raise Refused(_("A secret has no such signs; copy it from the robot."), field="secret")
    return given


@transaction.atomic
def rotate_hook(*, by: Actor, now: datetime, hook: Hook, secret: str = "") -> NewHook:
    """Give a robot a new secret; the old one signs nothing from now on."""
    hook = _kept(by, hook)
    if hook.style == Hook.Style.WECOM:
        raise Refused(_("This robot has no secret; make a new one in the group and add it."))
    theirs = _secret_of(hook.style, secret)
    hook.secret_sealed = envelopes.put_in(theirs)
    hook.version += 1
    hook.save(update_fields=["secret_sealed", "version"])
    journal.record(by=by, now=now, verb="rotate_hook", subject=hook, name=hook.name)
    return NewHook(hook, theirs if hook.style == Hook.Style.GENERIC else "")


@transaction.atomic
def pause_hook(*, by: Actor, now: datetime, hook: Hook) -> Hook:
    """Send nothing there until it is resumed; what came up meanwhile is told then."""
    hook = _kept(by, hook)
    if hook.paused_at is None:
        hook.paused_at = now
        hook.save(update_fields=["paused_at"])
        journal.record(by=by, now=now, verb="pause_hook", subject=hook, name=hook.name)
    return hook


@transaction.atomic
def resume_hook(*, by: Actor, now: datetime, hook: Hook) -> Hook:
    """Send there again."""
    hook = _kept(by, hook)
    if hook.paused_at is not None:
        hook.paused_at = None
        hook.save(update_fields=["paused_at"])
        journal.record(by=by, now=now, verb="resume_hook", subject=hook, name=hook.name)
    return hook


@transaction.atomic
def remove_hook(*, by: Actor, now: datetime, hook: Hook) -> None:
    """Take a robot away: its address and secret go, what was sent stays written down."""
    hook = _kept(by, hook)
    hook.removed_at, hook.url_sealed, hook.secret_sealed = now, "", ""
    hook.save(update_fields=["removed_at", "url_sealed", "secret_sealed"])
    Subscription.objects.filter(zone_id=by.zone_id, hook=hook).update(
        is_active=False, chosen_at=now
    )
    journal.record(by=by, now=now, verb="remove_hook", subject=hook, name=hook.name)


def _kept(by: Actor, hook: Hook) -> Hook:
    """The robot, locked, if the asker keeps it."""
    kept = (
        Hook.objects.select_for_update(of=("self",))
        .filter(zone_id=by.zone_id, pk=hook.pk, removed_at__isnull=True)
        .first()
    )
    if kept is None:
        raise Refused(_("This robot was removed; add it again."))
    access.must_keep_hook(by, kept)
    return kept


@transaction.atomic
def send_test(*, by: Actor, now: datetime, hook: Hook | None = None) -> Delivery:
    """Send one message now, by mail to oneself or through a robot; tried once, so that one sees."""
    post_id = access.own_post(by)
    said = _("This is a test from Xiaoer, asked for by %(who)s.") % {"who": by.who}
    delivery = Delivery(
        zone_id=by.zone_id,
        post_id=post_id,
        way=Way.EMAIL,
        purpose=Delivery.Purpose.TEST,
        title=_("Xiaoer: a test"),
        text=said,
        most_tries=1,
    )
    if hook is None:
        _must_get_mail(by)
        delivery.address = getattr(queries.mail_address(by), "address", "")
        subject: Hook | Post = Post.objects.get(zone_id=by.zone_id, pk=post_id)
    else:
        subject = delivery.hook = _kept(by, hook)
        delivery.way = Way.HOOK
    recent = Delivery.objects.filter(
        zone_id=by.zone_id, post_id=post_id, purpose=Delivery.Purpose.TEST,
        made_at__gt=now - timedelta(minutes=1),
    )  # fmt: skip
    if recent.count() >= MOST_CODES:
        raise Refused(_("Five tests a minute are enough; look at their results first."))
    journal.record(by=by, now=now, verb="send_test", subject=subject)
    return put_out(delivery, now)
