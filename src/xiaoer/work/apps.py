"""Registration of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from xiaoer.base.subjects import call_by, lead_to, let_pin
from xiaoer.base.verbs import name_verbs

VERBS = {
    "open_matter": _("took on a matter"),
    "close_matter": _("closed a matter"),
    "reopen_matter": _("took on a matter again"),
    "give_task": _("gave a task"),
    "finish_task": _("finished a task"),
    "drop_tasks": _("dropped tasks"),
    "take_task": _("took on a task"),
    "transfer_task": _("transferred a task"),
    "return_task": _("returned a task"),
    "supervise_task": _("put a task under supervision"),
    "escalate_task": _("escalated an overdue task"),
    "carry_out": _("reported on a task"),
    "instruct": _("wrote an instruction"),
    "move_due": _("moved a date"),
    "pause_matter": _("stopped the clock"),
    "resume_matter": _("let the clock run on"),
    "set_calendar_day": _("changed a day of the calendar"),
    "remove_calendar_day": _("undid a change of the calendar"),
    "confirm_calendar_year": _("entered the notice of a year"),
    "seed_calendar": _("took over the state's calendar"),
    "recompute_deadlines": _("computed deadlines anew"),
    "seed_limits": _("added time limits"),
    "set_limit": _("changed a time limit"),
}


class WorkConfig(AppConfig):
    name = "xiaoer.work"
    label = "work"

    def ready(self) -> None:
        # Tables can only be named once every room's are loaded.
        from xiaoer.registry.merging import allow_merge_relation
        from xiaoer.work.models import Matter

        name_verbs(VERBS)
        lead_to({"task": "task"})
        call_by({"task": "matter__title"})
        let_pin("task")
        allow_merge_relation(Matter, "party")
