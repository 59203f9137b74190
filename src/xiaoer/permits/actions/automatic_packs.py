"""Verbs of packs and shared registers: the switch, the authorisation by two, thresholds, freshness."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.models import Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.permits import automatic_access as access
from xiaoer.permits.automatic.packs import SUBJECT
from xiaoer.permits.models import AutoPack, SharedRegister
from xiaoer.rules.models import RuleVersion
from xiaoer.web.words import local_date

State = AutoPack.State
LIMITS = {
    "sample_percent": (0, 100),
    "least_confidence": (50, 100),
    "daily_limit": (1, 100_000),
    "applicant_limit": (1, 1000),
    "post_check_days": (1, 250),
}


def _pack_in_hand(by: Actor, pack: AutoPack) -> AutoPack:
    row = (
        AutoPack.objects.select_for_update(of=("self",))
        .select_related("thing", "authorised_by__person", "authorised_version")
        .filter(zone_id=by.zone_id, pk=pack.pk)
        .first()
    )
    if row is None:
        raise Refused(_("There is no such item here."))
    return row


def rule_in_force(pack: AutoPack, on: date) -> RuleVersion | None:
    """The version of its rule that speaks on a day."""
    rows = RuleVersion.objects.filter(
        zone_id=pack.zone_id,
        rule__subject=f"{SUBJECT}{pack.code}",
        rule__code=pack.rule_code,
        state=RuleVersion.State.LIVE,
        effective_from__lte=on,
    ).exclude(effective_to__lt=on)
    return rows.order_by("-number").first()


@transaction.atomic
def switch_pack(*, by: Actor, now: datetime, pack: AutoPack, state: str, reason: str) -> AutoPack:
    """Turn an item on, off, or into shadow; off holds from this moment, for whatever is under way.

    Anybody who sees something wrong may stop it. On needs the authorisation of two persons for the
    rule in force and the law looked at for today.
    """
    access.must_stop(by)
    row = _pack_in_hand(by, pack)
    if state not in State.values:
        raise Refused(_("Choose one of the list."), field="state")
    reason = " ".join(reason.split())
    if not reason or len(reason) > 300:
        raise Refused(_("Say why, in at most 300 characters."), field="reason")
    if state != State.OFF:
        access.must_review(by)
    if state == State.ON:
        _must_be_authorised(row, local_date(now))
    if row.state == state:
        return row
    old, row.state = row.state, state
    row.switched_why, row.switched_at, row.switched_by_id = reason, now, by.post_id
    row.version += 1
    row.save()
    journal.record(
        by=by, now=now, verb="switch_pack", subject=row, old=old, new=state, reason=reason
    )
    return row


def _must_be_authorised(row: AutoPack, today: date) -> None:
    rule = rule_in_force(row, today)
    if rule is None:
        raise Refused(_("No rule of this item is in force; have its rule released first."))
    if row.authorised_second_id is None or row.authorised_version_id != rule.pk:
        raise Refused(
            _("Version %(number)d of the rule is not authorised by two persons yet; authorise it first.")
            % {"number": rule.number}
        )  # fmt: skip
    if row.law_checked_until is None or row.law_checked_until < today:
        raise Refused(_("The law was not looked at for today; say until when it was, first."))


@transaction.atomic
def authorise_pack(*, by: Actor, now: datetime, pack: AutoPack, document: str = "") -> AutoPack:
    """Sign the authorisation of the rule in force: the first person names the document, a second
    one, another person, signs the same. A newer version of the rule begins anew."""
    access.must_review(by)
    row = _pack_in_hand(by, pack)
    rule = rule_in_force(row, local_date(now))
    if rule is None:
        raise Refused(_("No rule of this item is in force; have its rule released first."))
    is_same = row.authorised_version_id == rule.pk
    if is_same and row.authorised_second_id is not None:
        raise Refused(_("This version of the rule is authorised by two persons already."))
    if is_same and row.authorised_by_id is not None:
        return _second(by, now, row)
    if row.state == State.ON:
        raise Refused(
            _("Switch it off or into shadow first; what is newly authorised begins there.")
        )
    document = " ".join(document.split())
    if not document or len(document) > 200:
        raise Refused(_("Name the document: its title and number."), field="document")
    row.authorised_by_id, row.authorised_second = by.post_id, None
    row.authorised_version, row.document, row.authorised_at = rule, document, None
    row.version += 1
    row.save()
    _tell_authorised(by, now, row, rule)
    return row


def _second(by: Actor, now: datetime, row: AutoPack) -> AutoPack:
    first: Post | None = row.authorised_by
    if first is not None and first.person_id == by.person_id:
        raise Refused(_("You signed first; another person signs second."))
    row.authorised_second_id, row.authorised_at = by.post_id, now
    row.version += 1
    row.save()
    _tell_authorised(by, now, row, row.authorised_version)
    return row


def _tell_authorised(by: Actor, now: datetime, row: AutoPack, rule: RuleVersion | None) -> None:
    journal.record(
        by=by, now=now, verb="authorise_pack", subject=row, document=row.document,
        rule=rule.number if rule else 0,
    )  # fmt: skip


@transaction.atomic
def confirm_law(*, by: Actor, now: datetime, pack: AutoPack, until: date, words: str) -> AutoPack:
    """Say that the law a pack rests on was looked at, and until which day that suffices."""
    access.must_review(by)
    row = _pack_in_hand(by, pack)
    today = local_date(now)
    if not today <= until or (until - today).days > 366:
        raise Refused(_("Choose a day within the next year."), field="until")
    words = " ".join(words.split())
    if not words or len(words) > 300:
        raise Refused(_("Say what was looked at, such as the order and its number."), field="words")
    row.law_checked_until, row.version = until, row.version + 1
    row.save()
    journal.record(
        by=by, now=now, verb="confirm_law", subject=row, until=until.isoformat(), words=words
    )
    return row


@transaction.atomic
def change_pack(
    *, by: Actor, now: datetime, pack: AutoPack, version: int, values: dict[str, int | None]
) -> AutoPack:
    """Set the share looked at afterwards, the least confidence, the limits and the days on site."""
    access.must_review(by)
    row = _pack_in_hand(by, pack)
    journal.must_be_fresh(row, version)
    for name, value in values.items():
        least, most = LIMITS[name]
        if value is None and name == "post_check_days":
            continue
        if value is None or not least <= value <= most:
            raise Refused(
                _("Type a whole number from %(least)s to %(most)s.")
                % {"least": least, "most": most},
                field=name,
            )
    changed = journal.changes(row, values)
    if changed:
        row.version += 1
        row.save()
        journal.record(by=by, now=now, verb="change_pack", subject=row, **changed)
    return row


@transaction.atomic
def stop_register(
    *, by: Actor, now: datetime, register: SharedRegister, is_stopped: bool, reason: str
) -> SharedRegister:
    """Say that a register is in doubt, or to be believed again; while stopped it says nothing."""
    access.must_review(by)
    row = SharedRegister.objects.select_for_update().get(zone_id=by.zone_id, pk=register.pk)
    reason = " ".join(reason.split())
    if not reason or len(reason) > 300:
        raise Refused(_("Say why, in at most 300 characters."), field="reason")
    if row.is_stopped != is_stopped:
        row.is_stopped, row.version = is_stopped, row.version + 1
        row.save(update_fields=["is_stopped", "version"])
        journal.record(
            by=by, now=now, verb="stop_register", subject=row,
            state="off" if is_stopped else "on", reason=reason,
        )  # fmt: skip
    return row
