"""The working calendar and the limits reckoned with it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Zone
from xiaoer.work.clocks import LimitUnit


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
    "visit.log": _("Log a visit without saying why so late"),
    "acceptance.papers": _("Check the papers of a joint acceptance"),
    "acceptance.visit": _("Be on the site of a joint acceptance"),
    "acceptance.window": _("The window of joint acceptance goes on"),
    "acceptance.list": _("Send the list of defects"),
    "acceptance.recheck": _("Look at defects again"),
    "acceptance.decide": _("Issue the result of a check"),
    "acceptance.filing": _("File the completion"),
    "element.near": _("Before the day of an element or a promise"),
    "project.backdate": _("Report a project's stage without asking to back-date it"),
    "permit.draft": _("Keep the draft of an application"),
    "permit.bad_rating": _("Look into a bad rating and answer it"),
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
