"""The one table of the demo: whom a stranger may be."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Account


class Persona(models.Model):
    """演示人物: an invented person at whose desk a stranger may sit down without a password.

    Outside row security, because it is read before anybody acts. ``zone_code`` is a plain word for
    the filter; it is empty for the city.
    """

    class Side(models.TextChoices):
        """Which chip of the sign-in page shows a persona."""

        ZONE = "zone", _("in a zone")
        OUTSIDE = "outside", _("enterprises and others")

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="persona")
    order = models.PositiveSmallIntegerField(unique=True)
    name = models.CharField(max_length=60)
    job = models.CharField(max_length=60)
    job_en = models.CharField(max_length=60)
    place = models.CharField(max_length=60)
    place_en = models.CharField(max_length=60)
    icon = models.CharField(max_length=40)
    zone_code = models.CharField(max_length=20, blank=True)
    side = models.CharField(max_length=10, choices=Side.choices, default=Side.ZONE)

    class Meta:
        db_table = "persona"
        ordering: ClassVar = ["order"]

    def __str__(self) -> str:
        return self.name
