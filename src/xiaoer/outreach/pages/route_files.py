"""Routes to take along: a calendar file and a paper."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from xiaoer.base.doors import page
from xiaoer.base.models import STAFF_ROLES
from xiaoer.base.scope import Actor
from xiaoer.outreach.cards import PDF
from xiaoer.outreach.pages import reading
from xiaoer.outreach.queries.route_files import calendar_of, chosen_rounds, paper_of
from xiaoer.outreach.queries.routes import RoundRow
from xiaoer.outreach.routing.calendars import TYPE
from xiaoer.web.sending import attachment
from xiaoer.work.calendar import LOCAL

staff = page(*STAFF_ROLES)


def _asked(request: HttpRequest, by: Actor) -> tuple[RoundRow, ...]:
    since = reading.day_of_address(request, "since")
    since = since or timezone.now().astimezone(LOCAL).date()
    until = reading.day_of_address(request, "until") or since
    return chosen_rounds(
        by=by, since=since, until=until, post=reading.number(request.GET.get("post"))
    )


@staff
def rounds_calendar(request: HttpRequest, by: Actor) -> HttpResponse:
    """The routes of some days as a calendar file; taken in again it moves what it brought before."""
    return attachment(calendar_of(by, _asked(request, by)), "走访.ics", TYPE)


@staff
def rounds_paper(request: HttpRequest, by: Actor) -> HttpResponse:
    """The routes of some days on A4."""
    return attachment(paper_of(by, _asked(request, by)), "走访路线单.pdf", PDF)
