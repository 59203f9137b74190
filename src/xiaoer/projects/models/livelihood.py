"""The livelihood list: what the zone promises its residents for a year, item by item."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Office, Post, StoredFile, Zone


class LivelihoodCategory(models.Model):
    """民生实事类别: a heading of a year's list, in the order it is published."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    order = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "livelihood_category"
        ordering = ["-year", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "year", "name"], name="livelihood_category_once_a_year"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LivelihoodItem(models.Model):
    """民生实事: one promise of a year's list, with who answers for it.

    ``subject`` says what is counted of it over the years, such as ``rural_sewage``; a target is in
    ``unit`` and for the whole year. Whether it is on schedule is read from its steps and never
    typed in. ``is_public``: it stands on the page residents read without signing in.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("under way")
        COMPLETED = "completed", _("finished")
        CARRIED = "carried", _("taken to the next year")
        DROPPED = "dropped", _("given up")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey(LivelihoodCategory, on_delete=models.PROTECT, related_name="items")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=80)
    promise = models.CharField(max_length=500, help_text="as it was promised")
    subject = models.SlugField(max_length=30, blank=True)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    leader = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    unit = models.CharField(max_length=20, blank=True)
    target = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    completed_on = models.DateField(null=True, blank=True)
    why = models.CharField(max_length=300, blank=True, help_text="why it was given up or goes on")
    carried_from = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="carried_to", null=True, blank=True
    )
    is_public = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "livelihood_item"
        ordering = ["-year", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "year", "number"], name="livelihood_item_number_once"
            ),
            models.CheckConstraint(
                condition=Q(state="completed", completed_on__isnull=False)
                | (~Q(state="completed") & Q(completed_on__isnull=True)),
                name="livelihood_item_completed_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["carried", "dropped"]) | ~Q(why=""),
                name="livelihood_item_ends_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(target__isnull=True) | (Q(target__gt=0) & ~Q(unit="")),
                name="livelihood_item_target_has_a_unit",
            ),
        ]
        indexes = [models.Index(fields=["zone", "subject", "year"], name="livelihood_item_subject")]

    def __str__(self) -> str:
        return self.name


class LivelihoodStep(models.Model):
    """民生实事节点: what is to be done of an item by a day, and when it was."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(LivelihoodItem, on_delete=models.PROTECT, related_name="steps")
    name = models.CharField(max_length=120)
    due_on = models.DateField()
    done_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "livelihood_step"
        ordering = ["due_on", "id"]

    def __str__(self) -> str:
        return self.name


class LivelihoodPlace(models.Model):
    """民生实事点位: a village, community, school or clinic an item is done at."""

    class Kind(models.TextChoices):
        VILLAGE = "village", _("village")
        COMMUNITY = "community", _("community")
        SCHOOL = "school", _("school")
        CLINIC = "clinic", _("clinic")
        OTHER = "other", _("other place")

    class Level(models.TextChoices):
        MUNICIPAL = "municipal", _("municipal")
        ZONE = "zone", _("of the zone")
        NONE = "none", _("no level")

    class State(models.TextChoices):
        IN_PROGRESS = "in_progress", _("under way")
        COMPLETED = "completed", _("finished")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(LivelihoodItem, on_delete=models.PROTECT, related_name="places")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=60)
    level = models.CharField(max_length=10, choices=Level.choices, default=Level.NONE)
    began_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.IN_PROGRESS)
    done_on = models.DateField(null=True, blank=True)
    was = models.CharField(max_length=40, blank=True, help_text="such as 小学")
    becomes = models.CharField(max_length=40, blank=True, help_text="such as 幼儿园")
    note = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "livelihood_place"
        ordering = ["kind", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "kind", "name"], name="livelihood_place_once_in_an_item"
            ),
            models.CheckConstraint(
                condition=Q(state="completed", done_on__isnull=False)
                | Q(state="in_progress", done_on__isnull=True),
                name="livelihood_place_completed_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | Q(done_on__gte=F("began_on")),
                name="livelihood_place_done_after_it_began",
            ),
        ]
        indexes = [
            models.Index(fields=["zone", "kind", "state"], name="livelihood_place_counted"),
        ]

    def __str__(self) -> str:
        return self.name


class LivelihoodFigure(models.Model):
    """民生实事进度数: what was reached from January to the end of a month, as it was reported.

    Nobody edits a reported figure: a correction is a new row that says which one it replaces, and why.
    """

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(LivelihoodItem, on_delete=models.PROTECT, related_name="figures")
    month = models.DateField(help_text="its first day")
    value = models.DecimalField(max_digits=14, decimal_places=3)
    note = models.CharField(max_length=300, blank=True)
    reported_at = models.DateTimeField()
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="replaced_by", null=True, blank=True
    )
    is_current = models.BooleanField(default=True, help_text="false once replaced")

    class Meta:
        db_table = "livelihood_figure"
        ordering = ["month", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "month"],
                condition=Q(is_current=True),
                name="livelihood_figure_once_a_month",
            ),
            models.CheckConstraint(
                condition=Q(month__day=1), name="livelihood_figure_month_is_its_first_day"
            ),
            models.CheckConstraint(condition=Q(value__gte=0), name="livelihood_figure_is_no_debt"),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(note=""),
                name="livelihood_figure_corrected_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.value}"


class LivelihoodPicture(models.Model):
    """民生实事照片: how an item or a place of it looked before, or looks after."""

    class Moment(models.TextChoices):
        BEFORE = "before", _("before the work")
        AFTER = "after", _("after the work")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(LivelihoodItem, on_delete=models.PROTECT, related_name="pictures")
    place = models.ForeignKey(
        LivelihoodPlace, on_delete=models.PROTECT, related_name="pictures", null=True, blank=True
    )
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    moment = models.CharField(max_length=6, choices=Moment.choices)
    words = models.CharField(max_length=120, blank=True)
    is_public = models.BooleanField(default=False)
    put_at = models.DateTimeField()
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "livelihood_picture"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.words or self.moment
