"""Firms that work in too little space, by the zone's rules about whoever holds its workshops."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xiaoer.assets.vocabulary import TENANT
from xiaoer.base.words import Word
from xiaoer.registry.models import Party
from xiaoer.rules.engines.one import evaluate
from xiaoer.rules.language.spec import State as Verdict
from xiaoer.rules.queries.evaluating import in_force
from xiaoer.rules.vocabularies import facts, vocabulary
from xiaoer.web.words import local_date

MOST = 20
SPACE = "space_per_person_m2"


@dataclass(frozen=True, slots=True)
class Reading:
    """A clause a firm met, with the words it read and their values."""

    name: str
    name_en: str
    read: tuple[tuple[Word | None, object], ...]


@dataclass(frozen=True, slots=True)
class Cramped:
    """A firm that may need more space, and why a rule says so."""

    party: Party
    clauses: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class CrampedFirms:
    """Who has least for each of its people first. ``unsure``: of so many too little is known to say."""

    rows: tuple[Cramped, ...]
    unsure: int
    looked_at: int


def cramped_firms(zone_id: int, *, now: datetime, but: Collection[int] = ()) -> CrampedFirms:
    """Put the rules in force about tenants to all of them. What is not known is no no."""
    day = local_date(now)
    speaking = in_force(zone_id=zone_id, as_of=day, subject=TENANT)
    names = sorted({name for one in speaking for name in one.rule.columns})
    if not names:
        return CrampedFirms((), 0, 0)
    rows: list[dict[str, Any]] = facts(
        zone_id=zone_id, names={*names, SPACE}, as_of=day, known_at=now, subject=TENANT
    ).to_pylist()
    words = vocabulary(zone_id, TENANT).words
    met: list[tuple[float, int, tuple[Reading, ...]]] = []
    unsure = 0
    for row in rows:
        told = [
            (one, evaluate(one.rule, {name: row[name] for name in one.rule.columns}, day))
            for one in speaking
        ]
        said = next(((one, what) for one, what in told if what.state is Verdict.MET), None)
        if said is None:
            unsure += any(what.state is Verdict.NEEDS_DATA for _one, what in told)
        elif row["id"] not in but:
            readings = tuple(
                Reading(
                    clause.text.name, clause.text.name_en,
                    tuple((words.get(name), value) for name, value in dict(of.read).items()),
                )
                for clause, of in zip(said[0].rule.clauses, said[1].clauses, strict=True)
            )  # fmt: skip
            met.append((row[SPACE] or 0.0, row["id"], readings))
    met.sort(key=lambda one: one[:2])
    parties = Party.objects.filter(zone_id=zone_id).in_bulk([one[1] for one in met[:MOST]])
    found = tuple(
        Cramped(parties[number], clauses)
        for _space, number, clauses in met[:MOST]
        if number in parties
    )
    return CrampedFirms(found, unsure, len(rows))
