"""Levelling: all open plans laid out under what the zone has few of, by a job, for a person to take."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Post, Zone


class Levelling(models.Model):
    """排程: a search for days on which all open plans have the resources they need.

    ``best`` is kept while it runs, so that stopping it, or a killed server, loses nothing: the first
    day of each step that competes; the days of all others follow. ``told_at`` moves while somebody is
    really at it. Costs are working days by which plans end later than without limits, a day beyond
    the promised one a hundred times. It changes no plan until a person takes it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for its turn")
        RUNNING = "running", _("searching")
        DONE = "done", _("ready")
        FAILED = "failed", _("failed")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    seconds = models.PositiveSmallIntegerField(default=30)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    wants_stop = models.BooleanField(default=False, db_default=False)
    percent = models.PositiveSmallIntegerField(default=0)
    plans = models.PositiveIntegerField(default=0, help_text="open plans laid out")
    better = models.PositiveIntegerField(default=0, help_text="how often a better one was found")
    cost = models.BigIntegerField(null=True, blank=True)
    bound = models.BigIntegerField(default=0, help_text="the cost cannot be less")
    best = models.JSONField(default=dict, help_text="{step: first day} of those that compete")
    beyond = models.JSONField(default=list, help_text="steps that want more than there is")
    message = models.CharField(max_length=500, blank=True)
    asked_at = models.DateTimeField()
    told_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "levelling"
        indexes = [models.Index(fields=["zone", "-id"], name="levelling_latest")]
        constraints = [
            models.CheckConstraint(condition=Q(percent__lte=100), name="levelling_percent"),
            models.CheckConstraint(
                condition=Q(state__in=["done", "failed"], finished_at__isnull=False)
                | ~Q(state__in=["done", "failed"]) & Q(finished_at__isnull=True),
                name="levelling_ends_once",
            ),
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True) | Q(state="done"),
                name="levelling_taken_when_ready",
            ),
            models.UniqueConstraint(
                fields=["zone"],
                condition=Q(state__in=["waiting", "running"]),
                name="levelling_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return str(self.State(self.state).label)
