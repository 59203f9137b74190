"""Tables of work: what is to be done, by whom, until when."""

from xiaoer.work.models.calendars import LIMIT_NAMES, CalendarDay, CalendarYear, LimitRule
from xiaoer.work.models.contacts import Contact, ContactRule, Question
from xiaoer.work.models.reminders import (
    Delivery,
    DeliveryAttempt,
    Hook,
    MailAddress,
    Reminder,
    Subscription,
    Way,
)
from xiaoer.work.models.tasks import Instruction, Matter, Pause, Seen, Task

__all__ = [
    "LIMIT_NAMES",
    "CalendarDay",
    "CalendarYear",
    "Contact",
    "ContactRule",
    "Delivery",
    "DeliveryAttempt",
    "Hook",
    "Instruction",
    "LimitRule",
    "MailAddress",
    "Matter",
    "Pause",
    "Question",
    "Reminder",
    "Seen",
    "Subscription",
    "Task",
    "Way",
]
