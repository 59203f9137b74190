"""Deciding a case with nobody in between: read, gathered, put to the rule, granted or left to people.

Nothing is held locked while papers are read. Then the case and its pack are locked, everything is
asked anew and decided on, and a grant is made, signed and told in the same transaction: whoever
switches the pack off before is obeyed, whoever switches it off after waits for the seal.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from time import perf_counter

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from xiaoer.base import journal
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.papers import actions as papers
from xiaoer.papers.models import PaperKind
from xiaoer.permits.actions.granting import grant_case
from xiaoer.permits.actions.reviewing import ask_review
from xiaoer.permits.automatic.basis import basis_of, digest_of, is_drawn, read_basis
from xiaoer.permits.automatic.deciding import (
    SEALING,
    Decided,
    Input,
    Said,
    decide,
    read,
    written,
    written_clauses,
    written_doubts,
)
from xiaoer.permits.automatic.gathering import Gathered, gather
from xiaoer.permits.automatic.packs import read_terms
from xiaoer.permits.automatic.replaying import decided_on
from xiaoer.permits.models import (
    AutoBasis,
    AutoDecision,
    AutoPack,
    AutoReview,
    Case,
    CaseMaterial,
    SharedUse,
)
from xiaoer.permits.queries.case_papers import file_of
from xiaoer.web.words import local_date

JOB = "decide_case"
# A case nobody decided for so long was left by a killed worker; after days people have it anyway.
LEFT_AFTER, GIVEN_UP_AFTER, LEFT_STEP = timedelta(minutes=3), timedelta(days=5), 200
Outcome = AutoDecision.Outcome


def ask_decision(*, case: Case) -> None:
    """Put a case into the queue, in the transaction that submitted it: rolled back, no job."""
    pack = pack_of(case)
    if pack is not None and pack.state != AutoPack.State.OFF:
        # No lock of the queue: a job killed in the middle would hold it for ever.
        app.configure_task(JOB).defer(zone_id=case.zone_id, case_id=case.pk)


def left_cases(*, zone_id: int, now: datetime) -> list[int]:
    """Cases that should have been decided minutes ago and were not, the oldest first."""
    decided = AutoDecision.objects.filter(case=OuterRef("pk"), at__gte=OuterRef("received_at"))
    return list(
        Case.objects.filter(
            zone_id=zone_id,
            state=Case.State.SUBMITTED,
            received_at__lt=now - LEFT_AFTER,
            received_at__gt=now - GIVEN_UP_AFTER,
            thing_version__thing__pack__state__in=[AutoPack.State.ON, AutoPack.State.SHADOW],
        )
        .exclude(Exists(decided))
        .order_by("received_at")
        .values_list("pk", flat=True)[:LEFT_STEP]
    )


def pack_of(case: Case) -> AutoPack | None:
    return AutoPack.objects.filter(
        zone_id=case.zone_id, thing__versions=case.thing_version_id
    ).first()


def read_case_papers(*, by: Actor, now: datetime, case: Case) -> int:
    """Read every paper of a case as it is read today; says how many were read anew.

    Nobody else waits for it. Two readers of one case would do the same work twice: the second
    leaves it to the first.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(hashtext('read_case'), %s)", [case.pk])
        if not cursor.fetchone()[0]:
            return 0
    materials = list(CaseMaterial.objects.filter(case=case).select_related("paper__file", "file"))
    kinds = {
        kind.code: kind
        for kind in PaperKind.objects.filter(
            zone_id=case.zone_id, code__in=[one.paper_code for one in materials]
        )
    }
    count = 0
    for one in materials:
        file, kind = file_of(one), kinds.get(one.paper_code)
        if file is None or kind is None:
            continue
        # What was read already, by this engine and these fields, is given back.
        reading = papers.read_paper(by=by, now=now, file=file, kind=kind)
        if one.reading_id != reading.pk:
            one.reading = reading
            one.save(update_fields=["reading"])
            count += 1
    return count


@transaction.atomic
def decide_case(*, by: Actor, now: datetime, case: Case) -> AutoDecision | None:
    """Decide a submitted case: granted by rule, or left to a person with exactly what is in doubt.

    Asked again about the same papers it gives the decision there is. None: nothing to decide, as
    the case is in other hands, or its item is switched off.
    """
    must_be_the_system(by)
    began = perf_counter()
    read_case_papers(by=by, now=now, case=case)
    row = (
        Case.objects.select_for_update(of=("self",))
        .select_related("thing_version__thing", "party", "matter", "desk")
        .get(zone_id=by.zone_id, pk=case.pk)
    )
    there = _latest(row)
    if row.state != Case.State.SUBMITTED or (there is not None and not _was_settled(there)):
        return there
    pack = pack_of(row)
    if pack is None:
        return None
    pack = AutoPack.objects.select_for_update(of=("self",)).select_related("thing").get(pk=pack.pk)
    if pack.state == AutoPack.State.OFF:
        return None
    terms = read_terms(pack.body)
    gathered = gather(by=by, now=now, case=row, pack=pack, terms=terms, adopted=_adopted(row))
    rule = gathered.rule.rule if gathered.rule else None
    decided = decide(gathered.inputs, rule, terms, local_date(now))
    if decided.grants and pack.state == AutoPack.State.ON:
        try:
            with transaction.atomic():
                return _granted(by, now, row, pack, gathered, decided, began)
        except Refused as refusal:
            # Such as a missing key: no licence leaves unsigned, so a person has to see to it.
            unsealed = Input("sealing", SEALING, False, at=now.isoformat(), others=(str(refusal),))
            return _left(by, now, row, pack, _with(gathered, unsealed), began)
    return _left(by, now, row, pack, gathered, began)


def _latest(case: Case) -> AutoDecision | None:
    """The decision on the papers as they are now."""
    known = AutoDecision.objects.filter(case=case)
    if case.received_at is not None:
        known = known.filter(at__gte=case.received_at)
    return known.order_by("-id").first()


def _was_settled(decision: AutoDecision) -> bool:
    """Whether a person adopted a value afterwards, so that the rule is asked again."""
    return AutoReview.objects.filter(decision=decision, outcome=AutoReview.Outcome.ADOPTED).exists()


def _adopted(case: Case) -> dict[str, Said]:
    """What people settled since the papers came as they are now, the latest of each value."""
    reviews = AutoReview.objects.filter(case=case, outcome=AutoReview.Outcome.ADOPTED)
    if case.received_at is not None:
        reviews = reviews.filter(opened_at__gte=case.received_at)
    return {
        str(one["field"]): one["value"]
        for review in reviews.order_by("id")
        for one in review.adopted
    }


def must_be_the_system(by: Actor) -> None:
    if by.role is not None or not by.is_staff:
        raise Refused(_("The rules decide a case by themselves; a person decides on its page."))


def _granted(
    by: Actor,
    now: datetime,
    case: Case,
    pack: AutoPack,
    gathered: Gathered,
    decided: Decided,
    began: float,
) -> AutoDecision:
    decision = _keep(by, now, case, pack, gathered, decided, Outcome.GRANTED, began)
    SharedUse.objects.bulk_create(
        SharedUse(
            zone_id=by.zone_id, entry_id=take.entry, decision=decision, field=take.field,
            amount=take.amount, at=now,
        )
        for take in gathered.takes
    )  # fmt: skip
    must_still_grant(decision)
    grant_case(by=by, now=now, case=case, decision=decision, facts=decided.facts)
    if is_drawn(pack.sample_secret, decision.digest, pack.sample_percent):
        ask_review(by=by, now=now, decision=decision, why=AutoReview.Why.SAMPLE)
    return decision


def must_still_grant(decision: AutoDecision) -> None:
    """What was frozen is put to the frozen rule once more, just before anything is sealed."""
    kept = AutoDecision.objects.select_related("basis").get(pk=decision.pk)
    if kept.basis is None or kept.outcome != Outcome.GRANTED:
        raise Refused(_("This decision grants nothing; a person decides."))
    basis = read_basis(kept.basis.content)
    again = decide(read(kept.inputs), basis.compiled(), basis.terms, kept.on)
    if not again.grants or digest_of(kept.basis.content) != kept.basis.digest:
        raise Refused(
            _("Put to its rule once more it does not come out the same; a person decides.")
        )


def _left(
    by: Actor,
    now: datetime,
    case: Case,
    pack: AutoPack,
    gathered: Gathered,
    began: float,
) -> AutoDecision:
    """Leave it to a person: what is in doubt, or in shadow what the machine would have done."""
    rule = gathered.rule.rule if gathered.rule else None
    decided = decide(gathered.inputs, rule, gathered.terms, local_date(now))
    outcome = Outcome.SHADOW if decided.grants else Outcome.TO_PERSON
    decision = _keep(by, now, case, pack, gathered, decided, outcome, began)
    why = AutoReview.Why.SHADOW if outcome == Outcome.SHADOW else AutoReview.Why.DOUBT
    if any(one["field"] == "papers_unedited" for one in decision.doubts):
        why = AutoReview.Why.RISK
    ask_review(by=by, now=now, decision=decision, why=why)
    return decision


def _with(gathered: Gathered, more: Input) -> Gathered:
    return Gathered(
        (*gathered.inputs, more), gathered.terms, gathered.rule, gathered.words, gathered.papers,
        gathered.signs, gathered.engines, (), gathered.same_key,
    )  # fmt: skip


def _keep(
    by: Actor,
    now: datetime,
    case: Case,
    pack: AutoPack,
    gathered: Gathered,
    decided: Decided,
    outcome: Outcome,
    began: float,
) -> AutoDecision:
    """Freeze the decision with all it saw."""
    row = AutoDecision(
        zone_id=by.zone_id,
        case=case,
        pack=pack,
        pack_version=pack.version,
        rule_version_id=gathered.rule.version_id if gathered.rule else None,
        basis=_basis(by, now, gathered),
        outcome=outcome,
        on=local_date(now),
        clauses=written_clauses(decided.clauses),
        inputs=written(gathered.inputs),
        doubts=written_doubts(decided.doubts),
        signs=gathered.signs,
        papers=gathered.papers,
        engines=gathered.engines,
        took_ms=int((perf_counter() - began) * 1000) + _reading_ms(case),
        same_key=gathered.same_key,
        at=now,
    )
    row.digest = digest_of(decided_on(row))
    row.save()
    journal.record(
        by=by, now=now, verb="decide_case", subject=case, party_ref=case.party_id,
        outcome=str(outcome), doubts=len(decided.doubts), decision=row.pk,
    )  # fmt: skip
    return row


def _basis(by: Actor, now: datetime, gathered: Gathered) -> AutoBasis | None:
    if gathered.rule is None:
        return None
    content = basis_of(gathered.rule.rule, gathered.words, gathered.terms).content()
    row, _made = AutoBasis.objects.get_or_create(
        zone_id=by.zone_id, digest=digest_of(content), defaults={"content": content, "at": now}
    )
    return row


def _reading_ms(case: Case) -> int:
    """What reading took that was done before this transaction."""
    took: Sequence[int] = [
        one.reading.took_ms
        for one in CaseMaterial.objects.filter(case=case).select_related("reading")
        if one.reading is not None
        and case.received_at is not None
        and one.reading.at >= case.received_at
    ]
    return sum(took)
