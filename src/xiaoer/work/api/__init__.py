"""API of work: the inbox and everything that moves in it, the calendar, the limits, reminders,
contacts and questions, limited resources, plans."""

from ninja import Router

from xiaoer.work.api.contacts import router as contacts
from xiaoer.work.api.plan_templates import router as plan_templates
from xiaoer.work.api.plans import router as plans
from xiaoer.work.api.questions import router as questions
from xiaoer.work.api.reminders import router as reminders
from xiaoer.work.api.resources import router as resources
from xiaoer.work.api.tasks import router as tasks

router = Router(tags=["work"])
for _part in (tasks, reminders, contacts, questions, resources, plan_templates, plans):
    router.add_router("", _part)
