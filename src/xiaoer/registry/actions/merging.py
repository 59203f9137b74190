"""Merging duplicates: everything that hangs on the duplicate moves to the one that stays."""

from datetime import datetime

from django.db import models, transaction
from django.db.models import DateTimeField, F, Q
from django.db.models.functions import Greatest
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.registry import access
from xiaoer.registry.actions.parties import lock_party, save_party
from xiaoer.registry.merging import Relation, merge_relations, rows_of, why_not
from xiaoer.registry.models import Party, PartyName

parties_merged = Signal()
"""Sent inside the merge with ``kept`` and ``duplicate``: rooms whose rows stay count anew."""

# What the duplicate lends to the one that stays where that one has nothing.
_LENT = (
    "credit_code",
    "old_register_no",
    "industry",
    "section",
    "capital_fen",
    "registered_on",
    "address",
    "business",
    "legal_representative",
    "contact_name",
    "contact_phone",
    "park",
    "cell",
    "longitude",
    "latitude",
)


@transaction.atomic
def merge_parties(*, by: Actor, now: datetime, kept: Party, duplicate: Party) -> Party:
    """Move everything of the duplicate to the one kept; the duplicate stays, pointing to it."""
    access.must_keep_registry(by)
    relations = merge_relations()
    if kept.pk == duplicate.pk:
        raise Refused(_("Choose two different entries."), field="duplicate")
    first, second = sorted((kept, duplicate), key=lambda party: party.pk)
    locked = {party.pk: party for party in (lock_party(first), lock_party(second))}
    kept, duplicate = locked[kept.pk], locked[duplicate.pk]
    obstacle = why_not(kept, duplicate)
    if obstacle:
        raise Refused(obstacle)
    moved = {
        relation.model._meta.db_table: count
        for relation in relations
        if relation.moves and (count := _move(relation, kept, duplicate, now))
    }
    lent = _lend(kept, duplicate, now)
    journal.record(
        by=by,
        now=now,
        verb="merge_parties",
        subject=kept,
        party_ref=kept.pk,
        duplicate=duplicate.pk,
        name=duplicate.name,
        moved=moved,
        lent=lent,
    )
    journal.record(
        by=by,
        now=now,
        verb="merged_into",
        subject=duplicate,
        party_ref=duplicate.pk,
        kept=kept.pk,
        name=kept.name,
    )
    parties_merged.send(Party, kept=kept, duplicate=duplicate)
    return kept


def _move(relation: Relation, kept: Party, duplicate: Party, now: datetime) -> int:
    rows = rows_of(relation, [duplicate.pk])
    if relation.ends:
        _end_second(relation, rows, kept, now)
    if relation.stays:
        same = rows_of(relation, [kept.pk]).filter(
            **{column: models.OuterRef(column) for column in relation.stays}
        )
        rows = rows.exclude(models.Exists(same))
    field = relation.model._meta.get_field(relation.field)
    target = kept if isinstance(field, models.ForeignKey) else kept.pk
    return rows.update(**{relation.field: target})


def _end_second(
    relation: Relation, rows: "models.QuerySet[models.Model]", kept: Party, now: datetime
) -> None:
    """Where both have one in force, the duplicate's ends now."""
    in_force = Q(**{f"{relation.ends}__isnull": True})
    both = rows.filter(in_force)
    mine = rows_of(relation, [kept.pk]).filter(in_force)
    if relation.of_a:
        both = both.filter(**{f"{relation.of_a}__in": mine.values(relation.of_a)})
    elif not mine.exists():
        return
    field = relation.model._meta.get_field(relation.ends)
    if isinstance(field, DateTimeField):
        both.update(**{relation.ends: now})
    else:
        today = timezone.localdate(now)
        both.update(**{relation.ends: Greatest(F("since"), today, output_field=models.DateField())})


def _lend(kept: Party, duplicate: Party, now: datetime) -> list[str]:
    """Fill what the kept one lacks, remember the other name, and let the duplicate point here."""
    lent = [
        name
        for name in _LENT
        if getattr(kept, name) in (None, "") and getattr(duplicate, name) not in (None, "")
    ]
    values = {name: getattr(duplicate, name) for name in lent}
    cell = duplicate.cell
    duplicate.merged_into, duplicate.cell = kept, None
    save_party(duplicate, now)
    for name, value in values.items():
        setattr(kept, name, value)
    if kept.cell is None:
        kept.cell = cell
    if kept.name != duplicate.name:
        PartyName.objects.get_or_create(
            zone_id=kept.zone_id, party=kept, kind=PartyName.Kind.SHORT, name=duplicate.name
        )
    save_party(kept, now)
    return lent
