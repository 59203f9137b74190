"""What projects and firms wait for: land, money, power, people; and what the zone promised them."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Office, Post, Zone
from xiaoer.projects.models.reserve import Project
from xiaoer.registry.models import Party
from xiaoer.work.models import Matter


class ElementKind(models.TextChoices):
    """要素: what a project cannot be built or run without."""

    LAND = "land", _("land")
    MONEY = "money", _("money")
    POWER = "power", _("power")
    GAS = "gas", _("gas")
    WATER = "water", _("water")
    HEAT = "heat", _("heat")
    LABOUR = "labour", _("labour")
    PERMIT = "permit", _("permits")


# In what an amount of each kind is given and counted.
ELEMENT_UNITS = {
    ElementKind.LAND: _("mu"),
    ElementKind.MONEY: _("10,000 yuan"),
    ElementKind.POWER: _("kVA"),
    ElementKind.GAS: _("m³ a day"),
    ElementKind.WATER: _("m³ a day"),
    ElementKind.HEAT: _("t/h"),
    ElementKind.LABOUR: _("people"),
    ElementKind.PERMIT: _("permits"),
}


class ElementNeed(models.Model):
    """要素需求: what is needed by when, who answers; of a project, or of a firm by itself.

    ``amount`` is in the unit of its kind (亩, 万元, kVA, m³ a day, t/h, people). While it is not
    there, steps of the project's plan that need it are blocked. ``promised_on`` is what the one who
    answers promised; the zone's own promise has its own red light. ``ready_amount`` is what really
    came, and what is counted. ``origin`` is the matter it was opened from, such as a firm's request.
    """

    class State(models.TextChoices):
        NEEDED = "needed", _("needed")
        PROMISED = "promised", _("promised")
        READY = "ready", _("there")
        DROPPED = "dropped", _("no longer needed")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="needs", null=True, blank=True
    )
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    kind = models.CharField(max_length=8, choices=ElementKind.choices)
    what = models.CharField(max_length=120, help_text="such as 10 kV 接入")
    amount = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    is_standard_land = models.BooleanField(default=False, help_text="标准地")
    needed_on = models.DateField()
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    answerer = models.CharField(max_length=60, blank=True, help_text="such as 供电公司")
    state = models.CharField(max_length=8, choices=State.choices, default=State.NEEDED)
    promised_on = models.DateField(null=True, blank=True)
    is_zone_promise = models.BooleanField(default=False)
    ready_on = models.DateField(null=True, blank=True)
    ready_amount = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    origin = models.ForeignKey(
        Matter, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    note = models.CharField(max_length=500, blank=True)
    opened_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "element_need"
        constraints = [
            models.CheckConstraint(
                condition=Q(project__isnull=False) | Q(party__isnull=False),
                name="element_need_is_somebodys",
            ),
            models.CheckConstraint(
                condition=Q(state="ready", ready_on__isnull=False)
                | (~Q(state="ready") & Q(ready_on__isnull=True)),
                name="element_need_ready_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="promised") | Q(promised_on__isnull=False),
                name="element_need_promised_for_a_day",
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gt=0), name="element_need_is_some"
            ),
            models.CheckConstraint(
                condition=Q(ready_amount__isnull=True) | Q(ready_amount__gt=0, state="ready"),
                name="element_need_came_when_ready",
            ),
        ]
        indexes = [
            models.Index(fields=["project", "kind"], name="element_need_of_project"),
            models.Index(
                fields=["zone", "needed_on"],
                condition=Q(state__in=["needed", "promised"]),
                name="element_need_open",
            ),
            models.Index(fields=["zone", "kind", "ready_on"], name="element_need_solved"),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def due_on(self) -> date:
        """The day it is overdue after: when it is needed, or promised for an earlier one.

        A promise for a later day excuses nothing: what is needed and not there is late.
        """
        return min(self.needed_on, self.promised_on or self.needed_on)


class ZonePromise(models.Model):
    """政府承诺: what the zone itself promised a project or a firm, by which day."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="zone_promises", null=True, blank=True
    )
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    what = models.CharField(max_length=200)
    promised_on = models.DateField()
    first_promised_on = models.DateField()
    document = models.CharField(max_length=200, blank=True)
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    kept_on = models.DateField(null=True, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)
    opened_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "zone_promise"
        constraints = [
            models.CheckConstraint(
                condition=Q(project__isnull=False) | Q(party__isnull=False),
                name="zone_promise_is_to_somebody",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | Q(kept_on__isnull=True),
                name="zone_promise_kept_or_withdrawn",
            ),
            models.CheckConstraint(
                condition=Q(promised_on__gte=F("first_promised_on")) | ~Q(note=""),
                name="zone_promise_moved_forward_says_why",
            ),
        ]
        indexes = [
            models.Index(
                fields=["zone", "promised_on"],
                condition=Q(kept_on__isnull=True, withdrawn_on__isnull=True),
                name="zone_promise_open",
            ),
        ]

    def __str__(self) -> str:
        return self.what


class DayMove(models.Model):
    """答复改期: a day somebody answered with, said anew; what was said before is never lost."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    need = models.ForeignKey(
        ElementNeed, on_delete=models.PROTECT, related_name="moves", null=True, blank=True
    )
    promise = models.ForeignKey(
        ZonePromise, on_delete=models.PROTECT, related_name="moves", null=True, blank=True
    )
    before_on = models.DateField()
    promised_on = models.DateField()
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        db_table = "day_move"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(need__isnull=False, promise__isnull=True)
                | Q(need__isnull=True, promise__isnull=False),
                name="day_move_of_one_answer",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="day_move_says_why"),
        ]
        indexes = [models.Index(fields=["zone", "at"], name="day_move_of_week")]

    def __str__(self) -> str:
        return str(self.promised_on)
