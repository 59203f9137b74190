"""What joint acceptance tells the house: its verbs, its tasks, how its records are called and found."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiaoer.base.details import label_details, name_codes
from xiaoer.base.subjects import call_by, lead_to, let_pin
from xiaoer.base.verbs import name_verbs
from xiaoer.permits.actions.acceptance_tasks import KIND, follow_task
from xiaoer.permits.actions.case_rows import case_moved
from xiaoer.permits.actions.plan_following import follow_case
from xiaoer.permits.actions.submitting import case_submitted
from xiaoer.permits.models import Acceptance
from xiaoer.permits.queries.plan_steps import followed_by_steps
from xiaoer.registry.merging import allow_merge_relation
from xiaoer.work import actions as work
from xiaoer.work import kinds
from xiaoer.work.following import lend

VERBS: dict[str, str | Promise] = {
    "seed_acceptance": _("added the checks of joint acceptance"),
    "keep_acceptance_kind": _("changed a check of joint acceptance"),
    "keep_acceptance_rule": _("changed how days on sites are planned"),
    "authorise_inspector": _("authorised somebody to sign on sites"),
    "end_inspector": _("ended an authority to sign on sites"),
    "note_absence": _("said when somebody cannot go"),
    "remove_absence": _("took an absence back"),
    "apply_acceptance": _("applied for joint acceptance"),
    "name_check_office": _("named the office of a check"),
    "guide_acceptance": _("showed the owner the gaps before"),
    "check_papers": _("checked the papers of a check"),
    "ask_acceptance_supplement": _("asked the owner once for what is lacking"),
    "answer_acceptance_supplement": _("brought what was lacking"),
    "accept_acceptance": _("accepted a joint acceptance"),
    "not_accept_acceptance": _("did not accept a joint acceptance"),
    "withdraw_acceptance": _("withdrew a joint acceptance"),
    "fix_site_day": _("fixed the day on the site"),
    "ask_for_site_days": _("asked for days on sites"),
    "find_site_days": _("found days on sites"),
    "stop_site_search": _("stopped the search for days"),
    "take_site_days": _("took the days proposed"),
    "lock_site_day": _("held a day on a site, or let it move"),
    "drop_site_day": _("called the day on the site off"),
    "sign_check": _("signed a check on the site"),
    "pass_site": _("all checks passed on the site"),
    "send_defects": _("sent the one list of defects"),
    "report_repairs": _("reported defects put right"),
    "recheck_defects": _("looked at defects again"),
    "decide_check": _("issued the result of a check"),
    "record_owner_acceptance": _("recorded the owner's completion acceptance"),
    "conclude_acceptance": _("issued the joint opinion"),
    "file_completion": _("filed the completion"),
    "archive_acceptance": _("took the archives over"),
    "record_separate_acceptance": _("recorded checks made one by one"),
}
TASKS: Mapping[str, str | Promise] = {
    "name_office": _("Name who does a check"),
    "check_papers": _("Check the papers"),
    "close_papers": _("Accept, or ask once"),
    "fix_day": _("Fix the day on the site"),
    "sign_site": _("Sign on the site"),
    "send_list": _("Send the list of defects"),
    "recheck": _("Look at defects again"),
    "decide_check": _("Issue the result"),
    "conclude": _("Issue the joint opinion"),
    "file_completion": _("File the completion"),
    "take_archives": _("Take the archives over"),
}


def register() -> None:
    name_verbs(VERBS)
    kinds.know(
        kinds.MatterKind(
            code=KIND,
            name=_("joint acceptance"),
            tasks=TASKS,
            told=frozenset(
                {
                    "apply_acceptance", "check_papers", "answer_acceptance_supplement",
                    "fix_site_day", "drop_site_day", "sign_check", "report_repairs",
                    "recheck_defects", "decide_check", "conclude_acceptance",
                }
            ),
        )
    )  # fmt: skip
    name_codes("kind", {KIND: _("joint acceptance"), **TASKS})
    label_details(
        {
            "check": _("check"),
            "codes": _("codes"),
            "day": _("day"),
            "defects": _("defects"),
            "drawn": _("drawn by lot"),
            "gaps": _("what is lacking"),
            "passed": _("passed"),
            "second": _("second who signs"),
            "number": _("number"),
            "at": _("time"),
        }
    )
    lead_to({"acceptance": "acceptance"}, own={"acceptance": "my_acceptance"})
    call_by(
        {
            "acceptance": "number",
            "acceptance_check": "kind__name",
            "defect": "what",
            "site_day": "acceptance__number",
            "inspector": "post__person__name",
        }
    )
    let_pin("acceptance", by_outside=True, is_shown=True)
    let_pin("acceptance_check", is_shown=True)
    let_pin("defect", by_outside=True, is_shown=True)
    allow_merge_relation(Acceptance, "party")
    work.task_moved.connect(follow_task)
    case_submitted.connect(follow_case)
    case_moved.connect(follow_case)
    lend(followed_by_steps)
