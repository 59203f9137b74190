"""Steps of a plan as a sheet, out and in: looked at before anything is written."""

import tempfile
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaoer.base.doors import go, page
from xiaoer.base.models import STAFF_ROLES
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import OUTSIDE, Actor
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind
from xiaoer.work import actions as work
from xiaoer.work import plan_access as access
from xiaoer.work import plan_sheets, queries
from xiaoer.work.models import Plan
from xiaoer.work.pages.plan import plan_for, readers, today

staff = page(*STAFF_ROLES)
SALT = "plan-sheet"
HOUR = 3600
LARGEST = 5 * 1024 * 1024
# The heads are those the sheet is read by again, whatever the reader's language.
STEPS = (
    Column("code", "代码", 16),
    Column("phase", "阶段", 14),
    Column("name", "工序", 30),
    Column("who", "谁办", 20),
    Column("likely", "工期", 8, Kind.NUMBER),
    Column("unit", "工期单位", 10),
    Column("early_start", "预计开始", 12, Kind.DATE),
    Column("early_finish", "预计完成", 12, Kind.DATE),
    Column("late_start", "最晚开始", 12, Kind.DATE),
    Column("float_days", "余量", 8, Kind.NUMBER),
    Column("not_before", "不早于", 12, Kind.DATE),
    Column("not_after", "不晚于", 12, Kind.DATE),
    Column("started_on", "开始日", 12, Kind.DATE),
    Column("finished_on", "完成日", 12, Kind.DATE),
    Column("share", "完成比例", 10, Kind.NUMBER),
    Column("remaining", "还需天数", 10, Kind.NUMBER),
    Column("note", "备注", 24),
)
SAID = {
    "likely": gettext_lazy("likely days"),
    "not_before": gettext_lazy("not before"),
    "not_after": gettext_lazy("must end by"),
    "started_on": gettext_lazy("started on"),
    "finished_on": gettext_lazy("ended on"),
    "share": gettext_lazy("percent done"),
    "remaining": gettext_lazy("days left"),
    "note": gettext_lazy("note"),
}


@readers
def plan_sheet(request: HttpRequest, by: Actor, plan_id: int) -> HttpResponse:
    """Every step with its days, as a sheet that can be filled in and brought back."""
    kept = plan_for(by, plan_id)
    view = queries.plan_view(kept, today(), is_outside=by.database_role == OUTSIDE)
    kind = "csv" if request.GET.get("export") == "csv" else "xlsx"
    return sheet_response(kind, kept.title, STEPS, map(_cells, view.rows))


def _cells(row: queries.StepRow) -> tuple[object, ...]:
    step, times = row.step, row.times
    return (
        step.code, step.phase, step.name, row.who, step.likely, step.get_unit_display(),
        times.early_start, times.early_finish, times.late_start, times.float_days,
        step.not_before, step.not_after, step.started_on, step.finished_on, step.share or None,
        step.remaining, "",
    )  # fmt: skip


@staff
def plan_import(request: HttpRequest, by: Actor, plan_id: int) -> HttpResponse:
    """Bring a sheet in: first what it would do, then, as it was shown, the doing."""
    kept = plan_for(by, plan_id)
    access.must_make_plans(by)
    context: dict[str, Any] = {"plan": kept}
    if request.method == "POST":
        if request.POST.get("packed"):
            return _commit(request, by, kept)
        context |= _looked_at(request, kept)
    return render(request, "work/plan_import.html", context)


def _looked_at(request: HttpRequest, plan: Plan) -> dict[str, Any]:
    given = request.FILES.get("sheet")
    if not isinstance(given, UploadedFile):
        raise Refused(_("Choose a sheet: xlsx, xls or csv."), field="sheet")
    if (given.size or 0) > LARGEST:
        raise Refused(_("The sheet is larger than 5 MB; leave pictures out."), field="sheet")
    rows = queries.plan_rows(plan)
    known = plan_sheets.plain_names([(step.name, step.pk) for step in rows.steps])
    codes = {step.code: step.pk for step in rows.steps}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sheet"
        with path.open("wb") as file:
            for chunk in given.chunks():
                file.write(chunk)
        lines = plan_sheets.read_lines(path, known, codes)
    steps = rows.by_number
    return {
        "lines": [
            (line, [(SAID[key], shown(value)) for key, value in _news(steps, line)])
            for line in lines
        ],
        "taken": sum(bool(line.step_id and list(_news(steps, line))) for line in lines),
        "refused": sum(bool(line.reason) for line in lines),
        "packed": signing.dumps(
            {
                "plan": plan.pk,
                "version": plan.version,
                "lines": plan_sheets.packed([_only_news(steps, line) for line in lines]),
            },
            salt=SALT,
            compress=True,
        ),
    }


def shown(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _news(steps: dict[int, Any], line: plan_sheets.ReadLine) -> list[tuple[str, object]]:
    """What a line says otherwise than the plan does."""
    step = steps.get(line.step_id or 0)
    if step is None:
        return []
    return [
        (key, value)
        for key, value in line.said.items()
        if key in SAID and value != getattr(step, key, None)
    ]


def _only_news(steps: dict[int, Any], line: plan_sheets.ReadLine) -> plan_sheets.ReadLine:
    return plan_sheets.ReadLine(line.row_no, line.name, line.step_id, dict(_news(steps, line)))


def _commit(request: HttpRequest, by: Actor, plan: Plan) -> HttpResponse:
    try:
        packed = signing.loads(request.POST["packed"], salt=SALT, max_age=HOUR)
    except signing.BadSignature as bad:
        raise Refused(_("The look at the sheet is too old; bring it in again.")) from bad
    if packed["plan"] != plan.pk:
        raise Refused(_("This sheet was looked at for another plan; bring it in again."))
    count = work.import_steps(
        by=by, now=timezone.now(), plan=plan, version=packed["version"],
        lines=[line_of(each) for each in packed["lines"]],
    )  # fmt: skip
    messages.success(
        request, _("%(count)d steps changed, and the plan is reckoned anew.") % {"count": count}
    )
    return go(request, reverse("plan", args=[plan.pk]))


def line_of(packed: dict[str, Any]) -> work.StepLine:
    """A line as it travelled from the preview."""
    values = {"step_id": packed["step"]}
    for field in fields(work.StepLine):
        if field.name in packed:
            value = packed[field.name]
            values[field.name] = (
                date.fromisoformat(value) if field.name in plan_sheets.DAYS else value
            )
    return work.StepLine(**values)
