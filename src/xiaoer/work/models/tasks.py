"""Matters, and the tasks that hang on them."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Office, Post, Zone
from xiaoer.registry.models import Party
from xiaoer.work.clocks import LimitUnit, PauseReason
from xiaoer.work.models.calendars import LimitRule


class Matter(models.Model):
    """事项: anything the zone has on its hands, of any room; the thread tasks hang on."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30, help_text="the room's word, such as appeal")
    subject_id = models.BigIntegerField(help_text="number of the record in its own room")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True)
    title = models.CharField(max_length=120)
    address = models.CharField(max_length=200, help_text="path of its page")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "matter"
        constraints = [
            models.UniqueConstraint(fields=["zone", "kind", "subject_id"], name="matter_once"),
        ]

    def __str__(self) -> str:
        return self.title


class Task(models.Model):
    """任务: one thing one post (or any post of one office) has to do, until a moment."""

    class State(models.TextChoices):
        OPEN = "open", _("to do")
        DONE = "done", _("done")
        RETURNED = "returned", _("returned")
        TRANSFERRED = "transferred", _("transferred")
        DROPPED = "dropped", _("no longer needed")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="tasks")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True)
    kind = models.CharField(max_length=30, help_text="such as contact, reply, solve, visit_back")
    title = models.CharField(max_length=120)
    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    is_joint = models.BooleanField(default=False, help_text="协办: helps the one who leads")
    is_supervised = models.BooleanField(default=False, help_text="督办")
    level = models.PositiveSmallIntegerField(default=0, help_text="how often it was escalated")
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    started_at = models.DateTimeField(help_text="when its clock started")
    due_at = models.DateTimeField(null=True, blank=True)
    amber_at = models.DateTimeField(null=True, blank=True)
    limit_rule = models.ForeignKey(LimitRule, on_delete=models.PROTECT, null=True, blank=True)
    # The limit as it was when the task was given: a rule changed later does not move a promise.
    # Empty when the end is a date fixed by somebody.
    limit_count = models.PositiveSmallIntegerField(null=True, blank=True)
    limit_unit = models.CharField(
        max_length=20, choices=LimitUnit.choices, blank=True, db_default=""
    )
    given_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    outcome = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "task"
        constraints = [
            models.CheckConstraint(
                condition=Q(post__isnull=False) | Q(office__isnull=False), name="task_has_someone"
            ),
            models.CheckConstraint(
                condition=Q(state="open", done_at__isnull=True)
                | (~Q(state="open") & Q(done_at__isnull=False)),
                name="task_ends_when_it_is_not_open",
            ),
        ]
        indexes = [
            # Partial: the inbox costs the same however many tasks were finished before.
            models.Index(
                fields=["zone", "post", "due_at"], condition=Q(state="open"), name="task_of_post"
            ),
            models.Index(
                fields=["zone", "office", "due_at"],
                condition=Q(state="open"),
                name="task_of_office",
            ),
            models.Index(fields=["zone", "due_at"], condition=Q(state="open"), name="task_due"),
            models.Index(fields=["matter", "id"], name="task_of_matter"),
            models.Index(
                fields=["zone", "done_by", "done_at"],
                condition=Q(done_by__isnull=False),
                name="task_done_by",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Pause(models.Model):
    """暂停: time a clock does not count, only for a reason the law knows."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="pauses")
    reason = models.CharField(max_length=40, choices=PauseReason.choices)
    note = models.CharField(max_length=200, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        db_table = "pause"
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="pause_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["matter"], condition=Q(until__isnull=True), name="pause_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class Instruction(models.Model):
    """批示: what a leader wrote on a matter, and whether it was carried out."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="instructions")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=1000)
    at = models.DateTimeField()
    task = models.ForeignKey(Task, on_delete=models.PROTECT, null=True, blank=True)

    class Meta:
        db_table = "instruction"

    def __str__(self) -> str:
        return self.text[:40]


class Seen(models.Model):
    """看过: up to which moment a post has seen its notices."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "seen"

    def __str__(self) -> str:
        return str(self.post_id)
