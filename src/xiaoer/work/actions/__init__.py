"""Verbs of work. Each locks, asks who may, checks, changes, writes one journal line."""

from xiaoer.work.actions.calendars import confirm_calendar_year as confirm_calendar_year
from xiaoer.work.actions.calendars import remove_calendar_day as remove_calendar_day
from xiaoer.work.actions.calendars import seed_calendar as seed_calendar
from xiaoer.work.actions.calendars import set_calendar_day as set_calendar_day
from xiaoer.work.actions.deadlines import deadlines_recomputed as deadlines_recomputed
from xiaoer.work.actions.deadlines import move_due as move_due
from xiaoer.work.actions.deadlines import pause_matter as pause_matter
from xiaoer.work.actions.deadlines import recompute_deadlines as recompute_deadlines
from xiaoer.work.actions.deadlines import resume_matter as resume_matter
from xiaoer.work.actions.escalation import escalate_overdue as escalate_overdue
from xiaoer.work.actions.limits import seed_limits as seed_limits
from xiaoer.work.actions.limits import set_limit as set_limit
from xiaoer.work.actions.matters import close_matter as close_matter
from xiaoer.work.actions.matters import instruct as instruct
from xiaoer.work.actions.matters import open_matter as open_matter
from xiaoer.work.actions.matters import reopen_matter as reopen_matter
from xiaoer.work.actions.matters import see_notices as see_notices
from xiaoer.work.actions.tasks import carry_out as carry_out
from xiaoer.work.actions.tasks import drop_tasks as drop_tasks
from xiaoer.work.actions.tasks import finish_task as finish_task
from xiaoer.work.actions.tasks import give_task as give_task
from xiaoer.work.actions.tasks import return_task as return_task
from xiaoer.work.actions.tasks import supervise_task as supervise_task
from xiaoer.work.actions.tasks import take_task as take_task
from xiaoer.work.actions.tasks import task_moved as task_moved
from xiaoer.work.actions.tasks import transfer_task as transfer_task
