"""What the zone holds about one enterprise, each datum with its source and since when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from xiaoer.base.models import JournalLine
from xiaoer.base.scope import Actor
from xiaoer.base.units import show_money
from xiaoer.facts import queries as facts
from xiaoer.facts.models import Metric, Value
from xiaoer.outreach.models import Correction, Visit
from xiaoer.registry.models import Party, PartyName, Representation
from xiaoer.registry.queries import Steward, numbers_of, stewards_of
from xiaoer.work.calendar import LOCAL
from xiaoer.work.models import Contact, Question

# Registration data an enterprise may ask to correct, in the order they are shown.
FIELDS: Mapping[str, str | Promise] = {
    "name": gettext_lazy("Name"),
    "credit_code": gettext_lazy("Credit code"),
    "industry": gettext_lazy("Industry"),
    "registered_on": gettext_lazy("Registered on"),
    "capital_fen": gettext_lazy("Registered capital"),
    "address": gettext_lazy("Address"),
    "business": gettext_lazy("Business scope"),
    "legal_representative": gettext_lazy("Legal representative"),
    "contact_name": gettext_lazy("Contact person"),
    "contact_phone": gettext_lazy("Contact phone"),
}
MOST_FIGURES, MOST_LINES = 500, 200


@dataclass(frozen=True, slots=True)
class HeldFact:
    """One registration datum; ``words`` is None where nothing is held."""

    field: str
    label: str
    words: str | None
    source: str
    since: datetime
    is_asked: bool


@dataclass(frozen=True, slots=True)
class HeldFigure:
    """One figure of the enterprise, as last known in its column."""

    value_id: int
    metric: str
    period: str
    words: str
    kind: str
    source: str
    known_at: datetime
    note: str
    is_asked: bool


@dataclass(frozen=True, slots=True)
class HeldName:
    name: str
    kind: str
    since: date | None


@dataclass(frozen=True, slots=True)
class HeldContact:
    """One contact: when, which office, what for; an inspection of another office is tagged."""

    day: date
    office: str
    kind: str
    tag: str
    purpose: str
    state: str


@dataclass(frozen=True, slots=True)
class HeldVisit:
    """A visit as the enterprise knows it: day, programme, whom they met. No words of officers."""

    visited_on: date
    programme: str
    met: str


@dataclass(frozen=True, slots=True)
class HeldAnswer:
    asked_at: datetime
    text: str
    state: str
    answer: str


@dataclass(frozen=True, slots=True)
class Held:
    """Everything held about one enterprise that is its own to read."""

    party: Party
    facts: tuple[HeldFact, ...]
    figures: tuple[HeldFigure, ...]
    names: tuple[HeldName, ...]
    stewards: tuple[Steward, ...]
    representations: tuple[Representation, ...]
    contacts: tuple[HeldContact, ...]
    visits: tuple[HeldVisit, ...]
    answers: tuple[HeldAnswer, ...]
    corrections: tuple[Correction, ...]


def shown_fact(party: Party, field: str) -> str:
    """A registration datum in words; empty where nothing is held."""
    if field == "capital_fen":
        if party.capital_fen is None:
            return ""
        shown = show_money(party.capital_fen, get_language() or "zh-hans")
        is_yuan = party.capital_currency in ("", "CNY")
        return shown if is_yuan else f"{shown} {party.capital_currency}"
    value = getattr(party, field)
    return "" if value in (None, "") else str(value)


def figure_words(value: Value) -> str:
    """A figure with its indicator, period and number, as a line reads it."""
    language = get_language() or "zh-hans"
    figure = facts.figure_of(value)
    return f"{_metric_name(figure.metric)} {figure.period.show(language)} {figure.show(language)}"


def _metric_name(metric: Metric) -> str:
    is_chinese = (get_language() or "zh").startswith("zh")
    return metric.name if is_chinese else metric.name_en or metric.name


def held_about(*, by: Actor) -> Held | None:
    """What is held about the asking enterprise; None when the asker speaks for none."""
    party = (
        Party.objects.filter(zone_id=by.zone_id, pk=by.party_ref or 0)
        .select_related("cell__grid", "park")
        .first()
    )
    if party is None:
        return None
    corrections = tuple(
        Correction.objects.filter(party=party).select_related("value__metric").order_by("-id")
    )
    asked = [row for row in corrections if row.state == Correction.State.ASKED]
    return Held(
        party=party,
        facts=tuple(_facts(party, corrections, {row.field for row in asked})),
        figures=tuple(_figures(by, party, {row.value_id for row in asked})),
        names=tuple(
            HeldName(row.name, str(PartyName.Kind(row.kind).label), row.since)
            for row in PartyName.objects.filter(party=party).order_by("id")
        ),
        stewards=stewards_of(party=party),
        representations=tuple(Representation.objects.filter(party=party).order_by("-id")),
        contacts=tuple(_contacts(party)),
        visits=tuple(
            HeldVisit(row.visited_on, row.programme.name, row.met)
            for row in Visit.objects.filter(party=party, replaced_by__isnull=True)
            .select_related("programme")
            .order_by("-visited_on", "-id")[:MOST_LINES]
        ),
        answers=tuple(
            HeldAnswer(row.asked_at, row.text, str(Question.State(row.state).label), row.answer)
            for row in Question.objects.filter(party=party).order_by("-id")[:MOST_LINES]
        ),
        corrections=corrections,
    )


def _facts(party: Party, corrections: tuple[Correction, ...], asked: set[str]) -> list[HeldFact]:
    changed = _last_changes(party)
    granted = {
        (row.field, row.decided_at): row
        for row in corrections
        if row.state == Correction.State.GRANTED
    }
    return [
        HeldFact(
            field=field,
            label=str(label),
            words=shown_fact(party, field) or None,
            source=_source_of(party, field, changed, granted),
            since=changed[field].at if field in changed else party.added_at,
            is_asked=field in asked,
        )
        for field, label in FIELDS.items()
    ]


def _last_changes(party: Party) -> dict[str, JournalLine]:
    """The last line of the journal that set each datum; read from the enterprise's own lines."""
    found: dict[str, JournalLine] = {}
    lines = JournalLine.objects.filter(
        zone_id=party.zone_id,
        party_ref=party.pk,
        subject_type="party",
        verb__in=("add_party", "change_party"),
    )
    for line in lines.order_by("id"):
        after = line.detail.get("after") if isinstance(line.detail, dict) else None
        for field in after if isinstance(after, dict) else ():
            found[field] = line
    return found


def _source_of(
    party: Party,
    field: str,
    changed: Mapping[str, JournalLine],
    granted: Mapping[tuple[str, datetime | None], Correction],
) -> str:
    line = changed.get(field)
    if line is None:
        return _("register of enterprises, imported") if party.import_run_id else _("as entered")
    row = granted.get((field, line.at))
    if row is not None:
        return _("stated by the enterprise on %(day)s") % {
            "day": row.asked_at.astimezone(LOCAL).date().isoformat()
        }
    return _("changed by %(who)s") % {"who": line.who}


def _figures(by: Actor, party: Party, asked: set[int | None]) -> list[HeldFigure]:
    language = get_language() or "zh-hans"
    rows = list(
        facts.known_values(zone_ids=[party.zone_id])
        .filter(party_id__in=numbers_of(party=party))
        .select_related("party", "source", "metric")
    )
    rows.sort(key=lambda row: (row.ends_on, -row.metric_id, row.column), reverse=True)
    found = []
    for row in rows[:MOST_FIGURES]:
        figure = facts.figure_of(row)
        found.append(
            HeldFigure(
                value_id=row.pk,
                metric=_metric_name(figure.metric),
                period=figure.period.show(language),
                words=figure.show(language),
                kind=str(Value.Column(row.column).label),
                source=row.source.name,
                known_at=row.known_at,
                note=row.note,
                is_asked=row.pk in asked,
            )
        )
    return found


def _contacts(party: Party) -> list[HeldContact]:
    rows = (
        Contact.objects.filter(party=party)
        .select_related("office")
        .order_by("-planned_on", "-id")[:MOST_LINES]
    )
    return [
        HeldContact(
            day=row.planned_on,
            office=row.office.name,
            kind=str(Contact.Kind(row.kind).label),
            tag=str(Contact.Tag(row.tag).label),
            purpose=row.purpose,
            state=str(Contact.State(row.state).label),
        )
        for row in rows
    ]


def correction(*, by: Actor, correction_id: int) -> Correction | None:
    """A request to correct the asker may see."""
    return (
        Correction.objects.filter(zone_id=by.zone_id, pk=correction_id)
        .select_related("party", "value__metric", "value__source", "decided_by__person")
        .first()
    )


def corrections(*, by: Actor, state: str = "") -> QuerySet[Correction]:
    """Requests to correct, latest first, those to decide if asked for."""
    rows = Correction.objects.filter(zone_id=by.zone_id).select_related("party")
    return (rows.filter(state=state) if state else rows).order_by("-id")
