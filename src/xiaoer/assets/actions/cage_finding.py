"""腾笼换鸟: sites found by rules, or by a person; a person confirms them, or says it is not so."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from xiaoer.assets.access import moving as access
from xiaoer.assets.actions.reaching import must_be_living
from xiaoer.assets.models import CageSite, Parcel, Unit
from xiaoer.assets.shipped.cages import CAGE_RULES, SPACE_RULES, WHY
from xiaoer.assets.vocabulary import PARCEL, UNIT
from xiaoer.base import journal
from xiaoer.base.checking import locked, must_say, today
from xiaoer.base.models import Post, Zone
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.rules import actions as rules
from xiaoer.rules.engines.one import Told, evaluate
from xiaoer.rules.language.spec import State as Verdict
from xiaoer.rules.queries.evaluating import InForce, in_force
from xiaoer.rules.vocabularies import facts
from xiaoer.work import actions as work

State, Why = CageSite.State, CageSite.Why
LIVING = (State.CANDIDATE, State.CONFIRMED, State.UNDER_WAY)
# What a person found not to be so is not found again by the same rule for a year.
QUIET = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Found:
    """What a run came to: sites made, and how many cannot be judged for want of data."""

    made: list[CageSite]
    looked_at: int
    unsure: int


def seed_cage_rules(*, by: Actor, now: datetime) -> int:
    """Give a zone the rules it does not have yet."""
    return rules.seed_rules(by=by, now=now, rules=(*CAGE_RULES, *SPACE_RULES))


@transaction.atomic
def find_cage_sites(*, by: Actor, now: datetime) -> Found:
    """Put the rules in force about land and units to all of them: what meets one is a candidate.

    A site that is on the register already, or was dismissed within the year by the same rule, is
    left alone. Nothing known of a parcel makes it neither.
    """
    access.must_keep_move_ins(by)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('cage_sites'), %s)", [by.zone_id])
    made: list[CageSite] = []
    looked_at, unsure = 0, set[tuple[str, int]]()
    for subject in (PARCEL, UNIT):
        speaking = in_force(zone_id=by.zone_id, as_of=today(now), subject=subject)
        names = sorted({name for one in speaking for name in one.rule.columns})
        if not names:
            continue
        rows: list[dict[str, Any]] = facts(
            zone_id=by.zone_id, names=names, as_of=today(now), known_at=now, subject=subject
        ).to_pylist()
        looked_at += len(rows)
        known = _known(by, subject, today(now))
        for row in rows:
            for one, told in _said(speaking, row, today(now)):
                if told.state is Verdict.NEEDS_DATA:
                    unsure.add((subject, row["id"]))
                elif told.state is Verdict.MET and _is_new(known, row["id"], one):
                    made.append(_site(by, now, subject, row["id"], one, told))
                    known[row["id"]] = {""}
    zone = Zone.objects.get(pk=by.zone_id)
    journal.record(
        by=by, now=now, verb="find_cage_sites", subject=zone, count=len(made), unsure=len(unsure)
    )
    return Found(made, looked_at, len(unsure))


def _said(speaking: list[InForce], row: dict[str, Any], on: date) -> Iterator[tuple[InForce, Told]]:
    for one in speaking:
        known = {name: row.get(name) for name in one.rule.columns}
        yield one, evaluate(one.rule, known, on)


def _known(by: Actor, subject: str, on: date) -> dict[int, set[str]]:
    """By number: "" of what is on the register, else the rules a person said no to of late."""
    column = "parcel" if subject == PARCEL else "unit"
    found: dict[int, set[str]] = {}
    rows = CageSite.objects.filter(zone_id=by.zone_id).exclude(**{column: None})
    for number, state, why, since in rows.values_list(column, "state", "found", "found_on"):
        if state in LIVING:
            found.setdefault(number, set()).add("")
        elif state == State.DISMISSED and since > on - QUIET:
            found.setdefault(number, set()).add(str(why.get("rule", "")))
    return found


def _is_new(known: dict[int, set[str]], number: int, one: InForce) -> bool:
    said = known.get(number, set())
    return "" not in said and _code(one) not in said


def _code(one: InForce) -> str:
    return one.rule.key.rpartition("/")[0]


def _site(
    by: Actor, now: datetime, subject: str, number: int, one: InForce, told: Told
) -> CageSite:
    parcel = Parcel.objects.get(pk=number) if subject == PARCEL else None
    unit = Unit.objects.select_related("building").get(pk=number) if subject == UNIT else None
    row = CageSite.objects.create(
        zone_id=by.zone_id,
        name=_name(parcel, unit),
        parcel=parcel,
        unit=unit,
        party=_party(parcel, unit, today(now)),
        why=WHY.get(_code(one), Why.OTHER),
        found={
            "rule": _code(one),
            "clauses": [
                {"name": clause.text.name, "name_en": clause.text.name_en, "read": _plain(said.read)}
                for clause, said in zip(one.rule.clauses, told.clauses, strict=True)
            ],
        },
        found_on=today(now),
        rule_version=one.version_id,
    )  # fmt: skip
    tell_site(by, now, "find_cage_site", row, name=row.name, rule=_code(one))
    return row


def _plain(read: Any) -> dict[str, object]:
    return {
        name: round(value, 3) if isinstance(value, float) else value
        for name, value in dict(read).items()
    }


def _name(parcel: Parcel | None, unit: Unit | None) -> str:
    if parcel is not None:
        return (parcel.name or parcel.number)[:80]
    return f"{unit.building.name} {unit.code}"[:80] if unit is not None else ""


def _party(parcel: Parcel | None, unit: Unit | None, on: date) -> Any:
    """Who is there."""
    if parcel is not None:
        return parcel.party
    held = unit.occupancies.filter(is_struck=False, since__lte=on) if unit is not None else None
    last = held.order_by("-since").first() if held is not None else None
    return last.party if last and (last.until is None or last.until >= on) else None


@transaction.atomic
def add_site(
    *,
    by: Actor,
    now: datetime,
    why: str,
    parcel: Parcel | None = None,
    unit: Unit | None = None,
    words: str = "",
) -> CageSite:
    """Put a parcel or a unit on the register that a person found; it needs no confirming."""
    access.must_keep_move_ins(by)
    if (parcel is None) == (unit is None):
        raise Refused(_("Choose a parcel or a unit."), field="parcel")
    if why not in Why.values:
        raise Refused(_("Choose why it does too little."), field="why")
    if why == Why.OTHER:
        words = must_say(words, "words", most=300)
    kept_parcel = locked(Parcel, by, parcel.pk) if parcel is not None else None
    kept_unit = locked(Unit, by, unit.pk) if unit is not None else None
    if kept_unit is not None:
        must_be_living(kept_unit)
    there = CageSite.objects.filter(
        zone_id=by.zone_id, parcel=kept_parcel, unit=kept_unit, state__in=LIVING
    ).first()
    if there is not None:
        raise Refused(_("“%(name)s” is on the register already.") % {"name": there.name})
    row = CageSite.objects.create(
        zone_id=by.zone_id, name=_name(kept_parcel, kept_unit), parcel=kept_parcel, unit=kept_unit,
        party=_party(kept_parcel, kept_unit, today(now)), why=why, found_on=today(now),
        found={"words": words} if words else {}, state=State.CONFIRMED,
    )  # fmt: skip
    tell_site(by, now, "add_site", row, name=row.name, why=why)
    return row


@transaction.atomic
def confirm_site(
    *, by: Actor, now: datetime, site: CageSite, post: Post | None = None, version: int
) -> CageSite:
    """A person looked: it is so. ``post`` sees to it from now on."""
    _must_be_person(by)
    row = site_in(by, site, State.CANDIDATE, version=version)
    row.state, row.post_id = State.CONFIRMED, post.pk if post else by.post_id
    save_site(row)
    tell_site(by, now, "confirm_site", row, name=row.name)
    return row


@transaction.atomic
def dismiss_site(*, by: Actor, now: datetime, site: CageSite, why: str, version: int) -> CageSite:
    """A person looked: it is not so, with the reason."""
    _must_be_person(by)
    row = site_in(by, site, State.CANDIDATE, State.CONFIRMED, version=version)
    row.state = State.DISMISSED
    row.dismissed_why = must_say(why, "why", most=300)
    save_site(row)
    if row.matter is not None and row.matter.closed_at is None:
        work.close_matter(by=by, now=now, matter=row.matter)
    tell_site(by, now, "dismiss_site", row, name=row.name, reason=row.dismissed_why)
    return row


def _must_be_person(by: Actor) -> None:
    access.must_keep_move_ins(by)
    if by.post_id is None:
        raise Refused(_("A rule only finds; whether it is so a person says."))


def site_in(by: Actor, site: CageSite, *states: CageSite.State, version: int) -> CageSite:
    """The site, locked, in one of these states, as the asker last saw it."""
    access.must_keep_move_ins(by)
    row = locked(CageSite, by, site.pk)
    journal.must_be_fresh(row, version)
    if row.state not in states:
        raise Refused(
            _("“%(name)s” is “%(state)s” by now; look at it again.")
            % {"name": row.name, "state": State(row.state).label}
        )
    return row


def save_site(row: CageSite) -> None:
    row.version += 1
    row.save()


def tell_site(by: Actor, now: datetime, verb: str, row: CageSite, **detail: object) -> None:
    journal.record(by=by, now=now, verb=verb, subject=row, party_ref=row.party_id, **detail)
