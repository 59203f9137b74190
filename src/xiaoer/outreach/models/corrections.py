"""What an enterprise says is wrong in what the zone holds about it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Post, Zone
from xiaoer.facts.models import Value
from xiaoer.registry.models import Party
from xiaoer.work.models import Matter


class Correction(models.Model):
    """更正申请: the enterprise states what is right, and why; a person of the zone decides.

    Nothing changes by itself. Granted, a registration datum is changed by the registry's own verb;
    a figure gets a new reported version, and what statistics published stays beside it.
    """

    class About(models.TextChoices):
        REGISTRATION = "registration", _("registration data")
        FIGURE = "figure", _("figure")
        OTHER = "other", _("something else")

    class State(models.TextChoices):
        ASKED = "asked", _("being decided")
        GRANTED = "granted", _("granted")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="corrections")
    about = models.CharField(max_length=14, choices=About.choices)
    field = models.CharField(max_length=30, blank=True, help_text="column of the party")
    value = models.ForeignKey(
        Value, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    was = models.CharField(max_length=500, blank=True, help_text="as it was shown when asked")
    stated = models.CharField(max_length=500, help_text="what is right, as the enterprise says")
    reason = models.CharField(max_length=500)
    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_by = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    asked_name = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    decided_who = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    words = models.CharField(max_length=500, blank=True, help_text="what the enterprise is told")
    recorded = models.ForeignKey(
        Value, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "correction"
        constraints = [
            models.UniqueConstraint(
                fields=["party", "about", "field", "value"],
                condition=Q(state="asked") & ~Q(about="other"),
                nulls_distinct=False,
                name="correction_asked_once",
            ),
            models.CheckConstraint(
                condition=Q(about="registration", value__isnull=True) & ~Q(field="")
                | Q(about="figure", value__isnull=False, field="")
                | Q(about="other", value__isnull=True, field=""),
                name="correction_is_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(state="asked", decided_at__isnull=True)
                | ~Q(state="asked") & Q(decided_at__isnull=False),
                name="correction_decided_when_it_is_not_open",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(words=""),
                name="correction_declined_with_reasons",
            ),
        ]
        indexes = [
            models.Index(fields=["zone", "state", "-id"], name="correction_latest"),
            models.Index(fields=["party", "-id"], name="correction_of_party"),
        ]

    def __str__(self) -> str:
        return f"{self.party_id} {self.field}"
