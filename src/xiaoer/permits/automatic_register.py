"""Unattended approval hears of submissions, and lends the words of its own tasks."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from xiaoer.permits.actions import automatic
from xiaoer.permits.actions.reviewing import CHECK, REVIEW
from xiaoer.permits.actions.submitting import case_submitted, supplement_answered
from xiaoer.permits.models import Case
from xiaoer.work import kinds


def follow_submission(*, case: Case, **_said: Any) -> None:
    """Put it into the queue of the rules, if its item is decided by them."""
    automatic.ask_decision(case=case)


def register() -> None:
    case_submitted.connect(follow_submission)
    supplement_answered.connect(follow_submission)
    kinds.know(
        kinds.MatterKind(
            code=REVIEW,
            name=_("decision by rule, drawn to be looked at"),
            tasks={REVIEW: _("Look at a decision made by rule")},
        )
    )
    kinds.know(
        kinds.MatterKind(
            code=CHECK,
            name=_("check on site after a decision by rule"),
            tasks={CHECK: _("Look on site, two officers together")},
        )
    )
