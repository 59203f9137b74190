"""One-thing definitions: the thing, and its versions."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Office, Post, Zone


class Thing(models.Model):
    """一件事: something people want done, that takes one authority or several.

    A single item (单个事项) is a thing with one item; those decided without a person are such.
    """

    class Target(models.TextChoices):
        FIRM = "firm", _("firms")
        PERSON = "person", _("natural persons")
        BOTH = "both", _("firms and natural persons")

    class Kind(models.TextChoices):
        ONE_THING = "one_thing", _("one thing")
        SINGLE = "single", _("single item")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.ONE_THING)
    target = models.CharField(max_length=8, choices=Target.choices, default=Target.FIRM)
    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        help_text="牵头部门",
    )
    summary = models.CharField(max_length=300, blank=True)
    summary_en = models.CharField(max_length=300, blank=True)
    batch = models.CharField(max_length=60, blank=True, help_text="which published list it is of")
    is_value_added = models.BooleanField(default=False, help_text="增值服务事项")
    created_on = models.DateField(help_text="day the zone took it up")
    ended_on = models.DateField(null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "thing"
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["zone", "code"], name="thing_once")]

    def __str__(self) -> str:
        return self.name


class ThingVersion(models.Model):
    """定义版本: what is asked, done and given. ``body`` is ``permits.definition.Definition``.

    A draft changes; once live it never does (a trigger refuses), and two live versions of a thing
    never speak on the same day.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        LIVE = "live", _("in force")
        RETIRED = "retired", _("no longer used")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    thing = models.ForeignKey(Thing, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    body = models.JSONField()
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True, help_text="last day it speaks")
    basis = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=300, blank=True)
    mark = models.CharField(max_length=2, blank=True, help_text="A, V, S, B, C, U or D")
    note = models.CharField(max_length=500, blank=True, help_text="what is unverified in it")
    written_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    released_by = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    released_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "thing_version"
        ordering = ["thing", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["thing", "number"], name="thing_version_once"),
            models.UniqueConstraint(
                fields=["thing"],
                condition=Q(state="live", valid_until__isnull=True),
                name="thing_version_one_open_end",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(valid_from__isnull=False),
                name="thing_version_speaks_from_a_day",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="thing_version_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.thing_id}/{self.number}"
