"""Standard land: indicators set before it is offered, signed with the double contract, then checked."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.assets.access import land as access
from xiaoer.assets.actions import land_tasks
from xiaoer.assets.models import IndicatorKind, LandCheck, LandIndicator, LandPledge, Parcel
from xiaoer.assets.queries.land import PLEDGE
from xiaoer.base import journal
from xiaoer.base.checking import (
    locked,
    must_be_possible,
    must_have_been,
    must_say,
    said,
    today,
)
from xiaoer.base.models import StoredFile
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor

MOST = Decimal(10) ** 10
HELD = (Parcel.Stage.SUPPLIED, Parcel.Stage.IN_USE)


@transaction.atomic
def set_indicator(
    *,
    by: Actor,
    now: datetime,
    parcel: Parcel,
    kind: IndicatorKind,
    amount: Decimal,
    due_on: date | None = None,
    document: str = "",
    version: int | None = None,
) -> LandIndicator:
    """Set what a parcel must come to, and from which day that is looked at.

    One that was signed changes by a supplementary agreement only, which is named.
    """
    access.must_keep_land(by)
    land = _standard(by, parcel)
    row = land.indicators.select_for_update().filter(kind=kind, ended_on__isnull=True).first()
    if row is None:
        row = _new(by, land, kind)
    elif version is not None:
        journal.must_be_fresh(row, version)
    document = _document(row, document)
    old = row.amount if row.pk else None
    row.amount = _fitting(amount)
    row.due_on = row.due_on if due_on is None else must_be_possible(due_on, "due_on")
    row.version += 1 if row.pk else 0
    row.save()
    _record(
        by, now, "set_indicator", land, indicator=kind.name, amount=str(row.amount),
        old=None if old is None else str(old), day=row.due_on and str(row.due_on),
        document=document,
    )  # fmt: skip
    land_tasks.settle_land(by=by, now=now, parcel=land, outcome=_("another day was set"))
    return row


def _standard(by: Actor, parcel: Parcel) -> Parcel:
    land = locked(Parcel, by, parcel.pk)
    if not land.is_standard_land:
        raise Refused(
            _("Parcel %(number)s is no standard land; mark it as such first.")
            % {"number": land.number}
        )
    return land


def _new(by: Actor, land: Parcel, kind: IndicatorKind) -> LandIndicator:
    known = locked(IndicatorKind, by, kind.pk)
    if known.ended_on is not None:
        raise Refused(
            _("“%(kind)s” is asked of no land any more; choose another.") % {"kind": known.name},
            field="kind",
        )
    return LandIndicator(zone_id=by.zone_id, parcel=land, kind=known)


def _document(row: LandIndicator, document: str) -> str:
    if not row.is_signed:
        return said(document, "document", most=200)
    return must_say(
        document, "document", most=200,
        why=_("This indicator was signed; name the supplementary agreement that changes it."),
    )  # fmt: skip


def _fitting(amount: Decimal) -> Decimal:
    if not amount.is_finite() or abs(amount) >= MOST or amount < 0:
        raise Refused(_("Type an amount from 0 to below 10,000,000,000."), field="amount")
    return amount.quantize(Decimal("0.001"))


@transaction.atomic
def drop_indicator(*, by: Actor, now: datetime, indicator: LandIndicator, why: str) -> None:
    """Strike an indicator that was not signed yet; it stays to be read, with the reason."""
    access.must_keep_land(by)
    land = locked(Parcel, by, indicator.parcel_id)
    row = locked(LandIndicator, by, indicator.pk)
    _must_be_in_force(row)
    if row.is_signed:
        raise Refused(_("This indicator was signed with the land; it is checked, not struck."))
    why = must_say(why, "why", most=300)
    row.ended_on = today(now)
    row.version += 1
    row.save(update_fields=["ended_on", "version"])
    _record(by, now, "drop_indicator", land, indicator=row.kind.name, words=why)


def _must_be_in_force(row: LandIndicator) -> None:
    if row.ended_on is not None:
        raise Refused(_("This indicator ended on %(day)s.") % {"day": row.ended_on.isoformat()})


@transaction.atomic
def sign_indicators(
    *,
    by: Actor,
    now: datetime,
    parcel: Parcel,
    number: str,
    signed_on: date,
    file: StoredFile | None = None,
    land_contract: str = "",
    version: int | None = None,
) -> LandPledge:
    """Record the second of the two contracts: the indicators bind whoever holds the land.

    The first is the land contract, by which the land was supplied; its number is taken from that
    step where none is given.
    """
    access.must_judge_land(by)
    land = _standard(by, parcel)
    if version is not None:
        journal.must_be_fresh(land, version)
    party_id = _must_be_held(land)
    rows = list(
        land.indicators.select_for_update(of=("self",))
        .filter(ended_on__isnull=True)
        .select_related("kind")
        .order_by("kind__order")
    )
    _must_be_whole(land, rows)
    pledge = LandPledge.objects.create(
        zone_id=by.zone_id,
        parcel=land,
        party_id=party_id,
        number=_free_number(by, number),
        land_contract=_land_contract(land, land_contract),
        signed_on=must_have_been(signed_on, "signed_on", now),
        file=file,
        by_post_id=by.post_id,
        at=now,
    )
    for row in rows:
        row.is_signed = True
        row.version += 1
    LandIndicator.objects.bulk_update(rows, ["is_signed", "version"])
    _record(
        by, now, "sign_indicators", land, number=pledge.number, day=str(signed_on),
        indicators=[row.kind.name for row in rows], file=pledge.file_id,
    )  # fmt: skip
    land_tasks.settle_land(by=by, now=now, parcel=land, outcome=_("signed"))
    return pledge


@transaction.atomic
def take_back_pledge(*, by: Actor, now: datetime, pledge: LandPledge, why: str) -> LandPledge:
    """Take back a supervision contract entered by mistake; its indicators can be changed and signed anew.

    Not once an indicator was checked by it. Its number is free again, so the row keeps another.
    """
    access.must_judge_land(by)
    land = locked(Parcel, by, pledge.parcel_id)
    kept = locked(LandPledge, by, pledge.pk)
    if kept.ended_on is not None:
        raise Refused(
            _("Supervision contract %(number)s is no longer in force.") % {"number": kept.number}
        )
    rows = list(land.indicators.select_for_update().filter(ended_on__isnull=True, is_signed=True))
    if LandCheck.objects.filter(indicator__in=[row.pk for row in rows], at__gte=kept.at).exists():
        raise Refused(
            _("Indicators were checked by contract %(number)s already; it is not taken back.")
            % {"number": kept.number}
        )
    why, number = must_say(why, "why", most=300), kept.number
    kept.ended_on, kept.number = today(now), f"{number[:40]} #{kept.pk}"
    kept.save(update_fields=["ended_on", "number"])
    for row in rows:
        row.is_signed = False
        row.version += 1
    LandIndicator.objects.bulk_update(rows, ["is_signed", "version"])
    _record(by, now, "take_back_pledge", land, number=number, words=why)
    land_tasks.settle_land(by=by, now=now, parcel=land, outcome=_("taken back"), anew=PLEDGE)
    return kept


def _must_be_held(land: Parcel) -> int:
    """Who holds the land, and signs."""
    if land.party_id is None or land.stage not in HELD:
        raise Refused(
            _("Parcel %(number)s was not supplied yet; record the land contract first.")
            % {"number": land.number}
        )
    known = land.pledges.filter(ended_on__isnull=True).first()
    if known is not None:
        raise Refused(
            _("Parcel %(number)s has the supervision contract %(contract)s already.")
            % {"number": land.number, "contract": known.number}
        )
    return land.party_id


def _must_be_whole(land: Parcel, rows: Sequence[LandIndicator]) -> None:
    if not rows:
        raise Refused(_("Set the indicators of parcel %(number)s first.") % {"number": land.number})
    undated = [row.kind.name for row in rows if row.due_on is None]
    if undated:
        raise Refused(
            _("Say from which day these are looked at: %(what)s.") % {"what": "、".join(undated)}
        )


def _free_number(by: Actor, number: str) -> str:
    number = must_say(number, "number", most=60, why=_("Type the number of the contract."))
    if LandPledge.objects.filter(zone_id=by.zone_id, number=number).exists():
        raise Refused(
            _("There is a supervision contract %(number)s already.") % {"number": number},
            field="number",
        )
    return number


def _land_contract(land: Parcel, typed: str) -> str:
    step = (
        land.steps.filter(stage=Parcel.Stage.SUPPLIED, taken_back_at__isnull=True)
        .order_by("-id")
        .first()
    )
    return must_say(
        typed or (step.paper_number if step else ""), "land_contract", most=60,
        why=_("Type the number of the land contract; the two contracts go together."),
    )  # fmt: skip


@transaction.atomic
def check_indicator(
    *,
    by: Actor,
    now: datetime,
    indicator: LandIndicator,
    on: date,
    amount: Decimal | None,
    basis: str,
    file: StoredFile | None = None,
    what_follows: str = "",
    next_on: date | None = None,
) -> LandCheck:
    """Record what an indicator really was on a day; without ``amount``: asked, and not known.

    What was not reached, or cannot be said, is looked at again (``next_on``); of what was not
    reached a person says what follows.
    """
    access.must_judge_land(by)
    land = locked(Parcel, by, indicator.parcel_id)
    row = locked(LandIndicator, by, indicator.pk)
    _must_be_in_force(row)
    if not row.is_signed:
        raise Refused(_("This indicator was not signed yet; sign the supervision contract first."))
    amount = None if amount is None else _fitting(amount)
    is_met = met(row, amount)
    check = LandCheck.objects.create(
        zone_id=by.zone_id,
        indicator=row,
        on=must_have_been(on, "on", now),
        amount=amount,
        is_met=is_met,
        basis=must_say(basis, "basis", most=200, why=_("Say what it was taken from.")),
        file=file,
        what_follows=_following(is_met, what_follows),
        by_post_id=by.post_id,
        at=now,
    )
    _set_next(row, is_met, on, next_on)
    _record(
        by, now, "check_indicator", land, indicator=row.kind.name, day=str(on),
        amount=None if amount is None else str(amount), is_met=is_met,
        words=check.what_follows, file=check.file_id,
    )  # fmt: skip
    land_tasks.settle_land(by=by, now=now, parcel=land, outcome=_outcome(is_met))
    return check


def met(row: LandIndicator, amount: Decimal | None) -> bool | None:
    """Whether an amount keeps the promise; what is not known keeps and breaks none."""
    if amount is None:
        return None
    if row.kind.way == IndicatorKind.Way.MOST:
        return amount <= row.amount
    return amount >= row.amount


def _following(is_met: bool | None, words: str) -> str:
    if is_met is not False:
        return said(words, "what_follows", most=300)
    return must_say(
        words, "what_follows", most=300,
        why=_("It was not reached; say what follows, such as time to mend until a day."),
    )  # fmt: skip


def _set_next(row: LandIndicator, is_met: bool | None, on: date, next_on: date | None) -> None:
    if next_on is None and is_met is not True:
        raise Refused(_("Say on which day it is looked at again."), field="next_on")
    if next_on is not None:
        if must_be_possible(next_on, "next_on") <= on:
            raise Refused(_("It is looked at again after this check."), field="next_on")
        row.due_on = next_on
        row.version += 1
        row.save(update_fields=["due_on", "version"])


def _outcome(is_met: bool | None) -> str:
    return {True: _("reached"), False: _("fell short"), None: _("needs data")}[is_met]


def _record(by: Actor, now: datetime, verb: str, land: Parcel, **detail: object) -> None:
    journal.record(by=by, now=now, verb=verb, subject=land, party_ref=land.party_id, **detail)
