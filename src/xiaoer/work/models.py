"""Tables of work: what is to be done, by whom, until when."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Office, Post, Zone
from xiaoer.registry.models import Party
from xiaoer.work.clocks import LimitUnit, PauseReason


class CalendarDay(models.Model):
    """工作日历: a day that differs from the plain week: a holiday, or a weekend worked (调休).

    State-wide when ``zone`` is empty; a zone may add its own.
    """

    zone = models.ForeignKey(
        Zone, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    day = models.DateField()
    is_working = models.BooleanField()
    name = models.CharField(max_length=60, blank=True)

    class Meta:
        db_table = "calendar_day"
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "day"], name="calendar_day_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.is_working}"


class CalendarYear(models.Model):
    """日历年: whether the State Council's notice of a year is in; without it the year is provisional."""

    zone = models.ForeignKey(
        Zone, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    year = models.PositiveSmallIntegerField()
    is_provisional = models.BooleanField()
    source = models.CharField(max_length=200, blank=True)
    # Drawn anew whenever a day of the year changes: processes see by it that their calendar is old.
    stamp = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        db_table = "calendar_year"
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "year"], name="calendar_year_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return str(self.year)


# The limits every zone begins with; what a room adds later is called as the zone calls it.
LIMIT_NAMES = {
    "appeal.start": _("First contact with the enterprise"),
    "appeal.reply": _("First reply to the enterprise"),
    "appeal.solve": _("Solve a request"),
    "appeal.hard": _("Solve a hard request"),
    "appeal.sign": _("An office signs for it"),
    "appeal.return": _("Give back and dispatch anew"),
    "appeal.visit_back": _("Return visit"),
    "appeal.ask_again": _("Ask again after it was solved"),
    "work.oversee": _("The head of the office is told"),
    "work.escalate": _("Overdue matters go to a zone leader"),
    "work.instruction": _("Carry out an instruction"),
}


class LimitRule(models.Model):
    """时限: how long something may take: data with a source and a mark, never a constant in code."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40, help_text="such as appeal.solve")
    name = models.CharField(max_length=60)
    count = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=20, choices=LimitUnit.choices)
    is_pausable = models.BooleanField(
        default=False, db_default=False, help_text="stops for the reasons of art. 45, Licensing Law"
    )
    amber_share = models.PositiveSmallIntegerField(
        default=75, help_text="percent of the limit used"
    )
    source = models.CharField(max_length=200, blank=True)
    mark = models.CharField(max_length=2, blank=True, help_text="A, V, S, B, C, U or D")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "limit_rule"
        constraints = [
            models.UniqueConstraint(fields=["zone", "code"], name="limit_rule_once_in_zone"),
            models.CheckConstraint(condition=Q(count__gt=0), name="limit_is_some_time"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def label(self) -> str:
        """Its name in the reader's language; a limit of the zone's own keeps the zone's word."""
        return str(LIMIT_NAMES.get(self.code, self.name))


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
