"""The weekly dispatch: what is on the sheet of a week, and what became of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Post, Zone
from xiaoer.growth.models.campaigns import Target
from xiaoer.growth.models.watching import Alert
from xiaoer.registry.models import Party


class DispatchWeek(models.Model):
    """调度周: the sheet of one week; generated, edited for the meeting, then closed as it was held."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    monday = models.DateField()
    made_at = models.DateTimeField()
    refreshed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True, help_text="what the meeting decided")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "dispatch_week"
        ordering = ["-monday"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "monday"], name="dispatch_week_once_in_zone"),
            # 2 is Monday to PostgreSQL and Django.
            models.CheckConstraint(
                condition=Q(monday__week_day=2), name="dispatch_week_begins_on_monday"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.monday}"


class DispatchLine(models.Model):
    """调度事项: one line of a week's sheet: who, what, since when, measure, owner, due, result.

    A line about an alert or a target reads from it until the week is closed; then it stays as it was.
    """

    class Light(models.TextChoices):
        RED = "red", _("red")
        AMBER = "amber", _("amber")
        GREEN = "green", _("green")
        GREY = "grey", _("grey")

    class Change(models.TextChoices):
        FRESH = "fresh", _("new this week")
        SAME = "same", _("as last week")
        MOVED = "moved", _("changed since last week")
        DONE = "done", _("done")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    week = models.ForeignKey(DispatchWeek, on_delete=models.PROTECT, related_name="lines")
    alert = models.ForeignKey(
        Alert, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    target = models.ForeignKey(
        Target, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    before = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    who = models.CharField(max_length=120)
    what = models.CharField(max_length=300)
    since = models.DateField()
    light = models.CharField(max_length=5, choices=Light.choices, default=Light.AMBER)
    change = models.CharField(max_length=5, choices=Change.choices, default=Change.FRESH)
    measure = models.CharField(max_length=500, blank=True)
    owner = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    due_on = models.DateField(null=True, blank=True)
    result = models.CharField(max_length=500, blank=True)
    is_done = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "dispatch_line"
        ordering = ["week", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["week", "alert"],
                condition=Q(alert__isnull=False),
                name="dispatch_line_once_of_an_alert",
            ),
            models.UniqueConstraint(
                fields=["week", "target"],
                condition=Q(target__isnull=False),
                name="dispatch_line_once_of_a_target",
            ),
            models.CheckConstraint(
                condition=Q(alert__isnull=True) | Q(target__isnull=True),
                name="dispatch_line_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return self.what
