"""Furnishing a zone with packs, their rules and the registers they ask; bringing entries in."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.models import Zone
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, system
from xiaoer.permits import thing_access as access
from xiaoer.permits.automatic.deciding import Said, normal
from xiaoer.permits.automatic.packs import write_terms
from xiaoer.permits.models import AutoPack, SharedEntry, SharedRegister, Thing
from xiaoer.permits.shipped.automatic import PACKS, REGISTERS
from xiaoer.permits.shipped.packs import ShippedPack, ShippedRegister
from xiaoer.rules import actions as rules
from xiaoer.web.words import local_date

# How long somebody's reading of the law holds before it has to be looked at again.
LAW_DAYS = 180


@transaction.atomic
def seed_packs(*, by: Actor, now: datetime) -> int:
    """Add the packs a zone lacks whose things it has; all switched off, nothing of it authorised.

    Their rules come first as text; a rule of mark C or U stays a draft until a person read its
    document and a second one released it.
    """
    access.must_keep_things(by)
    _seed_registers(by)
    things = {
        thing.code: thing
        for thing in Thing.objects.filter(zone_id=by.zone_id, code__in=[one.thing for one in PACKS])
    }
    known = set(AutoPack.objects.filter(zone_id=by.zone_id).values_list("code", flat=True))
    fresh = [one for one in PACKS if one.thing in things and one.code not in known]
    if not fresh:
        return 0
    # The packs before their rules: a rule is read with the words of its pack.
    AutoPack.objects.bulk_create(_pack(one, things[one.thing], now) for one in fresh)
    # Shipped rules are the product's words, so nobody of the zone is their author.
    rules.seed_rules(by=system(by.zone_id), now=now, rules=[one.rule for one in fresh])
    journal.record(
        by=by, now=now, verb="seed_packs", subject=Zone.objects.get(pk=by.zone_id),
        packs=[one.code for one in fresh],
    )  # fmt: skip
    return len(fresh)


def _pack(one: ShippedPack, thing: Thing, now: datetime) -> AutoPack:
    return AutoPack(
        zone_id=thing.zone_id,
        thing=thing,
        code=one.code,
        rule_code=one.rule.code,
        body=write_terms(one.terms),
        sample_secret=secrets.token_hex(32),
        law_checked_until=one.law_checked_until or local_date(now) + timedelta(days=LAW_DAYS),
        basis=one.basis,
        suitability=one.suitability,
        source=one.source,
        mark=one.mark,
        note=one.note,
        post_check_days=one.post_check_days,
        daily_limit=one.daily_limit,
        applicant_limit=one.applicant_limit,
    )


def _seed_registers(by: Actor) -> None:
    known = set(SharedRegister.objects.filter(zone_id=by.zone_id).values_list("code", flat=True))
    SharedRegister.objects.bulk_create(
        _register(by, one) for one in REGISTERS if one.code not in known
    )


def _register(by: Actor, one: ShippedRegister) -> SharedRegister:
    return SharedRegister(
        zone_id=by.zone_id,
        code=one.code,
        name=one.name,
        name_en=one.name_en,
        key_name=one.key_name,
        fields=[{**asdict(each), "kind": each.kind.value} for each in one.fields],
        fresh_hours=one.fresh_hours,
        source=one.source,
        mark=one.mark,
    )


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """What a register says under a key."""

    key: str
    name: str = ""
    content: Mapping[str, Said] = field(default_factory=dict)
    valid_from: date | None = None
    valid_until: date | None = None


@transaction.atomic
def bring_entries(
    *,
    by: Actor,
    now: datetime,
    register: SharedRegister,
    entries: Sequence[EntryFacts],
    is_whole: bool = True,
    source: str = "",
) -> SharedRegister:
    """Bring in what an authority shares. ``is_whole``: it is all of it, so that what is not named
    stands in it no longer; a part keeps the rest, and does not make the register fresh."""
    access.must_keep_things(by)
    row = SharedRegister.objects.select_for_update().get(zone_id=by.zone_id, pk=register.pk)
    wanted = {normal(one.key): one for one in entries}
    if len(wanted) != len(entries) or "" in wanted:
        raise Refused(_("A key stands twice or is empty; each entry needs its own."), field="key")
    kinds = {str(one["code"]): str(one["kind"]) for one in row.fields}
    there = {one.key: one for one in SharedEntry.objects.filter(register=row, key__in=wanted)}
    fresh = []
    for key, one in wanted.items():
        entry = there.get(key) or SharedEntry(zone_id=by.zone_id, register=row, key=key)
        entry.name, entry.content = one.name[:120], _content(kinds, one)
        entry.valid_from, entry.valid_until = one.valid_from, one.valid_until
        entry.fetched_at, entry.source, entry.ended_at = now, source[:200], None
        entry.version += 1 if entry.pk else 0
        fresh.append(entry)
    SharedEntry.objects.bulk_create([one for one in fresh if one.pk is None])
    SharedEntry.objects.bulk_update(
        [one for one in fresh if one.key in there],
        ["name", "content", "valid_from", "valid_until", "fetched_at", "source", "ended_at",
         "version"],
    )  # fmt: skip
    gone = 0
    if is_whole:
        left = SharedEntry.objects.filter(register=row, ended_at__isnull=True)
        gone = left.exclude(key__in=wanted).update(ended_at=now)
        row.fetched_at = now
    row.version += 1
    row.save(update_fields=["fetched_at", "version"])
    journal.record(
        by=by, now=now, verb="bring_entries", subject=row, count=len(fresh), gone=gone,
    )  # fmt: skip
    return row


def _content(kinds: Mapping[str, str], one: EntryFacts) -> dict[str, Any]:
    """Values of the register's own fields and kinds; anything else is told."""
    for code, value in one.content.items():
        wanted = {"number": (int, float), "flag": (bool,)}.get(kinds.get(code, ""), (str,))
        is_flag = isinstance(value, bool)
        if code not in kinds or not isinstance(value, wanted) or (is_flag and bool not in wanted):
            raise Refused(
                _("“%(key)s”: %(field)s is no such value of this register.")
                % {"key": one.key, "field": code},
                field=code,
            )
    return dict(one.content)
