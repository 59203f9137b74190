"""What a person does with what the machine left open, drew for a look, or granted wrongly.

A person adopts one of the stated values and the rule decides again, asks the applicant to correct,
or hands the case to two officers. Nobody refuses here; a refusal is two officers' decision.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.models import Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, system
from xiaoer.papers import actions as papers
from xiaoer.papers.models import Licence
from xiaoer.permits import automatic_access as access
from xiaoer.permits.actions.accepting import Gap, accept_case, ask_supplement
from xiaoer.permits.actions.automatic import decide_case
from xiaoer.permits.actions.case_rows import locked_case, must_say, said, tell
from xiaoer.permits.automatic.adopting import is_by_eye
from xiaoer.permits.automatic.deciding import comparable
from xiaoer.permits.automatic.packs import read_terms
from xiaoer.permits.models import (
    AutoDecision,
    AutoPack,
    AutoReview,
    Case,
    CaseItem,
    PostCheck,
    Supplement,
)
from xiaoer.work import actions as work
from xiaoer.work.models import Task

Why, Outcome = AutoReview.Why, AutoReview.Outcome
# What lies at the desk until a person has done something about it.
LEFT_OPEN = (Why.DOUBT, Why.RISK, Why.SHADOW)


def _review_in_hand(by: Actor, review: AutoReview, *whys: str) -> AutoReview:
    """The review, open, with its case locked before it, as every verb of cases does."""
    access.must_review(by)
    locked_case(by, Case(pk=review.case_id))
    row = (
        AutoReview.objects.select_for_update(of=("self",))
        .select_related("decision__pack", "case__thing_version", "case__matter", "task__matter")
        .filter(zone_id=by.zone_id, pk=review.pk)
        .first()
    )
    if row is None:
        raise Refused(_("There is no such decision here."))
    if row.done_at is not None:
        raise Refused(
            _("This was settled already: %(outcome)s.") % {"outcome": row.get_outcome_display()}
        )
    if row.why not in whys:
        raise Refused(_("This decision was granted; say whether you agree with it."))
    return row


def _must_lie_open(row: AutoReview) -> None:
    if row.case.state != Case.State.SUBMITTED:
        raise Refused(
            _("Case %(number)s is in the state “%(state)s”; go on with it on its own page.")
            % {"number": row.case.number, "state": row.case.get_state_display()}
        )


def _settle(row: AutoReview, by: Actor, now: datetime, outcome: str, words: str) -> None:
    row.outcome, row.said, row.done_at, row.post_id = outcome, words, now, by.post_id
    row.version += 1
    row.save()


# What was left open ------------------------------------------------------------------------------


@transaction.atomic
def adopt_value(
    *, by: Actor, now: datetime, review: AutoReview, field: str, source: str, words: str = ""
) -> AutoDecision | None:
    """Say which of the stated values holds, and have the rule decide again on it.

    What the applicant typed stays as typed and is told beside it. A value an authority states is
    not overruled.
    """
    row = _review_in_hand(by, review, *LEFT_OPEN)
    _must_lie_open(row)
    chosen = _chosen(row.decision, field, source)
    row.adopted = [{"field": field, "value": chosen["value"], "source": source}]
    _settle(row, by, now, Outcome.ADOPTED, said(words, most=1000))
    tell(
        row.case, "adopt_value", by=by, now=now, field=_words_of(row.decision, field),
        value=str(chosen["value"]), old=_typed(row.decision, field),
    )  # fmt: skip
    return decide_case(by=system(by.zone_id), now=now, case=row.case)


def _chosen(decision: AutoDecision, field: str, source: str) -> dict[str, object]:
    """The statement named, if it states something and no authority states otherwise."""
    doubt = next((one for one in decision.doubts if one["field"] == field), None)
    values = doubt["values"] if doubt else []
    chosen = next((one for one in values if one["source"] == source), None)
    value = read_terms(decision.pack.body).value(field)
    if chosen is None or value is None or chosen["value"] in (None, ""):
        raise Refused(_("Choose one of the values that are stated."), field="source")
    wanted = comparable(value, chosen["value"])
    if wanted is None:
        raise Refused(_("What is stated there is no such value; choose another."), field="source")
    for one in values:
        if is_by_eye(one["source"]) or one["value"] in (None, ""):
            continue
        if comparable(value, one["value"]) != wanted:
            raise Refused(
                _("An authority states %(value)s; that is not overruled here. Ask for a correction, or hand it to two officers.")
                % {"value": one["value"]},
                field="source",
            )  # fmt: skip
    found: dict[str, object] = chosen
    return found


def _words_of(decision: AutoDecision, field: str) -> str:
    return next((one["words"] for one in decision.doubts if one["field"] == field), field) or field


def _typed(decision: AutoDecision, field: str) -> str:
    """What the applicant typed for it."""
    said_ = (one for one in decision.inputs if one["name"] == field)
    typed = next((one["value"] for one in said_ if one["source"].startswith("form.")), None)
    return "" if typed is None else str(typed)


@transaction.atomic
def ask_correction(*, by: Actor, now: datetime, review: AutoReview, words: str) -> Supplement:
    """Ask the applicant to correct what is in doubt: the one supplement notice the law allows."""
    row = _review_in_hand(by, review, *LEFT_OPEN)
    _must_lie_open(row)
    words = must_say(words, _("Say what the applicant is to correct."), most=300)
    gaps = [
        Gap(what=one["words"] or one["field"], why=words, code=_paper_of(one))
        for one in row.decision.doubts
        if one["values"] or not one["field"].startswith("clause:")
    ]
    supplement = ask_supplement(
        by=by, now=now, case=row.case, gaps=gaps or [Gap(what=_("The application"), why=words)]
    )
    _settle(row, by, now, Outcome.CORRECTION, words)
    journal.record(
        by=by, now=now, verb="ask_correction", subject=row, party_ref=row.case.party_id,
        words=words,
    )  # fmt: skip
    return supplement


def _paper_of(doubt: dict[str, object]) -> str:
    """The paper a doubt stands on, if it stands on one."""
    values = doubt["values"]
    if not isinstance(values, list):
        return ""
    read = [str(one["source"]) for one in values if str(one["source"]).startswith("paper.")]
    return read[0].split(".")[1] if len(read) == 1 else ""


@transaction.atomic
def to_two_officers(*, by: Actor, now: datetime, review: AutoReview, words: str = "") -> Case:
    """Hand the case to people: accepted, and decided in its ordinary branch by two officers."""
    row = _review_in_hand(by, review, *LEFT_OPEN)
    _must_lie_open(row)
    case = accept_case(by=by, now=now, case=row.case)
    _settle(row, by, now, Outcome.TWO_OFFICERS, said(words, most=1000))
    journal.record(by=by, now=now, verb="to_two_officers", subject=row, party_ref=row.case.party_id)
    return case


# What was granted --------------------------------------------------------------------------------


@transaction.atomic
def review_sample(
    *, by: Actor, now: datetime, review: AutoReview, agrees: bool, words: str = ""
) -> AutoReview:
    """Look at a grant afterwards: agree with it, or say in words what is wrong with it."""
    row = _review_in_hand(by, review, Why.SAMPLE)
    words = said(words, most=1000)
    if not agrees and not words:
        raise Refused(_("Say what is wrong with it; a second person reads it."), field="words")
    _settle(row, by, now, Outcome.AGREED if agrees else Outcome.DISAGREED, words)
    _end_own_task(by, now, row.task)
    journal.record(
        by=by, now=now, verb="review_sample", subject=row, party_ref=row.case.party_id,
        outcome=row.outcome, words=words,
    )  # fmt: skip
    return row


def _end_own_task(by: Actor, now: datetime, task: Task | None) -> None:
    """The look had a matter of its own; it ends with it."""
    if task is None or task.state != Task.State.OPEN:
        return
    work.finish_task(by=by, now=now, task=task)
    if task.matter.closed_at is None:
        work.close_matter(by=by, now=now, matter=task.matter)


@transaction.atomic
def record_post_check(
    *,
    by: Actor,
    now: datetime,
    check: PostCheck,
    second: Post,
    result: str,
    words: str = "",
) -> PostCheck:
    """Say what two officers found on site after an automatic grant."""
    access.must_review(by)
    row = (
        PostCheck.objects.select_for_update(of=("self",))
        .select_related("case", "task__matter")
        .filter(zone_id=by.zone_id, pk=check.pk)
        .first()
    )
    if row is None:
        raise Refused(_("There is no such check here."))
    if row.done_at is not None:
        raise Refused(
            _("This was checked already: %(result)s.") % {"result": row.get_result_display()}
        )
    if second.person_id == by.person_id:
        raise Refused(_("Two officers look; name the other one."), field="second")
    if result not in PostCheck.Result.values:
        raise Refused(_("Say what was found."), field="result")
    words = said(words, most=1000)
    if result != PostCheck.Result.PASSED and not words:
        raise Refused(_("Say what is not as promised."), field="words")
    row.result, row.words, row.done_at = result, words, now
    row.post_id, row.second, row.version = by.post_id, second, row.version + 1
    row.save()
    _end_own_task(by, now, row.task)
    journal.record(
        by=by, now=now, verb="record_post_check", subject=row, party_ref=row.case.party_id,
        result=result, words=words,
    )  # fmt: skip
    return row


@transaction.atomic
def withdraw_grant(
    *, by: Actor, now: datetime, decision: AutoDecision, reason: str, document: str
) -> AutoDecision:
    """Withdraw what was granted wrongly: the item stops at once, its licences are revoked.

    Somebody looked and found it wrong; another person confirms it, with reasons and the decision's
    number (Licensing Law, article 69). The item stays off until it is authorised to go on.
    """
    access.must_review(by)
    locked_case(by, Case(pk=decision.case_id))
    row = (
        AutoDecision.objects.select_related("case")
        .filter(zone_id=by.zone_id, pk=decision.pk, outcome=AutoDecision.Outcome.GRANTED)
        .first()
    )
    if row is None:
        raise Refused(_("Only what was granted by rule is withdrawn here."))
    reason = must_say(reason, _("Say why it should not have been granted."), "reason", most=400)
    document = must_say(
        document, _("Name the decision this rests on: its title and number."), "document", most=200
    )
    _must_be_found_wrong(row, by)
    stop_pack(
        by=by,
        now=now,
        pack_id=row.pack_id,
        why=_("a grant was withdrawn: %(why)s") % {"why": reason},
    )
    licences = Licence.objects.filter(
        pk__in=CaseItem.objects.filter(case=row.case, licence__isnull=False).values("licence"),
        state__in=(Licence.State.VALID, Licence.State.SUSPENDED),
    )
    for licence in licences:
        papers.revoke_licence(by=by, now=now, licence=licence, why=reason, document=document)
    tell(row.case, "withdraw_grant", by=by, now=now, reason=reason, document=document)
    return row


def _must_be_found_wrong(row: AutoDecision, by: Actor) -> None:
    """Somebody else said so: a look that disagreed, or a check on site that failed."""
    looked = AutoReview.objects.filter(decision=row, outcome=Outcome.DISAGREED)
    checked = PostCheck.objects.filter(decision=row, result=PostCheck.Result.FAILED)
    finders = {*looked.values_list("post__person_id", flat=True)}
    finders |= {*checked.values_list("post__person_id", flat=True)}
    if not finders:
        raise Refused(_("Nobody has found it wrong yet; look at it first and say what is wrong."))
    if finders == {by.person_id}:
        raise Refused(_("You found it wrong; another person confirms it."))


def stop_pack(*, by: Actor, now: datetime, pack_id: int, why: str) -> None:
    """Off, within the verb that found the reason."""
    pack = AutoPack.objects.select_for_update().get(zone_id=by.zone_id, pk=pack_id)
    if pack.state == AutoPack.State.OFF:
        return
    old, pack.state = pack.state, AutoPack.State.OFF
    pack.switched_why, pack.switched_at, pack.switched_by_id = why[:300], now, by.post_id
    pack.version += 1
    pack.save()
    journal.record(
        by=by, now=now, verb="switch_pack", subject=pack, old=old, new=pack.state, reason=why[:300]
    )
