"""Who stands beside a project: its leaders over time, visits to its site, ambassadors and pre-checks."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Post, Zone
from xiaoer.projects.models.reserve import Project
from xiaoer.registry.models import Party
from xiaoer.work.models import Contact, Task


class Charge(models.Model):
    """包保: who led a project, or looked after it as its officer, from a day to a day."""

    class Part(models.TextChoices):
        LEADER = "leader", _("leader")
        OFFICER = "officer", _("officer")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="charges")
    part = models.CharField(max_length=8, choices=Part.choices)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        db_table = "charge"
        ordering = ["-since", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "part"],
                condition=Q(until__isnull=True),
                name="charge_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="charge_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.part


class SiteVisit(models.Model):
    """现场走访: the weekly look at the site of a project: what was found, what is next.

    Help, never an inspection. Where people of the enterprise received it, it is a contact with the
    firm too and counts in its month (``contact``); on the ground with the builder alone it is not.
    """

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="site_visits")
    on = models.DateField()
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    found = models.CharField(max_length=1000)
    next_act = models.CharField(max_length=300, blank=True)
    task = models.ForeignKey(
        Task, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    at = models.DateTimeField()

    class Meta:
        db_table = "site_visit"
        ordering = ["-on", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(found=""), name="site_visit_found_something")
        ]
        indexes = [
            models.Index(fields=["zone", "-on"], name="site_visit_of_week"),
            models.Index(fields=["project", "-on"], name="site_visit_of_project"),
        ]

    def __str__(self) -> str:
        return str(self.on)


class Ambassador(models.Model):
    """服务大使: one person across departments for one matter of a firm or a project."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="ambassadors", null=True, blank=True
    )
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    topic = models.CharField(max_length=120, help_text="the matter, such as 施工许可")
    departments = ArrayField(
        models.CharField(max_length=60), default=list, help_text="between which the way leads"
    )
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "ambassador"
        ordering = ["-since", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(project__isnull=False) | Q(party__isnull=False),
                name="ambassador_of_somebody",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="ambassador_ends_after_it_begins",
            ),
        ]
        indexes = [
            models.Index(
                fields=["zone", "post"], condition=Q(until__isnull=True), name="ambassador_now"
            )
        ]

    def __str__(self) -> str:
        return self.topic


class PreCheck(models.Model):
    """预检: a paper or a name looked at before it is handed in; what was said stays."""

    class Result(models.TextChoices):
        FINE = "fine", _("fine")
        LACKS = "lacks", _("something is missing")
        PERSON = "person", _("needs a person to judge")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    ambassador = models.ForeignKey(Ambassador, on_delete=models.PROTECT, related_name="checks")
    what = models.CharField(max_length=120, help_text="a paper, or the name of a firm")
    result = models.CharField(max_length=8, choices=Result.choices)
    note = models.CharField(max_length=500, blank=True)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "pre_check"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(result="lacks") | ~Q(note=""), name="pre_check_says_what_is_missing"
            ),
        ]

    def __str__(self) -> str:
        return self.what
