"""Results handed out: licences made and signed, the case closed; with a desk, or by themselves."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.papers import actions as papers
from xiaoer.papers.access import may_issue
from xiaoer.papers.models import Licence, LicenceKind
from xiaoer.permits.actions.case_rows import matter_of, tell
from xiaoer.permits.models import Case, CaseItem
from xiaoer.permits.typed import on_paper
from xiaoer.permits.wording import read_definition
from xiaoer.work import actions as work
from xiaoer.work.calendar import LOCAL
from xiaoer.work.models import Task

ISSUE = "issue_case"


def issue_licence(item: CaseItem, *, by: Actor, now: datetime) -> Licence | None:
    """Make the licence an item results in; without a signing key none is made, and nothing is
    granted."""
    if not item.licence_code or item.licence_id is not None:
        return item.licence
    kind = LicenceKind.objects.filter(zone_id=item.zone_id, code=item.licence_code).first()
    if kind is None:
        raise Refused(
            _("“%(item)s” results in a licence of a kind this zone does not know (%(code)s); an"
              " administrator adds it.")
            % {"item": item.name, "code": item.licence_code}
        )  # fmt: skip
    case = item.case
    today = now.astimezone(LOCAL).date()
    start, end = _day(item.granted.get("valid_from")), _day(item.granted.get("valid_until"))
    item.licence = papers.issue_licence(
        by=_maker(by),
        now=now,
        kind=kind,
        party=case.party,
        holder_name=case.applicant_name,
        holder_code=(case.party.credit_code or "") if case.party else "",
        issuer=item.authority or (item.office.name if item.office else ""),
        office=item.office,
        content={
            **on_paper(read_definition(case.thing_version.body).fields, case.form),
            **item.granted.get("content", {}),
        },
        valid_from=start or today,
        valid_until=end,
        subject=item,
        is_automatic=case.is_automatic,
    )
    item.save(update_fields=["licence"])
    return item.licence


def _maker(by: Actor) -> Actor:
    """Whoever hands out what was decided, such as the service desk, need not be of an office that
    issues licences: who may was judged at the item, and the line still names who did it."""
    return by if may_issue(by) else Actor(zone_id=by.zone_id, name=by.name, office=by.office)


def _day(text: object) -> date | None:
    return date.fromisoformat(str(text)) if text else None


def hand_out(case: Case, *, by: Actor, now: datetime) -> Case:
    """Make what is not made yet of a decided case, and close it; the case is locked."""
    licences = []
    for item in case.items.select_related("office", "licence").filter(
        state__in=[CaseItem.State.GRANTED, CaseItem.State.FILED]
    ):
        item.case = case
        made = issue_licence(item, by=by, now=now)
        if made is not None:
            licences.append(made.number)
    case.state, case.issued_at, case.closed_at = Case.State.ISSUED, now, now
    case.version += 1
    case.save(update_fields=["state", "issued_at", "closed_at", "version"])
    for task in Task.objects.filter(
        zone_id=case.zone_id, matter=matter_of(case), kind=ISSUE, state=Task.State.OPEN
    ):
        work.finish_task(by=by, now=now, task=task, outcome=case.number)
    tell(case, "issue_case", by=by, now=now, licences=licences)
    return case
