"""Parks, grids, cells and who answers for a cell."""

from django.db import models
from django.db.models import F, Q

from xiaoer.base.models import Office, Post, Zone


class Park(models.Model):
    """园区: one of the parks of a zone (一区多园), with the body that runs it."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    operator = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, blank=True)
    outline = models.JSONField(null=True, blank=True, help_text="GeoJSON geometry")

    class Meta:
        db_table = "park"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "code"], name="park_code_once_in_zone")
        ]

    def __str__(self) -> str:
        return self.name


class Grid(models.Model):
    """总网格: the upper of the two levels into which a zone divides its enterprises."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=60)

    class Meta:
        db_table = "grid"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "code"], name="grid_code_once_in_zone")
        ]

    def __str__(self) -> str:
        return self.name


class Cell(models.Model):
    """单元网格: the place an enterprise of the zone belongs to, in exactly one."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    grid = models.ForeignKey(Grid, on_delete=models.PROTECT, related_name="cells")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    outline = models.JSONField(null=True, blank=True, help_text="GeoJSON geometry, WGS 84")

    class Meta:
        db_table = "cell"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "code"], name="cell_code_once_in_zone")
        ]

    def __str__(self) -> str:
        return self.name


class CellDuty(models.Model):
    """网格责任: which post answers for a cell, from a day to a day."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    cell = models.ForeignKey(Cell, on_delete=models.PROTECT, related_name="duties")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        db_table = "cell_duty"
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="cell_duty_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["cell", "post"],
                condition=Q(until__isnull=True),
                name="cell_duty_once_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} {self.cell_id}"
