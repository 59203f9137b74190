"""Registration of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from xiaoer.base.details import label_details
from xiaoer.base.subjects import call_by, lead_to, let_pin
from xiaoer.base.verbs import name_verbs
from xiaoer.work.step_words import STEP_WORDS

VERBS = {
    "open_matter": _("took on a matter"),
    "close_matter": _("closed a matter"),
    "reopen_matter": _("took on a matter again"),
    "give_task": _("gave a task"),
    "finish_task": _("finished a task"),
    "retitle_task": _("did a part of a task"),
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
    "seed_contact_rule": _("added a rule of contacts"),
    "choose_reminders": _("chose what to be reminded of"),
    "choose_for_office": _("chose what a group robot is told"),
    "give_mail_address": _("gave an e-mail address"),
    "confirm_mail_address": _("confirmed an e-mail address"),
    "forget_mail_address": _("took an e-mail address back"),
    "add_hook": _("added a group robot"),
    "rotate_hook": _("changed the secret of a group robot"),
    "pause_hook": _("paused a group robot"),
    "resume_hook": _("resumed a group robot"),
    "remove_hook": _("removed a group robot"),
    "send_test": _("sent a test message"),
    "make_reminders": _("reminded people"),
    "give_up_delivery": _("gave up a message"),
    "set_contact_rule": _("changed the rule of contacts"),
    "plan_contact": _("planned a contact"),
    "merge_contacts": _("merged a contact into another"),
    "move_contact": _("moved a contact"),
    "give_contact": _("gave a contact to somebody else"),
    "cancel_contact": _("called a contact off"),
    "refuse_contact": _("did not want a contact"),
    "finish_contact": _("made a planned contact"),
    "record_contact": _("recorded a contact nobody had planned"),
    "explain_contact": _("gave the reason of a contact"),
    "redate_contact": _("corrected the day of a contact"),
    "ask_question": _("put a question"),
    "ask_many": _("put a question to many enterprises"),
    "answer_question": _("answered a question"),
    "decline_question": _("did not say"),
    "drop_question": _("dropped a question"),
    "make_plan": _("made a plan"),
    "reckon_plan": _("reckoned a plan anew"),
    "reckon_zone": _("reckoned the plans for the day"),
    "run_forecast": _("forecast a plan"),
    "forecast_zone": _("forecast the plans of the week"),
    "move_promise": _("moved a promised day"),
    "settle_baseline": _("settled a baseline"),
    "hold_steps": _("held up steps for want of an element"),
    "release_steps": _("let steps go on"),
    "close_plan": _("closed a plan"),
    "reopen_plan": _("took a plan up again"),
    "report_step": _("reported progress"),
    "correct_step": _("corrected a report"),
    "change_step": _("changed a step"),
    "add_step": _("added a step"),
    "drop_step": _("dropped a step"),
    "link_steps": _("linked two steps"),
    "unlink_steps": _("took a link out"),
    "block_step": _("said what holds a step up"),
    "unblock_step": _("said that a step goes on"),
    "import_steps": _("brought steps in from a sheet"),
    "seed_plan_templates": _("added templates of plans"),
    "start_template": _("began a template"),
    "draft_template": _("opened a draft of a template"),
    "set_shape": _("set a step of a template"),
    "drop_shape": _("took a step out of a template"),
    "link_shapes": _("linked steps of a template"),
    "unlink_shapes": _("unlinked steps of a template"),
    "release_template": _("put a template in use"),
    "retire_template": _("retired a template"),
    "seed_resources": _("added limited resources"),
    "keep_resource": _("set a limited resource"),
    "end_resource": _("ended a limited resource"),
    "ask_for_levelling": _("asked to lay all plans out"),
    "level_zone": _("laid all plans out"),
    "stop_levelling": _("stopped laying plans out"),
    "take_levelling": _("took the planned days"),
    "adopt_template": _("adopted another version of a template"),
}
# Keys of these verbs' lines that no other room has.
DETAILS = {
    "answer": _("answer"),
    "is_above_quota": _("above the quota"),
    "is_on_quiet_day": _("on a quiet day"),
    "host": _("server"),
    "key": _("key"),
    "kinds": _("kinds"),
    "monthly_quota": _("quota of a month"),
    "quiet_from": _("first quiet day"),
    "quiet_until": _("last quiet day"),
    "added": _("added"),
    "changed": _("changed"),
    "changed_steps": _("changed"),
    "dropped": _("dropped"),
    "plan": _("plan"),
    "plans": _("plans"),
    "lost": _("promised day lost"),
    "slack": _("days to spare"),
    "chance": _("percent sure"),
    "runs": _("runs"),
    "number": _("number"),
    "template": _("template"),
    "first": _("first"),
    "then": _("then"),
    "lag": _("lag"),
    "steps": _("steps"),
    "capacity": _("how many at once"),
    "office": _("office"),
    "source": _("source"),
    "mark": _("mark"),
    "ended_on": _("ended on"),
    "cost": _("cost of the limits"),
    "late": _("late"),
    **STEP_WORDS,
}


class WorkConfig(AppConfig):
    name = "xiaoer.work"
    label = "work"

    def ready(self) -> None:
        # Tables can only be named once every room's are loaded.
        from xiaoer.registry import actions as registry
        from xiaoer.registry.merging import allow_merge_relation
        from xiaoer.work import queries, reminding
        from xiaoer.work.actions.caseload import follow_caseload
        from xiaoer.work.models import Contact, Matter, Plan, Question

        name_verbs(VERBS)
        label_details(DETAILS)
        lead_to(
            {
                "task": "task",
                "hook": "robot",
                "contact": "contact",
                "question": "question",
                "levelling": "levelling",
                "plan": "plan",
                "plan_template": "plan_template",
            }
        )
        call_by(
            {
                "resource": "name",
                "task": "matter__title",
                "contact": "purpose",
                "question": "text",
                "plan": "title",
            }
        )
        reminding.know_source(reminding.DUE, queries.tasks_due)
        reminding.know_source(reminding.OVERDUE, queries.tasks_overdue)
        reminding.know_source(reminding.RED_LIGHT, queries.tasks_red)
        let_pin("task")
        allow_merge_relation(Matter, "party")
        allow_merge_relation(Contact, "party")
        allow_merge_relation(Plan, "party")
        # What both entries were asked stays with the duplicate: it is asked once of one firm.
        allow_merge_relation(Question, "party", stays=("room", "key"))
        registry.caseload_moved.connect(follow_caseload)
