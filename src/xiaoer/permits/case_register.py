"""Registration of cases: their words, and what they follow in the rooms below."""

from xiaoer.papers import actions as papers
from xiaoer.permits import case_words
from xiaoer.permits.actions import clocking, deciding, giving, stepping, submitting
from xiaoer.work import actions as work


def register() -> None:
    """Called once when the app starts, after every room's tables are loaded."""
    case_words.tell()
    work.task_moved.connect(stepping.follow_task)
    work.deadlines_recomputed.connect(clocking.follow_calendar)
    submitting.branches_withdrawn.connect(deciding.follow_withdrawn)
    papers.consent_withdrawn.connect(giving.lose_paper)
