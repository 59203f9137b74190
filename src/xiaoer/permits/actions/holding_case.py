"""What every verb of an applicant begins with, and how it is told afterwards."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.permits import applicant_access as access
from xiaoer.permits.actions.case_rows import case_moved
from xiaoer.permits.definition import Definition
from xiaoer.permits.models import Case, CaseEvent, CaseItem
from xiaoer.permits.scenario import lay_out
from xiaoer.web.words import in_chinese, local_date

State = Case.State
OPEN = frozenset({State.DRAFT, State.SUPPLEMENT})


@contextmanager
def case_in_hand(by: Actor, case: Case, now: datetime) -> Iterator[Case]:
    """The case, locked, for whoever may fill it in; written by the zone on the asker's behalf.

    It is looked for under the asker's own scope first: not seen is not there.
    """
    if not Case.objects.filter(zone_id=by.zone_id, pk=case.pk).exists():
        raise Refused(_("There is no such application here for you."))
    with on_behalf(by):
        row = (
            Case.objects.select_for_update(of=("self",))
            .select_related("thing_version__thing__office", "party", "matter", "desk")
            .get(zone_id=by.zone_id, pk=case.pk)
        )
        access.must_fill(by, row, local_date(now))
        yield row


def must_be_in(row: Case, states: frozenset[Case.State], words: str) -> None:
    """Refuse what comes too late or too early, saying how the case stands."""
    if row.state not in states:
        raise Refused(
            _("%(words)s This one is: %(state)s.")
            % {"words": words, "state": Case.State(row.state).label}
        )


def must_be_fillable(row: Case) -> None:
    must_be_in(row, OPEN, _("Only a draft, or one to be supplemented, is filled in."))


def must_not_be_barred(
    definition: Definition,
    answers: Mapping[str, object],
    form: Mapping[str, object] | None = None,
    on: date | None = None,
) -> None:
    """Refuse what its definition leaves to other ways, saying which way that is."""
    for one in lay_out(definition, answers, form, on=on).bars:
        raise Refused(
            _("“%(name)s” stands in the way. %(instead)s")
            % {
                "name": one.name if in_chinese() else one.name_en or one.name,
                "instead": one.instead if in_chinese() else one.instead_en or one.instead,
            },
            field=one.since or None,
        )


def save_case(row: Case, *columns: str) -> None:
    row.version += 1
    row.save(update_fields=[*columns, "version"])


def tell_case(
    row: Case,
    *,
    by: Actor,
    now: datetime,
    verb: str,
    item: CaseItem | None = None,
    is_shown: bool = True,
    **detail: Any,
) -> None:
    """Append what was done to the case's own record and to the journal."""
    CaseEvent.objects.create(
        zone_id=row.zone_id,
        case=row,
        item=item,
        verb=verb,
        detail=detail,
        post_id=by.post_id,
        who=by.who,
        is_shown=is_shown,
        at=now,
    )
    journal.record(
        by=by, now=now, verb=verb, subject=row, party_ref=row.party_id, number=row.number, **detail
    )
    if is_shown:
        case_moved.send(sender=Case, case=row, how=verb, by=by, now=now)
