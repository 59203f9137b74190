"""Programmes, their days, and visits."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Post, Zone
from xiaoer.registry.models import Party
from xiaoer.work.models import Contact


class Programme(models.Model):
    """走访活动: under what name visits are made: 日常走访, 企业走访日, 企业问题收集日, 会诊, 入企调研."""

    class Kind(models.TextChoices):
        ROUTINE = "routine", _("routine visits")
        LEADERS_DAY = "leaders_day", _("leaders' visit day")
        PROBLEM_DAY = "problem_day", _("problem day")
        CAMPAIGN = "campaign", _("campaign")
        CONSULTATION = "consultation", _("consultation")
        SURVEY = "survey", _("public survey visit")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "programme"
        constraints = [
            models.UniqueConstraint(fields=["zone", "code"], name="programme_code_once_in_zone"),
        ]

    def __str__(self) -> str:
        return self.name


class Gathering(models.Model):
    """活动日: one day of a programme (a leaders' visit day, a problem day)."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        ANNOUNCED = "announced", _("announced")
        HELD = "held", _("held")
        CLOSED = "closed", _("closed with results")
        CANCELLED = "cancelled", _("cancelled")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="days")
    day = models.DateField()
    place = models.CharField(max_length=100, blank=True)
    note = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.PLANNED)
    announced_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    result = models.CharField(
        max_length=1000, blank=True, help_text="what came of it, or why it was cancelled"
    )
    version = models.PositiveIntegerField(default=1, db_default=1)

    class Meta:
        db_table = "gathering"
        constraints = [
            models.UniqueConstraint(fields=["programme", "day"], name="gathering_once_a_day"),
            models.CheckConstraint(
                condition=Q(state__in=["closed", "cancelled"], ended_at__isnull=False)
                & ~Q(result="")
                | ~Q(state__in=["closed", "cancelled"]) & Q(ended_at__isnull=True),
                name="gathering_ends_with_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}"


class Visit(models.Model):
    """走访: who went, when, whom they met, what was said. A visit is never an inspection.

    A correction is a new version: it names the visit it replaces, and questions count the newest.
    """

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="visits")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="visits")
    gathering = models.ForeignKey(
        Gathering, on_delete=models.PROTECT, related_name="visits", null=True, blank=True
    )
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    visited_on = models.DateField()
    met = models.CharField(max_length=120)
    said = models.TextField(blank=True)
    logged_at = models.DateTimeField()
    # What it used up of the enterprise's quota; none where the enterprise itself came to us.
    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, related_name="visits", null=True, blank=True
    )
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )

    class Meta:
        db_table = "visit"
        indexes = [
            models.Index(fields=["zone", "-visited_on", "-id"], name="visit_latest"),
            models.Index(fields=["party", "-visited_on"], name="visit_of_party"),
        ]

    def __str__(self) -> str:
        return f"{self.visited_on} {self.party_id}"


class Companion(models.Model):
    """同访: another post that went along on a visit."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="companions")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "companion"
        constraints = [models.UniqueConstraint(fields=["visit", "post"], name="companion_once")]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.post_id}"
