"""Questions about decisions made with nobody in between."""

from dataclasses import dataclass
from datetime import datetime

from xiaoer.base.models import JournalLine, Zone
from xiaoer.base.scope import Actor
from xiaoer.papers.models import Licence
from xiaoer.permits.models import AutoDecision, AutoPack, CaseItem
from xiaoer.registry.models import Party

PUBLIC_STEP = 50
# Not a key anybody holds: who reads a public page is nobody in particular.
ANYBODY = "anybody"


@dataclass(frozen=True, slots=True)
class PublicDecision:
    """A decision as the public reads it (Licensing Law, article 40): what, to whom, when, no more."""

    number: int
    item: str
    holder: str
    licence: str
    state: Licence.State
    at: datetime


@dataclass(frozen=True, slots=True)
class Switch:
    """When a pack was switched last, and whether to on."""

    at: datetime
    is_on: bool


def switches_before(*, zone_id: int, end: datetime) -> dict[int, Switch]:
    """How each pack stood at a moment, by the record of its switches; without one it is not here."""
    lines = JournalLine.objects.filter(
        zone_id=zone_id,
        verb="switch_pack",
        subject_type=AutoPack._meta.db_table,
        subject_id__in=AutoPack.objects.filter(zone_id=zone_id).values("pk"),
        at__lt=end,
    )
    latest = lines.order_by("subject_id", "-at", "-id").distinct("subject_id")
    return {
        one.subject_id: Switch(one.at, one.detail.get("new") == AutoPack.State.ON) for one in latest
    }


def anybody_in(zone_code: str, **_rest: object) -> Actor | None:
    """Who looks at a public page of a zone: the outside role, of no party."""
    zone = Zone.objects.filter(code=zone_code).first()
    return None if zone is None else Actor(zone_id=zone.pk, key=ANYBODY, name=zone.name)


def public_decisions(
    *, zone_id: int, before: int | None = None, step: int = PUBLIC_STEP
) -> list[PublicDecision]:
    """What was granted by rule with nobody in between, the latest first; asked on behalf of all."""
    items = (
        CaseItem.objects.filter(
            zone_id=zone_id,
            licence__isnull=False,
            case__auto_decisions__outcome=AutoDecision.Outcome.GRANTED,
        )
        .select_related("licence", "case__party")
        .order_by("-id")
    )
    if before is not None:
        items = items.filter(pk__lt=before)
    return [_public(one) for one in items[:step]]


def _public(item: CaseItem) -> PublicDecision:
    licence = item.licence
    if licence is None or item.decided_at is None:
        raise ValueError("A granted item has its licence and its moment.")
    party = item.case.party
    is_person = party is None or party.kind == Party.Kind.PERSON
    return PublicDecision(
        item.pk,
        item.name,
        hidden(licence.holder_name) if is_person else licence.holder_name,
        licence.number,
        Licence.State(licence.state),
        item.decided_at,
    )


def hidden(name: str) -> str:
    """A natural person's name as it is published: the family name, the rest in stars."""
    return name[:1] + "*" * max(len(name) - 1, 1)
