"""Words of applying: what the verbs are called, for the trail, the inbox and the applicant."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiaoer.base.details import label_details
from xiaoer.base.subjects import lead_to
from xiaoer.base.verbs import name_verbs

VERBS: Mapping[str, str | Promise] = {
    "open_case": _("began an application"),
    "fill_case": _("filled in an application"),
    "fill_from_papers": _("filled in what was read off the papers"),
    "renew_key": _("got a new link to a draft"),
    "expire_draft": _("ended a draft nobody went on with"),
    "give_material": _("gave a paper"),
    "use_held": _("let a paper held here be used"),
    "promise_material": _("promised a paper for later"),
    "take_back_material": _("took a paper out of the draft"),
    "lose_paper": _("lost a paper, as its use was taken back"),
    "sign_promise": _("signed the promise"),
    "submit_case": _("submitted the application"),
    "answer_supplement": _("answered the supplement notice"),
    "withdraw_case": _("withdrew the application"),
    "withdraw_branch": _("withdrew part of the application"),
    "rate_case": _("rated the handling"),
    "answer_rating": _("answered a rating"),
}
DETAILS: Mapping[str, str | Promise] = {
    "thing": _("one thing"),
    "fields": _("fields"),
    "paper": _("paper"),
    "score": _("score"),
    "is_upheld": _("found true"),
    "answer": _("answer"),
    "names": _("names"),
    "items": _("items"),
    "until": _("until"),
}


def register_applying() -> None:
    """Called once, from ``apps.py``."""
    name_verbs(VERBS)
    label_details(DETAILS)
    lead_to({}, own={"permit_case": "my_case"})
