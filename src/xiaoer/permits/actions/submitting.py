"""Submitting an application, answering the one supplement notice, withdrawing all or a branch."""

from collections.abc import Collection
from datetime import datetime

from django.db import connection, transaction
from django.dispatch import Signal
from django.utils.translation import gettext as _

from xiaoer.base.reading import Unreadable
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.papers import actions as papers
from xiaoer.papers.models import PaperKind
from xiaoer.permits import applicant_access as access
from xiaoer.permits.actions.holding_case import (
    State,
    case_in_hand,
    must_be_in,
    must_not_be_barred,
    save_case,
    tell_case,
)
from xiaoer.permits.definition import Definition
from xiaoer.permits.models import Case, CaseItem, CaseMaterial, CaseStep, Supplement, Thing
from xiaoer.permits.point_access import may_act_for
from xiaoer.permits.queries import applying as queries
from xiaoer.permits.queries.lacking import lacking_of
from xiaoer.permits.wording import read_definition
from xiaoer.registry import actions as registry
from xiaoer.registry import codes
from xiaoer.registry.models import Party
from xiaoer.web.words import local_date
from xiaoer.work import actions as work

# Sent inside the transaction of a submission: case, by, now. Whoever listens commits or rolls back
# with it.
case_submitted = Signal()
# The same when the applicant answered the supplement notice.
supplement_answered = Signal()
# Sent when single branches were withdrawn and others go on: case, items, by, now.
branches_withdrawn = Signal()

ACCEPT = "accept_case"
WITHDRAWABLE = frozenset({State.DRAFT, State.SUBMITTED, State.SUPPLEMENT, State.RUNNING})


@transaction.atomic
def submit_case(*, by: Actor, now: datetime, case: Case) -> Case:
    """Submit a draft: checked for what is lacking, numbered, on the desk's hands; once only.

    A stranger's application gets its party now. The number comes last: its counter is the one row
    all submissions of a zone share, and is held only until the end of the transaction. Numbers are
    unique and rise; a submission that fails after it may leave a gap.
    """
    with case_in_hand(by, case, now) as row:
        must_be_in(row, frozenset({State.DRAFT}), _("Only a draft is submitted, and only once."))
        _must_be_allowed(by, row, now)
        definition = read_definition(row.thing_version.body)
        must_not_be_barred(definition, row.answers, row.form, local_date(now))
        _must_be_whole(row, definition)
        if row.party is None:
            _find_party(row, definition, now)
        row.state, row.submitted_at, row.received_at = State.SUBMITTED, now, now
        row.number = _next_number(row, now)
        row.matter = work.open_matter(
            by=by,
            now=now,
            kind="permit_case",
            subject_id=row.pk,
            title=f"{row.thing_version.thing.name}：{row.applicant_name}",
            address=f"/cases/{row.pk}/",
            party=row.party,
        )
        _ask_acceptance(row, definition, by=by, now=now)
        save_case(
            row, "party", "applicant_name", "state", "submitted_at", "received_at", "number", "matter"
        )  # fmt: skip
        tell_case(row, by=by, now=now, verb="submit_case", thing=row.thing_version.thing.code)
        case_submitted.send(sender=Case, case=row, by=by, now=now)
    return row


def _must_be_allowed(by: Actor, row: Case, now: datetime) -> None:
    """A helping agent fills in for anybody, and submits by a power of attorney only.

    At a service point the applicant stands there; the system submits nothing of its own.
    """
    if not by.is_staff or by.role is None or row.channel != Case.Channel.AGENT:
        return
    if not may_act_for(by, row, local_date(now)):
        raise Refused(
            _(
                "%(party)s gave you no power of attorney for this: keep the signed one under agency"
                " service, or let the applicant sign in and submit it."
            )
            % {"party": row.applicant_name}
        )


def _must_be_whole(row: Case, definition: Definition) -> None:
    """Whatever is lacking is told in one sentence, the first of it beside its field."""
    lacking = lacking_of(row, definition)
    if not row.contact_name or not row.contact_phone or not row.applicant_name:
        raise Refused(
            _("Say who applies and whom we may call: a name and a telephone number."),
            field="contact_name",
        )
    if lacking.questions:
        raise Refused(
            _("Answer first: %(question)s") % {"question": lacking.questions[0].name},
            field=lacking.questions[0].code,
        )
    names = lacking.names
    if names:
        first = lacking.fields[0].code if lacking.fields else lacking.materials[0].paper
        raise Refused(
            _("Still lacking: %(names)s.") % {"names": "、".join(names[:20])}, field=first
        )


def _find_party(row: Case, definition: Definition, now: datetime) -> None:
    """A stranger's party: the firm of the credit code, or one newly made, a mere party."""
    with_code = next((one for one in definition.fields if one.sort == "credit_code"), None)
    typed_code = str(row.form.get(with_code.code, "")) if with_code else ""
    code = _whole_code(typed_code)
    known = _known_party(row, code)
    if known is None:
        facts = registry.PartyFacts(
            name=row.applicant_name,
            kind=_kind(row, code),
            credit_code=code or None,
            contact_name=row.contact_name,
            contact_phone=row.contact_phone,
        )
        known = registry.add_party(by=_zone(row), now=now, facts=facts)
        _hold_papers(row, known, now)
    row.party = known


def _zone(row: Case) -> Actor:
    return Actor(zone_id=row.zone_id, name=row.applicant_name)


def _whole_code(text: str) -> str:
    try:
        code = codes.read_credit_code(text)
    except Unreadable:
        return ""
    return code.code if isinstance(code, codes.CreditCode) else ""


def _kind(row: Case, code: str) -> str:
    if code:
        return Party.Kind.FIRM
    target = row.thing_version.thing.target
    is_person = target == Thing.Target.PERSON or len(row.applicant_name) <= LONGEST_PERSON
    return Party.Kind.PERSON if is_person else Party.Kind.FIRM


# 张三 and 欧阳娜娜 are persons; a firm's registered name is longer.
LONGEST_PERSON = 4


def _known_party(row: Case, code: str) -> Party | None:
    known = Party.objects.filter(zone_id=row.zone_id, merged_into__isnull=True)
    if code:
        found = known.filter(credit_code=code).first()
        if found is not None:
            return found
    same = known.filter(name=row.applicant_name)
    persons = same.filter(kind=Party.Kind.PERSON, contact_phone=row.contact_phone)
    firms = same.exclude(kind=Party.Kind.PERSON)
    # A firm of the same name with another code is another firm: told by the registry, not guessed.
    return persons.first() or (firms.first() if not code else firms.filter(credit_code="").first())


def _hold_papers(row: Case, party: Party, now: datetime) -> None:
    """Hold what a stranger brought for the party just made.

    A firm known here before decides itself what is held for it: a stranger's file stays with the
    application alone.
    """
    by = _zone(row)
    materials = row.materials.filter(state=CaseMaterial.State.GIVEN, paper__isnull=True)
    for material in materials.select_related("file"):
        kind = PaperKind.objects.filter(zone_id=row.zone_id, code=material.paper_code).first()
        if kind is None or material.file is None:
            continue
        material.paper = papers.hold_paper(
            by=by, now=now, party=party, kind=kind, file=material.file, name=material.file_name
        )
        material.save(update_fields=["paper"])


def _next_number(row: Case, now: datetime) -> str:
    year = local_date(now).year
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into case_counter (zone_id, year, last) values (%s, %s, 1)"
            " on conflict (zone_id, year) do update set last = case_counter.last + 1"
            " returning last",
            [row.zone_id, year],
        )
        (number,) = cursor.fetchone()
    return f"BJ-{year}-{number:06d}"


def _ask_acceptance(row: Case, definition: Definition, *, by: Actor, now: datetime) -> None:
    """Put it on the desk: accepted, supplemented or refused within the days of the law."""
    if row.desk is None or row.matter is None:
        return
    limit = definition.supplement_limit
    work.give_task(
        by=by,
        now=now,
        matter=row.matter,
        kind=ACCEPT,
        title=f"{row.thing_version.thing.name}：{row.applicant_name}",
        office=row.desk,
        due_at=queries.acceptance_due(
            zone_id=row.zone_id, count=limit.count, unit=limit.unit, received_at=now
        ),
    )


@transaction.atomic
def answer_supplement(*, by: Actor, now: datetime, case: Case, words: str = "") -> Case:
    """Answer the one supplement notice: all that was asked for, then the days begin anew."""
    with case_in_hand(by, case, now) as row:
        must_be_in(row, frozenset({State.SUPPLEMENT}), _("Nothing is to be supplemented here."))
        notice = Supplement.objects.select_for_update().get(case=row)
        missing = row.materials.filter(is_wrong=True)
        if missing:
            raise Refused(
                _("Still to be brought: %(names)s.")
                % {"names": "、".join(one.name for one in missing)},
                field=missing[0].paper_code,
            )
        definition = read_definition(row.thing_version.body)
        must_not_be_barred(definition, row.answers, row.form, local_date(now))
        lacking = lacking_of(row, definition)
        empty = lacking.names
        if empty:
            raise Refused(_("Still lacking: %(names)s.") % {"names": "、".join(empty[:20])})
        notice.answered_at = now
        notice.save(update_fields=["answered_at"])
        row.state, row.received_at = State.SUBMITTED, now
        save_case(row, "state", "received_at")
        _ask_acceptance(row, definition, by=by, now=now)
        tell_case(row, by=by, now=now, verb="answer_supplement", words=words.strip()[:500])
        supplement_answered.send(sender=Case, case=row, by=by, now=now)
    return row


@transaction.atomic
def withdraw_case(
    *, by: Actor, now: datetime, case: Case, reason: str = "", items: Collection[str] = ()
) -> Case:
    """Withdraw a draft freely, a running case until it is decided, or single branches of it.

    A branch others wait for takes those along: nothing waits for what will never come.
    """
    with case_in_hand(by, case, now) as row:
        access.must_not_be_agent(by, row)
        must_be_in(row, WITHDRAWABLE, _("It is decided already, so it cannot be withdrawn."))
        branches = list(row.items.select_for_update().filter(state__in=CaseItem.OPEN))
        if items:
            branches = _chosen(row, branches, items)
        for one in branches:
            _end_branch(one, now)
        if items and row.items.exclude(state=CaseItem.State.WITHDRAWN).exists():
            tell_case(
                row, by=by, now=now, verb="withdraw_branch", names=[one.name for one in branches],
                reason=reason.strip()[:300],
            )  # fmt: skip
            branches_withdrawn.send(sender=Case, case=row, items=branches, by=by, now=now)
            return row
        row.state, row.closed_at = State.WITHDRAWN, now
        row.closed_why = reason.strip()[:500]
        save_case(row, "state", "closed_at", "closed_why")
        if row.matter is not None and row.matter.closed_at is None:
            work.close_matter(by=by, now=now, matter=row.matter)
        tell_case(row, by=by, now=now, verb="withdraw_case", reason=row.closed_why)
    return row


def _chosen(row: Case, branches: list[CaseItem], items: Collection[str]) -> list[CaseItem]:
    """The branches named, and all open ones that wait for them."""
    after = {one.code: set(one.after) for one in read_definition(row.thing_version.body).items}
    open_ones = {one.code: one for one in branches}
    unknown = [code for code in items if code not in open_ones]
    if unknown:
        raise Refused(
            _("Only what is not decided yet is withdrawn; look at the branches again."),
            field="items",
        )
    taken = set(items)
    while more := {
        code for code in open_ones if code not in taken and after.get(code, set()) & taken
    }:
        taken |= more
    return [one for one in branches if one.code in taken]


def _end_branch(item: CaseItem, now: datetime) -> None:
    item.state = CaseItem.State.WITHDRAWN
    item.version += 1
    item.save(update_fields=["state", "version"])
    item.pauses.filter(until__isnull=True).update(until=now)
    steps = item.steps.filter(state__in=[CaseStep.State.OPEN, CaseStep.State.HELD])
    tasks = [one.task for one in steps.select_related("task__matter") if one.task is not None]
    steps.update(state=CaseStep.State.DROPPED, done_at=now)
    for task in tasks:
        if task.state == task.State.OPEN:
            work.finish_task(by=_zone_of(item), now=now, task=task, outcome=_("withdrawn"))


def _zone_of(item: CaseItem) -> Actor:
    return Actor(zone_id=item.zone_id, name="system")
