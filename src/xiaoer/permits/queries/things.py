"""Questions about definitions: which things there are, what speaks on a day, what a guide says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from xiaoer.base.models import Office
from xiaoer.papers.models import LicenceKind, PaperKind
from xiaoer.permits import scenario
from xiaoer.permits.definition import Definition, Item
from xiaoer.permits.models import Thing, ThingVersion
from xiaoer.permits.wording import Problem, problems, read_definition


def things(*, zone_id: int, on: date) -> QuerySet[Thing]:
    """The things of a zone that can be begun on a day, in its order; each has a version speaking."""
    return (
        Thing.objects.filter(_standing(on), zone_id=zone_id)
        .filter(pk__in=_speaking(on).filter(zone_id=zone_id).values("thing_id"))
        .select_related("office")
        .order_by("order", "id")
    )


def version_on(thing: Thing, on: date) -> ThingVersion | None:
    """The version that speaks on a day; at most one does."""
    return _speaking(on).filter(thing=thing).first()


def versions_on(things: Sequence[Thing], on: date) -> dict[int, ThingVersion]:
    """The version of each thing that speaks on a day, by the thing's number."""
    return {one.thing_id: one for one in _speaking(on).filter(thing__in=things)}


def _speaking(on: date) -> QuerySet[ThingVersion]:
    return ThingVersion.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=on),
        state=ThingVersion.State.LIVE,
        valid_from__lte=on,
    )


def _standing(on: date) -> Q:
    return Q(created_on__lte=on) & (Q(ended_on__isnull=True) | Q(ended_on__gte=on))


def definition_of(version: ThingVersion) -> Definition:
    """What a version says. A body in force was checked; a draft may be ``Unreadable``."""
    return read_definition(version.body)


@dataclass(frozen=True, slots=True)
class Guide:
    """办事指南: all a version says, as far as answers are known.

    ``outline`` is laid out by the answers given; ``every`` counts what the whole definition holds.
    """

    thing: Thing
    version: ThingVersion
    definition: Definition
    outline: scenario.Outline

    @property
    def items(self) -> tuple[Item, ...]:
        """Items that apply by the answers, or all while nothing is answered."""
        return self.outline.items or self.definition.items

    @property
    def is_shorter(self) -> bool:
        """Whether what is promised is less than the law gives."""
        return self.outline.promised_days < self.outline.statutory_days


def guide_of(version: ThingVersion, answers: dict[str, object] | None = None) -> Guide:
    """The guide of a version, for the answers so far."""
    definition = definition_of(version)
    return Guide(version.thing, version, definition, scenario.lay_out(definition, answers or {}))


def offices_of(definition: Definition, thing: Thing) -> dict[str, Office | None]:
    """The zone's offices a definition names. One it lacks is stood in for by the lead office."""
    names = {one.office for one in definition.items} | {
        name for one in definition.items for step in one.steps for name in step.offices
    }
    rows = Office.objects.filter(zone_id=thing.zone_id, name__in=names)
    known = {one.name: one for one in rows}
    return {name: known.get(name, thing.office) for name in names}


def problems_of(version: ThingVersion, definition: Definition, on: date) -> list[Problem]:
    """What is wrong in a version as its zone stands: its offices, kinds of paper and licences."""
    zone = version.zone_id
    kinds = PaperKind.objects.filter(zone_id=zone, ended_on__isnull=True)
    licences = LicenceKind.objects.filter(zone_id=zone, ended_on__isnull=True)
    standing = Office.objects.filter(zone_id=zone).exclude(until__lt=on)
    return problems(
        definition,
        offices=standing.values_list("name", flat=True),
        papers=kinds.values_list("code", flat=True),
        licences=licences.values_list("code", flat=True),
    )
