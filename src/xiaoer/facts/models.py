"""Tables of facts: what is measured, of whom, for when, and by whose word."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Post, StoredFile, Zone
from xiaoer.registry.models import Party


class Metric(models.Model):
    """指标: a figure's name, meaning, unit, kind and how it adds up. Shared by all zones."""

    class Kind(models.TextChoices):
        LEVEL = "level", _("level at a date")
        FLOW = "flow", _("flow over a period")
        GROWTH = "growth", _("growth on a year before")
        RANK = "rank", _("rank")
        RATIO = "ratio", _("ratio")
        TARGET = "target", _("target")

    class Adds(models.TextChoices):
        SUM = "sum", _("sum")
        LAST = "last", _("last value")
        NEVER = "never", _("does not add up")

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=120, blank=True)
    meaning = models.CharField(max_length=300, blank=True)
    unit = models.CharField(max_length=20, help_text="code in units, such as CNY_100m")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    adds = models.CharField(max_length=10, choices=Adds.choices, default=Adds.SUM)
    decimals = models.PositiveSmallIntegerField(default=2)
    higher_is_better = models.BooleanField(default=True)
    aliases = models.JSONField(default=list, help_text="other names in headings of sheets")
    never_negative = models.BooleanField(default=False, help_text="a sheet's -5 is refused")

    class Meta:
        db_table = "metric"
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["name"], name="metric_name_once")]

    def __str__(self) -> str:
        return self.code


class Source(models.Model):
    """来源: where values come from: an article, a bureau's monthly sheet, an enterprise."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    published_on = models.DateField(null=True, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True)

    class Meta:
        db_table = "source"
        constraints = [models.UniqueConstraint(fields=["zone", "name"], name="source_once_in_zone")]

    def __str__(self) -> str:
        return self.name


class Aspect(models.TextChoices):
    """口径: what a figure says of its metric. Growth is in per cent, a rank is a place."""

    VALUE = "value", _("value")
    GROWTH = "growth", _("growth on a year before")
    RANK = "rank", _("rank")
    TARGET = "target", _("target")


class Column(models.TextChoices):
    """类别: by whose word; the three stand side by side and never overwrite one another."""

    REPORTED = "reported", _("reported")
    ESTIMATED = "estimated", _("estimated")
    OFFICIAL = "official", _("official")


class SourceKind(models.TextChoices):
    """来源类型: where a fact comes from. What a firm says of itself never outweighs the others."""

    OFFICIAL = "official", _("official register")
    TAX = "tax", _("tax")
    AUDIT = "audit", _("audit")
    PLATFORM = "platform", _("platform")
    DECLARED = "declared", _("stated by the enterprise")
    STAFF = "staff", _("checked by staff")


class Attribute(models.Model):
    """情况: what is known of a firm that is no figure: yes or no, a day, one of some texts.

    ``word`` is a word of the dictionary. Rows are only ever added: another value known later is a
    correction, and one entered by mistake is taken back. "Checked, and it is not so" is ``False``; a
    word nobody looked into has no row. ``valid_from`` null: as long as anybody asks about.
    """

    # The unique constraint and the index below serve every key.
    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+", db_index=False)
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="attributes", db_index=False
    )
    word = models.CharField(max_length=60)
    flag = models.BooleanField(null=True)
    day = models.DateField(null=True)
    text = models.CharField(max_length=200, null=True)  # noqa: DJ001  (null: it is no text)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True, help_text="the last day it holds")
    source_kind = models.CharField(max_length=10, choices=SourceKind.choices)
    source = models.CharField(max_length=200)
    evidence = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    known_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "attribute"
        constraints = [
            models.CheckConstraint(
                condition=Q(flag__isnull=False, day__isnull=True, text__isnull=True)
                | Q(flag__isnull=True, day__isnull=False, text__isnull=True)
                | Q(flag__isnull=True, day__isnull=True, text__isnull=False) & ~Q(text=""),
                name="attribute_says_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                name="attribute_ends_after_it_begins",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="attribute_has_a_source"),
            models.CheckConstraint(
                condition=Q(source_kind__in=SourceKind.values), name="attribute_source_kind"
            ),
            models.UniqueConstraint(
                fields=["party", "word", "source_kind", "valid_from", "known_at"],
                condition=Q(withdrawn_at__isnull=True),
                name="attribute_known_once",
                nulls_distinct=False,
            ),
        ]
        indexes = [models.Index(fields=["zone", "word", "party"], name="attribute_by_word")]

    def __str__(self) -> str:
        return f"{self.party_id} {self.word}"


class FactImport(models.Model):
    """指标导入: one sheet of figures brought in: previewed, committed, perhaps taken back.

    A row is one figure of the sheet: a line of a list, or a filled cell of a sheet of enterprises.
    Read = created + updated + unchanged + rejected, always (a database constraint). Each sheet of a
    workbook is an import of its own.
    """

    class Layout(models.TextChoices):
        LIST = "list", _("list of indicators")
        MONTHS = "months", _("enterprises by months")
        INDICATORS = "indicators", _("enterprises by indicators")

    class State(models.TextChoices):
        PREVIEWED = "previewed", _("previewed")
        QUEUED = "queued", _("queued")
        RUNNING = "running", _("running")
        FAILED = "failed", _("failed")
        COMMITTED = "committed", _("committed")
        UNDONE = "undone", _("taken back")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True)
    file_name = models.CharField(max_length=200)
    sheet = models.CharField(max_length=100, blank=True)
    layout = models.CharField(max_length=10, choices=Layout.choices, default=Layout.LIST)
    metric = models.ForeignKey(Metric, on_delete=models.PROTECT, related_name="+", null=True)
    column = models.CharField(max_length=10, choices=Column.choices, default=Column.REPORTED)
    period = models.CharField(
        max_length=30, blank=True, help_text="what the sheet is of: 2026年10月"
    )
    mapping = models.JSONField(default=dict, help_text="column index to field key, by a person")
    answers = models.JSONField(default=dict, help_text="what a person said to what was asked")
    seen = models.JSONField(
        default=dict, help_text="columns, open questions, unknown names, sheets"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREVIEWED)
    read = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0, help_text="corrections")
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(
        default=0, help_text="titles, totals, notes, blank lines"
    )
    warned = models.PositiveIntegerField(default=0, help_text="good rows a person should look at")
    kept_back = models.JSONField(default=list, help_text="what an undo left, each with its reason")
    goal = models.CharField(
        max_length=10, blank=True, help_text="what a job is to do: look, commit"
    )
    phase = models.CharField(max_length=10, blank=True, help_text="reading, checking, writing")
    message = models.CharField(max_length=500, blank=True, help_text="why a job could not do it")
    at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "fact_import"
        constraints = [
            models.CheckConstraint(
                condition=Q(read=F("created") + F("updated") + F("unchanged") + F("rejected")),
                name="fact_import_loses_no_row",
            ),
        ]
        indexes = [models.Index(fields=["zone", "-id"], name="fact_import_latest")]

    def __str__(self) -> str:
        return self.file_name


class Value(models.Model):
    """数值: one figure of one subject for one period, in one of three columns.

    Bitemporal: ``known_at`` says since when it is known; a correction is a new row and the old one
    stays. Nothing of a row ever changes but ``withdrawn_at``: a row of a mistaken sheet is taken
    back by it and is then as if never known. ``low`` and ``high`` are equal for a plain value; one
    is empty for a bound (≥, >). The number is kept in the aspect's unit, times ten to ``SCALE``, as
    an integer, so that sums stay exact and use their index under row security.
    """

    SCALE = 4
    Column = Column
    Aspect = Aspect

    # No index of its own for any key: sixty million rows carry each, and those below serve.
    # Nor is the zone checked by itself: a value refers to a source within the zone, never empty.
    zone = models.ForeignKey(
        Zone, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    metric = models.ForeignKey(Metric, on_delete=models.PROTECT, related_name="+", db_index=False)
    aspect = models.CharField(max_length=10, choices=Aspect.choices, default=Aspect.VALUE)
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, null=True, blank=True, db_index=False
    )
    dimension = models.CharField(max_length=120, blank=True, help_text="such as peer=任城区")
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="the same day as starts_on for a level at a date")
    column = models.CharField(max_length=10, choices=Column.choices)
    low = models.BigIntegerField(null=True)
    high = models.BigIntegerField(null=True)
    is_open = models.BooleanField(default=False, help_text="True: the bound itself is excluded")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, db_index=False)
    external_ref = models.CharField(max_length=60, blank=True)
    known_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    import_run = models.ForeignKey(
        FactImport,
        on_delete=models.PROTECT,
        related_name="values",
        null=True,
        blank=True,
        db_index=False,
    )
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "value"
        constraints = [
            models.CheckConstraint(
                condition=Q(low__isnull=False) | Q(high__isnull=False), name="value_says_something"
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="value_period"),
            # Its order also serves the refreshing of one month's rollup.
            models.UniqueConstraint(
                fields=[
                    "zone",
                    "metric",
                    "ends_on",
                    "starts_on",
                    "aspect",
                    "column",
                    "dimension",
                    "party",
                    "known_at",
                ],
                condition=Q(withdrawn_at__isnull=True),
                name="value_known_once",
                nulls_distinct=False,
            ),
        ]
        indexes = [
            models.Index(
                fields=["zone", "metric", "ends_on"],
                condition=Q(party__isnull=True),
                name="value_of_zone",
            ),
            models.Index(fields=["party", "metric", "ends_on"], name="value_of_party"),
            models.Index(
                fields=["zone", "import_run"],
                condition=Q(import_run__isnull=False),
                name="value_of_import",
            ),
            # A day of the past still counts what was taken back since.
            models.Index(
                fields=["zone", "metric", "ends_on"],
                condition=Q(withdrawn_at__isnull=False),
                name="value_taken_back",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric_id} {self.starts_on}"


class ValueReference(models.Model):
    """原文编号: where a source states a value. Several references may state the same one."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    value = models.ForeignKey(Value, on_delete=models.PROTECT, related_name="references")
    external_ref = models.CharField(max_length=60)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    import_run = models.ForeignKey(FactImport, on_delete=models.PROTECT, null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "value_reference"
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "external_ref", "value"], name="reference_once_a_value"
            ),
        ]

    def __str__(self) -> str:
        return self.external_ref


class FactImportRow(models.Model):
    """导入行: what became of one figure of a sheet; unchanged ones are only counted."""

    class Outcome(models.TextChoices):
        CREATED = "created", _("new")
        UPDATED = "updated", _("correction")
        UNCHANGED = "unchanged", _("unchanged")
        REJECTED = "rejected", _("rejected")

    class Warning(models.TextChoices):
        SLIP = "slip", _("ten, a hundred … times the last period")
        SIGN = "sign", _("other sign than the last period")
        ZERO = "zero", _("zero where it was not")
        FALLS = "falls", _("cumulative figure below the month before")
        SUM = "sum", _("months do not add up to the cumulative figure")
        RANGE = "range", _("beyond what the firm had in its last year")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    run = models.ForeignKey(FactImport, on_delete=models.PROTECT, related_name="rows")
    row_no = models.PositiveIntegerField(help_text="as counted in the sheet, from 1")
    place = models.CharField(max_length=60, blank=True, help_text="heading of the cell")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    what = models.CharField(max_length=200, help_text="the figure in words")
    reason = models.CharField(max_length=300, blank=True)
    advice = models.CharField(max_length=300, blank=True)
    warning = models.CharField(max_length=10, choices=Warning.choices, blank=True)
    metric = models.ForeignKey(
        Metric, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    low = models.BigIntegerField(null=True, help_text="the figure, scaled like a value")
    was = models.BigIntegerField(null=True, help_text="what it corrects")
    last = models.BigIntegerField(null=True, help_text="what the warning compares it with")

    class Meta:
        db_table = "fact_import_row"
        indexes = [
            models.Index(fields=["zone", "run", "outcome", "id"], name="fact_import_row_order")
        ]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.row_no}"


class FirmAlias(models.Model):
    """名称对照: the enterprise that a name in sheets means, as a person once chose it."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    folded = models.CharField(max_length=120, help_text="the name without marks, forms made equal")
    name = models.CharField(max_length=120, help_text="as the sheet wrote it")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    learned_at = models.DateTimeField()

    class Meta:
        db_table = "firm_alias"
        constraints = [
            models.UniqueConstraint(fields=["zone", "folded"], name="firm_alias_once_in_zone")
        ]

    def __str__(self) -> str:
        return self.name


class Rollup(models.Model):
    """汇总: what enterprises' values of a month add up to in a zone; refreshed for what changed."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    metric = models.ForeignKey(Metric, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    column = models.CharField(max_length=10, choices=Column.choices)
    total = models.BigIntegerField(help_text="sum of the lower ends, scaled like a value")
    parties = models.PositiveIntegerField()
    bounded = models.PositiveIntegerField(default=0, help_text="of these, known only from below")
    refreshed_at = models.DateTimeField()

    class Meta:
        db_table = "rollup"
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "metric", "starts_on", "ends_on", "column"], name="rollup_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric_id} {self.starts_on}"
