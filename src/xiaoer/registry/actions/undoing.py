"""Taking a sheet of enterprises back, where nobody touched what it brought."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.base.subjects import record_name
from xiaoer.registry.imports import taking_back
from xiaoer.registry.imports.progress import Tell
from xiaoer.registry.models import ImportRun, Party, Stewardship
from xiaoer.registry.names import terms_of

_BATCH = 2_000


def must_stand(run: ImportRun) -> None:
    """Only what was brought in can be taken back, and only once."""
    if run.state != ImportRun.State.COMMITTED:
        raise Refused(_("Only a sheet that was brought in can be taken back."))


def take_back(*, by: Actor, now: datetime, run: ImportRun, tell: Tell) -> None:
    """Undo a run as far as nobody touched it since; what stays is listed on the run."""
    tell(ImportRun.Phase.CHECKING, 0)
    changed = taking_back.changed_since(zone_id=by.zone_id, run_id=run.pk)
    kept = [_stays(number, name, _("changed since")) for number, name in changed]
    removable, held = _created_by(run)
    kept += [_stays(number, name, reason) for number, name, reason in held]
    tell(ImportRun.Phase.WRITING, 0)
    restored, renamed = taking_back.undo_updates(zone_id=by.zone_id, run_id=run.pk, now=now)
    _renew_terms(by, renamed)
    tell(ImportRun.Phase.WRITING, restored)
    removed = taking_back.delete_parties(zone_id=by.zone_id, party_ids=removable)
    run.state, run.undone_at, run.phase, run.message = ImportRun.State.UNDONE, now, "", ""
    run.kept, run.done = kept, run.read
    run.seen |= {"removed": removed, "restored": restored}
    run.save()
    journal.record(
        by=by,
        now=now,
        verb="undo_registry_import",
        subject=run,
        removed=removed,
        restored=restored,
        kept=len(kept),
    )


def _stays(number: int, name: str, reason: str) -> dict[str, object]:
    return {"party": number, "name": name, "reason": reason}


def _created_by(run: ImportRun) -> tuple[list[int], list[tuple[int, str, str]]]:
    """Unchanged firms the run created: those that may go, and (number, name, reason) of others."""
    rows = Party.objects.filter(zone_id=run.zone_id, import_run=run, version=1)
    reasons = dict.fromkeys(
        taking_back.acted_on(zone_id=run.zone_id, run_id=run.pk),
        _("somebody did something for it since: an officer, a name, a paper"),
    )
    for relation in Party._meta.related_objects:
        if relation.related_model is Stewardship:
            continue
        column = relation.field.attname
        found = relation.related_model._default_manager.filter(
            **{f"{column}__in": rows.values("pk")}
        )
        what = record_name(relation.related_model._meta.db_table)
        words = _("something hangs on it: %(what)s") % {"what": what}
        reasons |= dict.fromkeys(found.values_list(column, flat=True), words)
    names = dict(rows.order_by("name").values_list("pk", "name"))
    return (
        [number for number in names if number not in reasons],
        [(number, name, reasons[number]) for number, name in names.items() if number in reasons],
    )


def _renew_terms(by: Actor, parties: Iterable[int]) -> None:
    """What is searched for follows the names and codes that were given back."""
    rows = list(
        Party.objects.filter(zone_id=by.zone_id, pk__in=list(parties)).prefetch_related(
            "other_names"
        )
    )
    for party in rows:
        others = [other.name for other in party.other_names.all()]
        party.terms = terms_of(party.name, others, party.credit_code or party.old_register_no)
    Party.objects.bulk_update(rows, ["terms"], batch_size=_BATCH)
