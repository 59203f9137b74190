"""Tables of work: what is to be done, by whom, until when."""

from xiaoer.work.models.calendars import LIMIT_NAMES, CalendarDay, CalendarYear, LimitRule
from xiaoer.work.models.contacts import Contact, ContactRule, Question
from xiaoer.work.models.tasks import Instruction, Matter, Pause, Seen, Task

__all__ = [
    "LIMIT_NAMES",
    "CalendarDay",
    "CalendarYear",
    "Contact",
    "ContactRule",
    "Instruction",
    "LimitRule",
    "Matter",
    "Pause",
    "Question",
    "Seen",
    "Task",
]
