"""Sessions on a project, what they decided, what a leader is asked to decide, and weekly minutes."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Office, Post, Zone
from xiaoer.projects.models.reserve import Light, Project
from xiaoer.work.models import Task


class Consultation(models.Model):
    """逐企会诊: one joint session on one project: who sat there, what was found, what was decided."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="consultations")
    on = models.DateField()
    place = models.CharField(max_length=100, blank=True)
    chair = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    others = models.CharField(
        max_length=300, blank=True, help_text="who took part besides the zone's own people"
    )
    findings = models.CharField(max_length=2000, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True, help_text="its record is settled")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "consultation"
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["zone", "-on"], name="consultation_of_zone")]

    def __str__(self) -> str:
        return str(self.on)


class ConsultationMember(models.Model):
    """会诊参加人: somebody of the zone who took part in a session."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="members")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "consultation_member"
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "post"], name="consultation_member_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.post_id)


class DecisionAsk(models.Model):
    """提请拍板: a question only a leader decides, with its options; the wall shows the open ones."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="asks")
    question = models.CharField(max_length=300)
    options = ArrayField(models.CharField(max_length=200), default=list)
    asked_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    asked_at = models.DateTimeField()
    wanted_on = models.DateField(null=True, blank=True, help_text="to be decided by")
    decided_by = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(max_length=500, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "decision_ask"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True)
                | (Q(decided_by__isnull=False) & ~Q(decision="")),
                name="decision_ask_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="decision_ask_decided_or_withdrawn",
            ),
        ]
        indexes = [
            models.Index(
                fields=["zone", "wanted_on"],
                condition=Q(decided_at__isnull=True, withdrawn_at__isnull=True),
                name="decision_ask_open",
            )
        ]

    def __str__(self) -> str:
        return self.question


class Resolution(models.Model):
    """议定事项: what a session or a leader decided on a project: who does it by when, as a task."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="resolutions")
    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="resolutions", null=True, blank=True
    )
    ask = models.ForeignKey(
        DecisionAsk, on_delete=models.PROTECT, related_name="resolutions", null=True, blank=True
    )
    text = models.CharField(max_length=300)
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    due_on = models.DateField()
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        db_table = "resolution"
        ordering = ["id"]
        indexes = [models.Index(fields=["zone", "decided_at"], name="resolution_of_week")]

    def __str__(self) -> str:
        return self.text


class ProjectWeek(models.Model):
    """项目调度周: minutes of one week; generated, edited, issued as the meeting held it."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    monday = models.DateField()
    made_at = models.DateTimeField()
    refreshed_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=1000, blank=True, help_text="what the meeting decided")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "project_week"
        ordering = ["-monday"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "monday"], name="project_week_once_in_zone"),
            # 2 is Monday to PostgreSQL and Django.
            models.CheckConstraint(
                condition=Q(monday__week_day=2), name="project_week_begins_on_monday"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.monday}"


class ProjectLine(models.Model):
    """项目调度事项: one line of the minutes; ``source`` names the record it was generated from."""

    class Topic(models.TextChoices):
        RED = "red", _("red light")
        OVERDUE = "overdue", _("overdue")
        STAGE = "stage", _("stage entered")
        PROMISE = "promise", _("promise moved")
        STEP = "step", _("steps of the plan")
        NEED = "need", _("elements")
        DECISION = "decision", _("decided")
        HAND = "hand", _("put on by hand")

    class Change(models.TextChoices):
        FRESH = "fresh", _("new this week")
        SAME = "same", _("as last week")
        MOVED = "moved", _("changed since last week")
        DONE = "done", _("done")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    week = models.ForeignKey(ProjectWeek, on_delete=models.PROTECT, related_name="lines")
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    topic = models.CharField(max_length=8, choices=Topic.choices)
    source = models.CharField(max_length=40, blank=True, help_text="such as need:12")
    before = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    who = models.CharField(max_length=120)
    what = models.CharField(max_length=500)
    since = models.DateField()
    light = models.CharField(max_length=6, choices=Light.choices, default=Light.AMBER)
    change = models.CharField(max_length=5, choices=Change.choices, default=Change.FRESH)
    measure = models.CharField(max_length=500, blank=True)
    owner = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    due_on = models.DateField(null=True, blank=True)
    result = models.CharField(max_length=500, blank=True)
    is_done = models.BooleanField(default=False)
    is_kept = models.BooleanField(default=True, help_text="taken off the minutes: not printed")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "project_line"
        ordering = ["week", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["week", "source"], condition=~Q(source=""), name="project_line_once"
            )
        ]

    def __str__(self) -> str:
        return self.what
