"""Officers from a sheet: upload, preview with reasons, add, slips of all."""

import base64
import tempfile
from dataclasses import astuple
from pathlib import Path

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xiaoer.base import access, officers
from xiaoer.base.doors import page
from xiaoer.base.models import Role
from xiaoer.base.officers import Fate, RawOfficer
from xiaoer.base.pages.people import now, slip_of, today
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.base.slips import slips_pdf
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column

SALT = "officers"
HOLDS = 3600
REJECTS = (
    Column("row_no", gettext_lazy("Row"), 8),
    Column("name", gettext_lazy("Person's name"), 14),
    Column("work_no", gettext_lazy("Work number"), 16),
    Column("phone", gettext_lazy("Telephone"), 16),
    Column("office", gettext_lazy("Office"), 24),
    Column("role", gettext_lazy("Role of the post"), 14),
    Column("title", gettext_lazy("Post"), 24),
    Column("reason", gettext_lazy("Why not, and what to do"), 60),
)


@require_http_methods(["GET", "POST"])
@page(Role.ADMINISTRATOR)
def officers_add(request: HttpRequest, by: Actor) -> HttpResponse:
    """Upload a sheet; the answer says of every row what would become of it."""
    access.must_be_administrator(by)
    if request.method == "GET":
        return render(request, "base/officers_add.html", {"fields": officers.fields()})
    rows = _uploaded(request)
    plan = officers.plan_officers(by=by, rows=rows, on=today())
    return render(
        request,
        "base/officers_preview.html",
        {
            "plan": plan,
            "summary": officers.summary(plan),
            "new": plan.count(Fate.NEW),
            "rejected": plan.count(Fate.REJECTED),
            "kept": signing.dumps([astuple(row) for row in rows], salt=SALT, compress=True),
        },
    )


def _uploaded(request: HttpRequest) -> tuple[RawOfficer, ...]:
    upload = request.FILES.get("sheet")
    if upload is None:
        raise Refused(_("Choose the sheet first."), field="sheet")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sheet"
        with path.open("wb") as stream:
            for chunk in upload.chunks():
                stream.write(chunk)
        return officers.read_officers(path)


def _kept(request: HttpRequest) -> tuple[RawOfficer, ...]:
    """The rows of the preview; only what this installation has signed within the hour."""
    try:
        rows = signing.loads(request.POST.get("kept", ""), salt=SALT, max_age=HOLDS)
    except signing.BadSignature as error:
        raise Refused(_("The preview is more than an hour old; upload the sheet again.")) from error
    return tuple(RawOfficer(*row) for row in rows)


@require_POST
@page(Role.ADMINISTRATOR)
def officers_create(request: HttpRequest, by: Actor) -> HttpResponse:
    """Add the new ones. Their slips are in the answer and nowhere else."""
    added = officers.add_officers(by=by, now=now(), rows=_kept(request))
    pdf = slips_pdf(
        [slip_of(by, one.person, one.account.username, one.password) for one in added.passwords],
        made_at=now(),
    )
    return render(
        request,
        "base/officers_done.html",
        {
            "added": added,
            "summary": officers.summary(added.plan),
            "slips": "data:application/pdf;base64," + base64.b64encode(pdf).decode(),
            "name": f"slips-{today().isoformat()}.pdf",
        },
    )


@require_POST
@page(Role.ADMINISTRATOR)
def officers_rejects(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """The rejected rows as a sheet, with the reason in an extra column."""
    plan = officers.plan_officers(by=by, rows=_kept(request), on=today())
    rejected = (row for row in plan.rows if row.fate is Fate.REJECTED)
    sheet = [
        (
            str(row.raw.row_no),
            row.raw.name,
            row.raw.work_no,
            row.raw.phone,
            row.raw.office,
            row.role_words,
            row.raw.title,
            row.reason,
        )
        for row in rejected
    ]
    return sheet_response("xlsx", _("Rejected rows"), REJECTS, sheet)


@require_GET
@page(Role.ADMINISTRATOR)
def officers_example(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """An empty sheet with the headings and one row of example."""
    heads, example = officers.EXAMPLE
    columns = tuple(Column(f"c{place}", head, 18) for place, head in enumerate(heads))
    return sheet_response("xlsx", _("Officers"), columns, [example])
