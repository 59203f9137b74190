"""What hangs on the site's wall and what both sides sign: the timetable (投产时间表) and the task
book (达效任务书) of a plan, as PDF. Official papers are always Chinese."""

from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from xiaoer.base.doors import found
from xiaoer.base.scope import OUTSIDE, Actor
from xiaoer.web import press
from xiaoer.web.sending import attachment
from xiaoer.work import queries
from xiaoer.work.models import Doer
from xiaoer.work.pages.plan import MILESTONES, plan_for, readers, today
from xiaoer.work.queries import PlanView, StepRow

TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "work"
NAMES = {"timetable": "投产时间表", "taskbook": "达效任务书"}
NOTE = "最晚开始：晚于这一天，答应的日子就要晚；余量：可以晚几天而不影响答应的日子。"


@readers
def plan_paper(request: HttpRequest, by: Actor, plan_id: int, paper: str) -> HttpResponse:
    """One of the two papers of a plan, as it stands today."""
    kept = plan_for(by, plan_id)
    name = found(NAMES.get(paper))
    view = queries.plan_view(kept, today(), is_outside=by.database_role == OUTSIDE)
    with translation.override("zh-hans"):
        data = paper_data(view, name, paper)
    now = timezone.now()
    data["printed_at"] = press.paper_time(now)
    body = press.compile_pdf(TEMPLATES / f"plan_{paper}.typ", data, made_at=now)
    return attachment(body, f"{kept.title}{name}.pdf", "application/pdf")


def paper_data(view: PlanView, name: str, paper: str) -> dict[str, Any]:
    """What the paper says, all as texts."""
    plan = view.plan
    head = {
        "title": plan.title,
        "heading": name,
        "party": plan.party.name if plan.party else "–",
        "promised": press.paper_date(plan.promised_on),
        "first": press.paper_date(plan.first_promised_on)
        if plan.first_promised_on != plan.promised_on
        else "",
        "forecast": press.paper_date(view.ends_on),
        "slack": f"余量 {view.slack} 天" if view.slack >= 0 else f"预计晚 {-view.slack} 天",
        "reckoned": press.paper_date(view.today),
        "note": NOTE,
    }
    body = _timetable(view) if paper == "timetable" else _tasks(view)
    return head | body


def _timetable(view: PlanView) -> dict[str, Any]:
    return {
        "phases": [
            {
                "name": phase.name or "工序",
                "rows": [
                    {
                        "name": row.step.name,
                        "own": "政" if row.step.is_government else "",
                        "who": row.who,
                        "days": f"{row.step.likely} {row.step.get_unit_display()}",
                        "start": _day(row.times.early_start),
                        "end": _day(row.times.early_finish),
                        "latest": "–" if row.is_begun else _day(row.times.late_start),
                        "spare": "" if row.is_finished else str(row.times.float_days),
                        "state": _state(row),
                        "strong": row.times.is_critical and not row.is_finished,
                    }
                    for row in phase.rows
                ],
            }
            for phase in view.phases
        ]
    }


def _tasks(view: PlanView) -> dict[str, Any]:
    """Whose tasks: the enterprise's and its contractors', the zone's by who does them."""
    own: list[dict[str, str]] = []
    zone: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for row in view.rows:
        line = {
            "name": row.step.name,
            "by": _day(row.step.finished_on or row.times.late_finish),
            "state": _state(row),
            "limit": _limit(row),
        }
        if row.step.doer in (Doer.OWNER, Doer.CONTRACTOR):
            own.append(line)
        else:
            zone[row.who].append(line)
    words = {code: str(label) for code, label in MILESTONES}
    return {
        "own": own,
        "zone": [{"who": who, "rows": rows} for who, rows in zone.items()],
        "milestones": [
            {
                "name": words.get(row.step.milestone, row.step.milestone),
                "step": row.step.name,
                "by": _day(row.step.finished_on or row.times.late_finish),
                "state": _state(row),
            }
            for row in view.rows
            if row.step.milestone
        ],
        "promises": [
            f"{press.paper_date(each.promised_on)}（{press.paper_date(timezone.localdate(each.at))}"
            f"{'首次答应' if each.before_on is None else '改期：' + each.reason}）"
            for each in view.promises
        ],
    }


def _day(day: date) -> str:
    return f"{day:%Y-%m-%d}"


def _state(row: StepRow) -> str:
    if row.is_finished:
        return "已完成"
    if row.step.blocked_by:
        return f"被卡住：{row.step.blocked_by}"
    if row.is_begun:
        return f"进行中 {row.step.share}%"
    return "预计晚" if row.is_late else "未开始"


def _limit(row: StepRow) -> str:
    step = row.step
    if step.limit_count is None:
        return ""
    return f"{step.limit_count} {step.get_limit_unit_display()}（{step.limit_source}）"
