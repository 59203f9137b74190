"""The inbox: home of the staff."""

import tempfile
from datetime import datetime
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaoer.base.doors import page
from xiaoer.base.models import STAFF_ROLES
from xiaoer.base.scope import Actor
from xiaoer.web.marks import Colour
from xiaoer.web.sheets import Column, Kind, write_csv, write_xlsx
from xiaoer.work import kinds, queries
from xiaoer.work.pages.reading import chosen, number_in_address, offset
from xiaoer.work.queries import InboxFilter, InboxRow, Whose

SIZE = 50
LIGHTS: tuple[Colour, ...] = ("red", "amber", "green", "grey")
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
COLUMNS = (
    Column("title", gettext_lazy("Matter"), 40),
    Column("why", gettext_lazy("To do"), 30),
    Column("party", gettext_lazy("Enterprise"), 30),
    Column("office", gettext_lazy("Office"), 20),
    Column("holder", gettext_lazy("With"), 12),
    Column("due_at", gettext_lazy("Due"), 18, Kind.DATETIME),
    Column("remaining", gettext_lazy("Left"), 18),
)


def _whose_words() -> dict[Whose, str]:
    return {
        Whose.MINE: _("Mine"),
        Whose.DEPUTY: _("As deputy"),
        Whose.OFFICE: _("My office"),
        Whose.ZONE: _("Whole zone"),
    }


def _read_filter(request: HttpRequest, by: Actor) -> InboxFilter:
    offered = queries.whose_choices(by)
    whose = chosen(request, "whose", tuple(str(one) for one in offered))
    return InboxFilter(
        whose=Whose(whose) if whose else Whose.MINE,
        light=chosen(request, "light", LIGHTS),
        kind=chosen(request, "kind", tuple(kind.code for kind in kinds.matter_kinds())),
        office_id=number_in_address(request, "office"),
    )


@page(*STAFF_ROLES)
def inbox(request: HttpRequest, by: Actor) -> HttpResponse:
    """Everything the asker must do, across all rooms, what is due first first."""
    now = timezone.now()
    wanted = _read_filter(request, by)
    export = chosen(request, "export", tuple(TYPES))
    if export:
        return _sheet(queries.inbox(by, now, wanted), export)
    after = offset(request)
    rows = queries.inbox(by, now, wanted, size=SIZE + 1, after=after)
    lead, shown = _lead_of(rows[:SIZE], wanted, after)
    sees_zone = wanted.whose == Whose.ZONE
    words = _whose_words()
    return render(
        request,
        "work/inbox.html",
        {
            "next": lead,
            "rows": shown,
            "after": after + SIZE if len(rows) > SIZE else None,
            "started": after > 0,
            "counts": queries.inbox_counts(
                by, now, InboxFilter(wanted.whose, None, wanted.kind, wanted.office_id)
            ),
            "wanted": wanted,
            "is_filtered": wanted != InboxFilter(),
            "whose": [(str(one), words[one], None) for one in _whose_offered(by, now, wanted)],
            "kinds": [(kind.code, str(kind.name)) for kind in kinds.matter_kinds()],
            "offices": queries.offices_with_tasks(by) if sees_zone else [],
            "at": now,
        },
    )


def _lead_of(
    rows: tuple[InboxRow, ...], wanted: InboxFilter, after: int
) -> tuple[InboxRow | None, tuple[InboxRow, ...]]:
    """The next act of one's own day stands apart, with its verb; of a list looked at, nothing does."""
    if after or not rows or wanted != InboxFilter():
        return None, rows
    return rows[0], rows[1:]


def _whose_offered(by: Actor, now: datetime, wanted: InboxFilter) -> list[Whose]:
    """Whose tasks one may look at; as a deputy only while one is."""
    return [
        one
        for one in queries.whose_choices(by)
        if one in {Whose.MINE, wanted.whose} or one != Whose.DEPUTY or queries.deputises(by, now)
    ]


def _sheet(rows: tuple[InboxRow, ...], kind: str) -> HttpResponse:
    """The very list of the page, with its filters, without its paging. Written inside the scope."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"inbox.{kind}"
        if kind == "xlsx":
            write_xlsx(path, COLUMNS, rows, title=_("To do"))
        else:
            write_csv(path, COLUMNS, rows)
        response = HttpResponse(path.read_bytes(), content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="inbox.{kind}"'
    return response
