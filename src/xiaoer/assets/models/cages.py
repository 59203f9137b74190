"""Cage-change: idle and inefficient land and workshops, what is planned, what came in and gained."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaoer.assets.models.carriers import Parcel, Unit
from xiaoer.assets.models.moving import MoveIn
from xiaoer.base.models import Office, Post, Zone
from xiaoer.registry.models import Party
from xiaoer.work.models import Matter


class CageSite(models.Model):
    """腾笼换鸟地块: a parcel or unit that does too little, found by a rule or a person.

    ``found`` are the clauses and figures a rule found it by. Its plan hangs on ``matter``. A site
    found by a rule is a candidate until a person confirms it.
    """

    class State(models.TextChoices):
        CANDIDATE = "candidate", _("found, to be confirmed")
        CONFIRMED = "confirmed", _("confirmed")
        UNDER_WAY = "under_way", _("under way")
        DONE = "done", _("site changed")
        DISMISSED = "dismissed", _("not so")

    class Path(models.TextChoices):
        UPGRADE = "upgrade", _("the firm upgrades")
        LET = "let", _("let out")
        SOLD = "sold", _("sold or merged")
        TAKEN_BACK = "taken_back", _("taken back by the zone")
        JUDICIAL = "judicial", _("sold by the court")
        GRAFT = "graft", _("joined with a new investor")

    class Why(models.TextChoices):
        IDLE = "idle", _("idle")
        LOW_TAX = "low_tax", _("little tax per mu")
        LOW_POWER = "low_power", _("little power used")
        STOPPED = "stopped", _("production stopped")
        OTHER = "other", _("other")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    matter = models.OneToOneField(
        Matter, on_delete=models.PROTECT, related_name="cage_site", null=True
    )
    name = models.CharField(max_length=80)
    parcel = models.ForeignKey(
        Parcel, on_delete=models.PROTECT, related_name="cages", null=True, blank=True
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="cages", null=True, blank=True
    )
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="+", null=True, blank=True, help_text="there"
    )
    why = models.CharField(max_length=9, choices=Why.choices)
    found = models.JSONField(default=dict, blank=True)
    found_on = models.DateField()
    rule_version = models.BigIntegerField(null=True, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.CANDIDATE)
    path = models.CharField(max_length=10, choices=Path.choices, blank=True)
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    freed_m2 = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    move_in = models.OneToOneField(
        MoveIn, on_delete=models.PROTECT, related_name="cage", null=True, blank=True
    )
    came_in = models.CharField(max_length=120, blank=True, help_text="what came in instead")
    done_on = models.DateField(null=True, blank=True)
    dismissed_why = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "cage_site"
        constraints = [
            models.CheckConstraint(
                condition=Q(parcel__isnull=False, unit__isnull=True)
                | Q(parcel__isnull=True, unit__isnull=False),
                name="cage_site_is_land_or_a_unit",
            ),
            models.UniqueConstraint(
                fields=["parcel"],
                condition=~Q(state__in=["done", "dismissed"]),
                name="cage_site_of_parcel_once",
            ),
            models.UniqueConstraint(
                fields=["unit"],
                condition=~Q(state__in=["done", "dismissed"]),
                name="cage_site_of_unit_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="dismissed") | ~Q(dismissed_why=""),
                name="cage_site_dismissed_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["under_way", "done"]) | ~Q(path=""),
                name="cage_site_goes_a_way",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(done_on__isnull=False), name="cage_site_done_on"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CageGain(models.Model):
    """腾换成效: a figure of a site before and after: tax, output, jobs, power; with where it is from."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(CageSite, on_delete=models.PROTECT, related_name="gains")
    code = models.SlugField(max_length=40)
    unit_of = models.CharField(max_length=20)
    before = models.DecimalField(max_digits=16, decimal_places=3, null=True, blank=True)
    before_year = models.PositiveSmallIntegerField(null=True, blank=True)
    after = models.DecimalField(max_digits=16, decimal_places=3, null=True, blank=True)
    after_year = models.PositiveSmallIntegerField(null=True, blank=True)
    basis = models.CharField(max_length=200)

    class Meta:
        db_table = "cage_gain"
        constraints = [models.UniqueConstraint(fields=["site", "code"], name="cage_gain_once")]

    def __str__(self) -> str:
        return f"{self.site_id} {self.code}"
