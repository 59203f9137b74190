"""Visits to the site: one for several items of a case, by two officers each, with one list of
defects."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Post, Zone
from xiaoer.permits.models.cases import Case, CaseItem, CaseStep
from xiaoer.work.models import Task


class CaseVisit(models.Model):
    """联合踏勘: one visit to the site for all items of a case that need one.

    It begins with the applicant's word that the place is ready; the visit stops no clock.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("the applicant is ready")
        BOOKED = "booked", _("booked")
        DONE = "done", _("done")
        RECHECK = "recheck", _("to be checked again")
        ENDED = "ended", _("ended")
        DROPPED = "dropped", _("no longer needed")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="visits")
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    ready_at = models.DateTimeField(null=True, blank=True, help_text="the applicant said so")
    on = models.DateField(null=True, blank=True, help_text="day agreed on")
    place = models.CharField(max_length=200, blank=True)
    booked_at = models.DateTimeField(null=True, blank=True)
    visited_at = models.DateTimeField(null=True, blank=True)
    task = models.ForeignKey(
        Task, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "case_visit"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state__in=["asked", "booked"]),
                name="case_visit_one_to_come",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["booked", "done", "recheck"]) | Q(on__isnull=False),
                name="case_visit_booked_for_a_day",
            ),
        ]
        indexes = [models.Index(fields=["zone", "on", "id"], name="case_visit_by_day")]

    def __str__(self) -> str:
        return str(self.on or "")


class CaseVisitPart(models.Model):
    """核查意见: what two officers found for one item; the second is never the first."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    visit = models.ForeignKey(CaseVisit, on_delete=models.PROTECT, related_name="parts")
    item = models.ForeignKey(CaseItem, on_delete=models.PROTECT, related_name="+")
    step = models.ForeignKey(CaseStep, on_delete=models.PROTECT, related_name="+", null=True)
    first = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    second = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    passed = models.BooleanField(null=True, blank=True)
    words = models.CharField(max_length=1000, blank=True)
    recorded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "case_visit_part"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["visit", "item"], name="case_visit_part_once"),
            models.CheckConstraint(
                condition=Q(passed__isnull=True)
                | (Q(first__isnull=False) & Q(second__isnull=False) & ~Q(first=F("second"))),
                name="case_visit_part_by_two_officers",
            ),
        ]

    def __str__(self) -> str:
        return str(self.item_id)


class CaseDefect(models.Model):
    """整改事项: one point the visit found wanting, told once, checked again after the repair."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    visit = models.ForeignKey(CaseVisit, on_delete=models.PROTECT, related_name="defects")
    item = models.ForeignKey(CaseItem, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=300)
    clause = models.CharField(max_length=200, blank=True)
    due_on = models.DateField(null=True, blank=True)
    repaired_at = models.DateTimeField(null=True, blank=True, help_text="as the applicant says")
    is_fixed = models.BooleanField(null=True, blank=True, help_text="as two officers found")
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "case_defect"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_fixed__isnull=True) | Q(checked_at__isnull=False),
                name="case_defect_checked_at_some_time",
            ),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def waits_for_repair(self) -> bool:
        """Nobody said yet that it is repaired, or it was said and found not to be so."""
        if self.is_fixed:
            return False
        if self.repaired_at is None:
            return True
        return self.checked_at is not None and self.checked_at >= self.repaired_at
