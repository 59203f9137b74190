"""Decisions on items: granted, refused by a person with reasons, withdrawn; and the case handed out."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.permits import case_access as access
from xiaoer.permits.actions.branching import (
    close_item,
    disagreeing,
    drop_steps,
    end_step,
    follow_case,
    follow_dependants,
    open_steps,
)
from xiaoer.permits.actions.case_rows import (
    locked_case,
    locked_item,
    must_say,
    said,
    tell,
)
from xiaoer.permits.actions.handing_out import hand_out, issue_licence
from xiaoer.permits.definition import Decides, StepKind
from xiaoer.permits.models import Case, CaseItem, CaseMaterial, CaseStep
from xiaoer.permits.wording import read_definition
from xiaoer.work.calendar import LOCAL


@transaction.atomic
def grant_item(
    *,
    by: Actor,
    now: datetime,
    item: CaseItem,
    words: str = "",
    content: Mapping[str, Any] | None = None,
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> CaseItem:
    """Grant an item (or file, or confirm it), by whoever has its decision.

    Nobody grants over a signer who does not agree: the branch is returned, or refused. What a
    review found against it is granted over only with words. The licence is made at once where the
    applicant takes each as it is ready or nobody stood in between, else with all the others. The
    system grants only cases decided with nobody in between.
    """
    row = locked_item(by, item)
    step = _decision(row, by=by, now=now)
    words = said(words)
    _must_be_signed(row, step, words)
    if valid_until is not None and valid_until < (valid_from or now.astimezone(LOCAL).date()):
        # Told now: handed out, nobody could mend it any more.
        raise Refused(
            _("“%(item)s” would end before it begins; check the days.") % {"item": row.name},
            field="valid_until",
        )
    _must_have_papers(row)
    row.granted = {
        "content": {key: value for key, value in (content or {}).items() if value is not None},
        "valid_from": str(valid_from) if valid_from else "",
        "valid_until": str(valid_until) if valid_until else "",
    }
    _end_all(row, step, by=by, now=now, agrees=True, words=words)
    is_grant = row.decides == Decides.GRANT
    if row.case.is_early_release or row.case.is_automatic:
        issue_licence(row, by=by, now=now)
    close_item(
        row,
        CaseItem.State.GRANTED if is_grant else CaseItem.State.FILED,
        by=by,
        now=now,
        words=words,
        verb="grant_item" if is_grant else "file_item",
    )
    return row


def _decision(item: CaseItem, *, by: Actor, now: datetime) -> CaseStep | None:
    """The open step at which the item is decided; none only for the system, whose cases are
    decided as they are submitted."""
    steps = open_steps(item)
    step = next(
        (one for one in steps if one.kind == StepKind.DECIDE and one.parent_id is None), None
    )
    if access.is_system(by):
        if not item.case.is_automatic:
            raise Refused(_("Only a person decides “%(item)s”.") % {"item": item.name})
        return step
    if step is None:
        raise Refused(
            _("“%(item)s” has not come to its decision: %(step)s is still to be done.")
            % {"item": item.name, "step": steps[0].name if steps else "–"}
        )
    step.item = item
    access.must_act(by, step, now)
    waiting = [one for one in steps if one.parent_id is not None]
    if waiting:
        raise Refused(
            _("Somebody you asked has still to sign: %(office)s. Wait, or hand that on.")
            % {"office": "、".join(one.office.name if one.office else "–" for one in waiting)}
        )
    if step.state == CaseStep.State.HELD:
        raise Refused(_("“%(step)s” is on hold; take it up again first.") % {"step": step.name})
    return step


def _must_have_papers(item: CaseItem) -> None:
    """Nothing is granted on a paper whose use was taken back meanwhile."""
    lost = CaseMaterial.objects.filter(
        case_id=item.case_id, state=CaseMaterial.State.MISSING, is_wrong=True
    ).values_list("paper_code", "name")
    if not lost:
        return
    definition = read_definition(item.case.thing_version.body)
    of_others = {
        one.paper for one in definition.materials if one.items and item.code not in one.items
    }
    for code, name in lost:
        if code not in of_others:
            raise Refused(
                _("“%(paper)s” is lacking, as its use was taken back; have it brought again.")
                % {"paper": name}
            )


def _must_be_signed(item: CaseItem, step: CaseStep | None, words: str) -> None:
    against = disagreeing(item)
    signers = [one for one in against if one.kind != StepKind.REVIEW]
    if signers:
        raise Refused(
            _("%(office)s does not agree with “%(item)s”: %(words)s. Return it, or refuse it.")
            % {
                "office": signers[0].office.name if signers[0].office else "–",
                "item": item.name,
                "words": signers[0].words,
            }
        )
    if against and step is not None and not words:
        raise Refused(
            _("The review was against it; say why you grant it nevertheless."), field="words"
        )


def _end_all(
    item: CaseItem, step: CaseStep | None, *, by: Actor, now: datetime, agrees: bool, words: str
) -> None:
    """End the decision as done, and whatever else was open as no longer needed."""
    rows = open_steps(item)
    number = step.pk if step is not None else None
    for one in rows:
        if one.pk == number:
            end_step(one, CaseStep.State.DONE, by=by, now=now, agrees=agrees, words=words)
    drop_steps([one for one in rows if one.pk != number], by=by, now=now)


@transaction.atomic
def refuse_item(
    *, by: Actor, now: datetime, item: CaseItem, reasons: str, remedies: str = ""
) -> CaseItem:
    """Refuse an item: a person, with reasons; the paper names what can be done and the rights of
    reconsideration and lawsuit (Licensing Law, article 38). Other items go on, what depends on it
    is barred."""
    row = locked_item(by, item)
    access.must_be_person(by)
    step = _decision(row, by=by, now=now)
    reasons = must_say(
        reasons,
        _("Say why, naming the condition that is not met; the applicant reads it."),
        "reasons",
    )
    remedies = said(remedies, "remedies", most=500)
    _end_all(row, step, by=by, now=now, agrees=False, words=reasons)
    row.granted = {}
    close_item(
        row, CaseItem.State.REFUSED, by=by, now=now, words=reasons, verb="refuse_item",
        remedies=remedies,
    )  # fmt: skip
    return row


@transaction.atomic
def withdraw_item(*, by: Actor, now: datetime, item: CaseItem, words: str = "") -> CaseItem:
    """Take one item out of a running case, as its applicant asks; the others go on.

    Written by the desk or, on the applicant's behalf, by the applicant's own verb.
    """
    case = locked_case(by, Case(pk=item.case_id))
    row = (
        CaseItem.objects.select_for_update(of=("self",), no_key=True)
        .select_related("office")
        .get(zone_id=by.zone_id, pk=item.pk)
    )
    row.case = case
    if row.state not in CaseItem.OPEN:
        raise Refused(
            _("“%(item)s” is %(state)s; there is nothing to withdraw.")
            % {"item": row.name, "state": CaseItem.State(row.state).label}
        )
    if not access.is_system(by):
        access.must_accept(by, case)
    end_item(row, by=by, now=now, words=said(words, most=300))
    return row


def end_item(item: CaseItem, *, by: Actor, now: datetime, words: str) -> None:
    """Close a branch as withdrawn, whatever its steps; what depends on it is barred."""
    drop_steps(open_steps(item), by=by, now=now)
    if item.started_at is None:
        item.state = CaseItem.State.WITHDRAWN
        item.version += 1
        item.save(update_fields=["state", "version"])
        tell(item.case, "withdraw_item", by=by, now=now, item=item, words=words)
        follow_dependants(item, by=by, now=now)
        return
    close_item(item, CaseItem.State.WITHDRAWN, by=by, now=now, words=words, verb="withdraw_item")


def follow_withdrawn(
    *, case: Case, items: Sequence[CaseItem], by: Actor, now: datetime, **_signal: Any
) -> None:
    """The applicant withdrew single branches: what waited for them is barred, and the case may be
    decided with what is left."""
    row = locked_case(Actor(zone_id=case.zone_id, name=by.name, office=by.office), case)
    for item in items:
        item.case = row
        follow_dependants(item, by=by, now=now)
    follow_case(row, by=by, now=now)


@transaction.atomic
def issue_case(*, by: Actor, now: datetime, case: Case) -> Case:
    """Hand everything out together: licences are made, signed and given at one moment.

    The desk does it when all is decided; the system where nobody stood in between, or where the
    applicant takes each result as it is ready.
    """
    row = locked_case(by, case)
    if not (access.is_system(by) and (row.is_automatic or row.is_early_release)):
        access.must_accept(by, row)
    if row.state != Case.State.DECIDED:
        waiting = [
            one.name for one in row.items.filter(state__in=CaseItem.OPEN).order_by("order")[:3]
        ]
        raise Refused(
            _("Case %(number)s is %(state)s; not decided yet: %(names)s.")
            % {
                "number": row.number,
                "state": Case.State(row.state).label,
                "names": "、".join(waiting) or "–",
            }
        )
    return hand_out(row, by=by, now=now)
