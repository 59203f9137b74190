"""Numbers of applications, and how often somebody without a sign-in asked for one."""

from django.db import models

from xiaoer.base.models import Zone


class CaseCounter(models.Model):
    """受理编号: the last number given to a case of a zone in a year. Locked last, so shortly."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "case_counter"
        constraints = [
            models.UniqueConstraint(fields=["zone", "year"], name="case_counter_once_a_year"),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.last}"


class CaseLookup(models.Model):
    """查询尝试: one try to find a case by number and telephone; counted, so that nobody guesses.

    ``asker`` is a keyed hash of the network address; kept for a day.
    """

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    asker = models.CharField(max_length=64)
    number = models.CharField(max_length=30, help_text="what was asked for")
    at = models.DateTimeField()

    class Meta:
        db_table = "case_lookup"
        indexes = [
            models.Index(fields=["zone", "asker", "at"], name="case_lookup_by_asker"),
            models.Index(fields=["zone", "number", "at"], name="case_lookup_by_number"),
        ]

    def __str__(self) -> str:
        return self.number
