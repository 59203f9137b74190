"""The register of licences: where each stands on a day, lists of it, its story, who is told."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Prefetch, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaoer.papers.models import (
    HeldPaper,
    Licence,
    LicenceEvent,
    LicenceKind,
    OfficialNotice,
    PaperConsent,
)
from xiaoer.registry.models import Party

PAGE = 50
SOON_DAYS = 60
State = Licence.State
STATES: dict[str, str | Promise] = {
    "in_force": gettext_lazy("in force"),
    "expiring": gettext_lazy("runs out within 60 days"),
    "expired": gettext_lazy("run out"),
    "suspended": gettext_lazy("suspended"),
    "ended": gettext_lazy("revoked or deregistered"),
    "replaced": gettext_lazy("replaced by a newer one"),
}
ENDED = (State.REVOKED, State.DEREGISTERED)


class Standing(NamedTuple):
    """Where a licence stands on a day: a code, in words, and the light beside them."""

    code: str
    words: str
    colour: str

    @property
    def holds(self) -> bool:
        """Whether it may be relied on that day."""
        return self.code in ("in_force", "expiring")


def standing(licence: Licence, on: date) -> Standing:
    """In force, to come, running out, run out, or what a person decided, computed from its days."""
    if licence.state != State.VALID:
        code = {State.REPLACED: "replaced", State.SUSPENDED: "suspended"}.get(
            State(licence.state), "ended"
        )
        colour = "amber" if code == "suspended" else "red" if code == "ended" else "grey"
        day = licence.changed_on.isoformat() if licence.changed_on else ""
        return Standing(code, f"{licence.get_state_display()} {day}".strip(), colour)
    if licence.valid_from > on:
        day = licence.valid_from.isoformat()
        return Standing("coming", _("holds from %(day)s") % {"day": day}, "grey")
    if licence.valid_until is None:
        return Standing("in_force", _("in force, no end"), "green")
    day = licence.valid_until.isoformat()
    if licence.valid_until < on:
        return Standing("expired", _("ran out %(day)s") % {"day": day}, "grey")
    if licence.valid_until <= on + timedelta(days=SOON_DAYS):
        return Standing("expiring", _("runs out %(day)s") % {"day": day}, "amber")
    return Standing("in_force", _("in force until %(day)s") % {"day": day}, "green")


@dataclass(frozen=True, slots=True)
class LicenceFilter:
    """What the register is narrowed by."""

    kind: int | None = None
    state: str = "in_force"
    year: int | None = None
    automatic: bool | None = None
    handover: str = ""
    text: str = ""
    party: int | None = None

    @property
    def folded(self) -> int:
        return sum(
            map(bool, (self.kind, self.year, self.automatic is not None, self.handover, self.text))
        )


class LicenceRow(NamedTuple):
    """A licence in a list, with its standing that day."""

    licence: Licence
    standing: Standing

    @property
    def kind(self) -> str:
        return self.licence.kind.name

    @property
    def state(self) -> str:
        return self.standing.words

    @property
    def automatic(self) -> str:
        return _("yes") if self.licence.is_automatic else _("no")


@dataclass(frozen=True, slots=True)
class LicencePage:
    """One page of the register; ``after`` leads to the next."""

    rows: tuple[LicenceRow, ...]
    after: str | None


def _in_force(on: date) -> Q:
    return Q(state=State.VALID) & (Q(valid_until__isnull=True) | Q(valid_until__gte=on))


def _filtered(zone_id: int, filters: LicenceFilter, on: date) -> QuerySet[Licence]:
    rows = Licence.objects.filter(zone_id=zone_id).select_related("kind", "party", "office")
    if filters.kind:
        rows = rows.filter(kind_id=filters.kind)
    if filters.year:
        rows = rows.filter(issued_on__range=(date(filters.year, 1, 1), date(filters.year, 12, 31)))
    if filters.party:
        rows = rows.filter(party_id=filters.party)
    if filters.automatic is not None:
        rows = rows.filter(is_automatic=filters.automatic)
    if filters.handover:
        rows = rows.filter(handover=filters.handover)
    if filters.text:
        rows = rows.filter(
            Q(holder_name__icontains=filters.text)
            | Q(number__icontains=filters.text)
            | Q(holder_code=filters.text.upper())
        )
    return _of_state(rows, filters.state, on)


def _of_state(rows: QuerySet[Licence], state: str, on: date) -> QuerySet[Licence]:
    if state == "in_force":
        return rows.filter(_in_force(on))
    if state == "expiring":
        return rows.filter(_in_force(on), valid_until__lte=on + timedelta(days=SOON_DAYS))
    if state == "expired":
        return rows.filter(state=State.VALID, valid_until__lt=on)
    if state in ("suspended", "replaced"):
        return rows.filter(state=state)
    if state == "ended":
        return rows.filter(state__in=ENDED)
    return rows


def licence_page(
    *, zone_id: int, filters: LicenceFilter, on: date, after: str | None = None
) -> LicencePage:
    """A page of the register, the latest issued first; what runs out first where that is asked."""
    rows = _filtered(zone_id, filters, on)
    day, number = _place(after)
    if filters.state == "expiring":
        rows = rows.order_by("valid_until", "id")
        if day is not None:
            rows = rows.filter(Q(valid_until__gt=day) | Q(valid_until=day, id__gt=number))
    else:
        rows = rows.order_by("-issued_on", "-id")
        if day is not None:
            rows = rows.filter(Q(issued_on__lt=day) | Q(issued_on=day, id__lt=number))
    found = list(rows[: PAGE + 1])
    shown = tuple(LicenceRow(row, standing(row, on)) for row in found[:PAGE])
    if len(found) <= PAGE:
        return LicencePage(shown, None)
    last = shown[-1].licence
    key = last.valid_until if filters.state == "expiring" else last.issued_on
    return LicencePage(shown, f"{key}_{last.pk}")


def _place(after: str | None) -> tuple[date | None, int]:
    day, _bar, number = (after or "").partition("_")
    try:
        return date.fromisoformat(day), int(number)
    except ValueError:
        return None, 0


def every_licence(*, zone_id: int, filters: LicenceFilter, on: date) -> Iterable[LicenceRow]:
    """The whole list, for a sheet."""
    rows = _filtered(zone_id, filters, on).order_by("-issued_on", "-id")
    for row in rows.iterator(chunk_size=1000):
        yield LicenceRow(row, standing(row, on))


def kinds(*, zone_id: int) -> Sequence[LicenceKind]:
    return list(LicenceKind.objects.filter(zone_id=zone_id).order_by("id"))


def kind(*, zone_id: int, kind_id: int) -> LicenceKind | None:
    return LicenceKind.objects.filter(zone_id=zone_id, pk=kind_id).first()


def licence(*, zone_id: int, licence_id: int) -> Licence | None:
    return (
        Licence.objects.filter(zone_id=zone_id, pk=licence_id)
        .select_related("kind", "party", "office", "file", "sealed_file", "replaces")
        .first()
    )


@dataclass(frozen=True, slots=True)
class LicenceStory:
    """What became of a licence, and the one that took its place."""

    events: tuple[LicenceEvent, ...]
    followed_by: Licence | None


def licence_story(row: Licence) -> LicenceStory:
    return LicenceStory(
        events=tuple(row.events.order_by("id")[:MOST_EVENTS]),
        followed_by=Licence.objects.filter(zone_id=row.zone_id, replaces=row).first(),
    )


MOST_EVENTS = 200


def said(row: Licence, *, only_public: bool = False) -> list[tuple[str, str, str]]:
    """What a licence says: name, name in English, value; a field left open is said to be so."""
    return [
        (one["name"], one.get("name_en", ""), str(row.content.get(one["code"], "")))
        for one in row.kind.fields
        if one.get("is_public") or not only_public
    ]


# Of one party ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A held paper, whether it stands, and what it was used for, the latest first."""

    paper: HeldPaper
    standing: Standing
    uses: tuple[PaperConsent, ...]


@dataclass(frozen=True, slots=True)
class PapersOfParty:
    """Licences, held papers and notices of one party."""

    licences: tuple[LicenceRow, ...]
    held: tuple[HeldRow, ...]
    notices: tuple[OfficialNotice, ...]


MOST = 100
MOST_USES = 5


def papers_of_party(*, party: Party, on: date) -> PapersOfParty:
    """What is here of a party: the newest hundred of each, in four questions."""
    licences = (
        Licence.objects.filter(zone_id=party.zone_id, party=party)
        .select_related("kind")
        .order_by("-issued_on", "-id")[:MOST]
    )
    held = (
        HeldPaper.objects.filter(zone_id=party.zone_id, party=party, origin__in=("given", "shared"))
        .select_related("kind")
        .prefetch_related(
            Prefetch(
                "consents", PaperConsent.objects.order_by("-id")[:MOST_USES], to_attr="latest_uses"
            )
        )
        .order_by("-id")[:MOST]
    )
    notices = OfficialNotice.objects.filter(zone_id=party.zone_id, party=party).order_by("-id")
    return PapersOfParty(
        licences=tuple(LicenceRow(row, standing(row, on)) for row in licences),
        held=tuple(HeldRow(row, held_standing(row, on), tuple(row.latest_uses)) for row in held),
        notices=tuple(notices[:MOST]),
    )


def held_standing(paper: HeldPaper, on: date) -> Standing:
    """Whether a held paper may be used, and if not, why."""
    if paper.withdrawn_at is not None:
        return Standing("withdrawn", _("taken back"), "grey")
    if paper.replaced_by_id is not None:
        return Standing("replaced", _("replaced by a newer one"), "grey")
    if paper.valid_until is None:
        return Standing("in_force", _("may be used again"), "green")
    day = paper.valid_until.isoformat()
    if paper.valid_until < on:
        return Standing("expired", _("ran out %(day)s") % {"day": day}, "red")
    if paper.valid_until <= on + timedelta(days=SOON_DAYS):
        return Standing("expiring", _("runs out %(day)s") % {"day": day}, "amber")
    return Standing("in_force", _("may be used until %(day)s") % {"day": day}, "green")


def licences_running_out(
    *, zone_id: int, on: date, until: date, party_ids: Sequence[int] | None = None
) -> Mapping[int, Sequence[Licence]]:
    """Licences of parties that run out between two days, by party, the earliest first."""
    rows = (
        Licence.objects.filter(
            zone_id=zone_id,
            state=State.VALID,
            party__isnull=False,
            valid_until__range=(on, until),
        )
        .select_related("kind", "party")
        .order_by("valid_until", "id")
    )
    if party_ids is not None:
        rows = rows.filter(party_id__in=party_ids)
    found: dict[int, list[Licence]] = {}
    for row in rows:
        found.setdefault(row.party_id or 0, []).append(row)
    return found
