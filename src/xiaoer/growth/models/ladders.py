"""Tables of the ladders: what the zone sets, who stands where, what only a person decides."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Post, StoredFile, Zone
from xiaoer.registry.models import Party


class Ladder(models.TextChoices):
    """梯: of business (种子 to 链主), of technology, of specialisation."""

    BUSINESS = "business", _("business ladder")
    TECHNOLOGY = "technology", _("technology ladder")
    SPECIALISATION = "specialisation", _("specialisation ladder")


class Path(models.TextChoices):
    """入库途径: by which of the statistics office's routes a firm enters the register."""

    MONTHLY = "monthly", _("monthly entry")
    JAN_FEB = "jan_feb", _("January and February batch")
    YEARLY = "yearly", _("yearly entry")


class Sector(models.TextChoices):
    """四上行业: the statistical sectors, as the word ``stat_sector`` names them."""

    INDUSTRY = "industry", _("industry")
    CONSTRUCTION = "construction", _("construction")
    WHOLESALE = "wholesale", _("wholesale")
    RETAIL = "retail", _("retail")
    HOTEL = "hotel", _("hotels")
    CATERING = "catering", _("catering")
    REALESTATE_DEV = "realestate_dev", _("real estate development")
    SERVICE_2000 = "service_2000", _("services from 20 million")
    SERVICE_1000 = "service_1000", _("services from 10 million")
    SERVICE_500 = "service_500", _("services from 5 million")


MARKS = [(mark, mark) for mark in "ABCUD"]


class LadderParameter(models.Model):
    """梯队参数: one number or choice the zone sets for its ladders, with source and mark.

    What it was at any moment stands in its changes; rules read it as a word of the same name.
    """

    class Kind(models.TextChoices):
        NUMBER = "number", _("number")
        FLAG = "flag", _("yes or no")
        CHOICE = "choice", _("choice")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    meaning = models.CharField(max_length=300, blank=True)
    meaning_en = models.CharField(max_length=400, blank=True)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.NUMBER)
    number = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    text = models.CharField(max_length=20, blank=True, help_text="the code of a choice")
    choices = models.JSONField(default=list, help_text="of a choice: [code, Chinese, English]")
    unit = models.CharField(max_length=20, blank=True, help_text="as of words: share, month, CNY")
    least = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    most = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    source = models.CharField(max_length=200, blank=True)
    mark = models.CharField(max_length=1, choices=MARKS)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "ladder_parameter"
        ordering = ["order", "code"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "code"], name="ladder_parameter_once_in_zone"),
            models.CheckConstraint(
                condition=Q(kind="choice", number__isnull=True) & ~Q(text="")
                | ~Q(kind="choice") & Q(number__isnull=False, text=""),
                name="ladder_parameter_has_its_value",
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=True)
                | (Q(least__isnull=True) | Q(number__gte=F("least")))
                & (Q(most__isnull=True) | Q(number__lte=F("most"))),
                name="ladder_parameter_within_bounds",
            ),
            models.CheckConstraint(
                condition=~Q(kind="flag") | Q(number__in=[0, 1]), name="ladder_parameter_flag"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def value(self) -> str:
        """The value as it is typed and kept: 0.7, 1, list."""
        return self.text if self.number is None else f"{self.number.normalize():f}"


class ParameterChange(models.Model):
    """参数变更: what a parameter was and became, when, by whom and why. Only ever added to."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    parameter = models.ForeignKey(
        LadderParameter, on_delete=models.PROTECT, related_name="changes", db_index=False
    )
    before = models.CharField(max_length=40)
    after = models.CharField(max_length=40)
    reason = models.CharField(max_length=300)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "parameter_change"
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["parameter", "-at", "-id"], name="parameter_change_latest")]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="parameter_change_says_why"),
            models.CheckConstraint(condition=~Q(before=F("after")), name="parameter_change_is_one"),
        ]

    def __str__(self) -> str:
        return f"{self.parameter_id}: {self.before} → {self.after}"


class EntryCutoff(models.Model):
    """入库截止日: until which day papers are taken, by path; set locally, anew every year.

    ``month`` empty: every month. ``year`` empty: every year for which the path has no day of its own.
    """

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    path = models.CharField(max_length=8, choices=Path.choices)
    sector = models.CharField(max_length=20, choices=Sector.choices, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    month = models.PositiveSmallIntegerField(null=True, blank=True)
    day = models.PositiveSmallIntegerField(help_text="a later one than the month has: its last day")
    name = models.CharField(max_length=60, blank=True, help_text="such as the second batch")
    source = models.CharField(max_length=200, blank=True)
    mark = models.CharField(max_length=1, choices=MARKS)
    removed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "entry_cutoff"
        ordering = ["path", "sector", "month", "day", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(day__range=(1, 31)), name="entry_cutoff_day"),
            models.CheckConstraint(
                condition=Q(month__isnull=True) | Q(month__range=(1, 12)), name="entry_cutoff_month"
            ),
            models.UniqueConstraint(
                fields=["zone", "path", "sector", "year", "month", "day"],
                condition=Q(removed_at__isnull=True),
                name="entry_cutoff_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.path} {self.month or '*'}-{self.day}"


class EvidenceItem(models.Model):
    """入库材料: a paper the statistics office asks for; empty path or sector: all of them."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=200, blank=True)
    path = models.CharField(max_length=8, choices=Path.choices, blank=True)
    sector = models.CharField(max_length=20, choices=Sector.choices, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    source = models.CharField(max_length=200, blank=True)
    mark = models.CharField(max_length=1, choices=MARKS)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "evidence_item"
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "code"], name="evidence_item_once_in_zone"),
        ]

    def __str__(self) -> str:
        return self.name


class HandedPaper(models.Model):
    """已交材料: a paper of entry an enterprise handed in for the entry of a year."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    handed_on = models.DateField()
    note = models.CharField(max_length=200, blank=True)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "handed_paper"
        constraints = [
            models.UniqueConstraint(
                fields=["party", "item", "year"],
                condition=Q(withdrawn_at__isnull=True),
                name="handed_paper_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party_id} {self.item_id}"


class Designation(models.Model):
    """认定: what only people decide, from a day to a day and by a document; never computed.

    攀登企业, 链主 and 科技领军企业 are decisions of the zone or the province; 在库 is a fact of the
    statistics office.
    """

    class Kind(models.TextChoices):
        IN_REGISTER = "in_register", _("in the statistical register")
        CLIMB = "climb", _("climbing enterprise")
        CHAIN_LEADER = "chain_leader", _("chain leader")
        TECH_LEADER = "tech_leader", _("technology leader")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="designations")
    kind = models.CharField(max_length=14, choices=Kind.choices)
    since = models.DateField()
    until = models.DateField(null=True, blank=True, help_text="last day, included")
    document = models.CharField(max_length=200)
    document_no = models.CharField(max_length=80, blank=True)
    decided_by = models.CharField(max_length=80, help_text="which body decided")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True, help_text="when the end was recorded")
    end_reason = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "designation"
        ordering = ["kind", "-since", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="designation_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~Q(document="") & ~Q(decided_by=""), name="designation_has_its_document"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end_reason="")
                | Q(ended_at__isnull=False, until__isnull=False) & ~Q(end_reason=""),
                name="designation_end_says_why",
            ),
            models.UniqueConstraint(
                fields=["party", "kind"],
                condition=Q(until__isnull=True),
                name="designation_one_in_force",
            ),
        ]
        indexes = [models.Index(fields=["zone", "kind", "-since"], name="designation_of_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.party_id}"


class Standing(models.Model):
    """现处台阶: where a firm stands on a ladder in a month, and what is between it and the next rung.

    Rows of a month are written anew while the month runs and then kept. ``rung`` empty: on none.
    ``told`` says how sure it is: exact; at least this rung, because facts of a higher one are
    missing; or held, because a fall is only believed after several months.
    """

    class Told(models.TextChoices):
        EXACT = "exact", _("exact")
        AT_LEAST = "at_least", _("at least, needs data")
        HELD = "held", _("held for now")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+", db_index=False)
    ladder = models.CharField(max_length=14, choices=Ladder.choices)
    month = models.DateField(help_text="its first day")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", db_index=False)
    rung = models.CharField(max_length=30, blank=True)
    step = models.PositiveSmallIntegerField(default=0)
    computed = models.CharField(max_length=30, blank=True, help_text="before falling was held up")
    previous = models.CharField(max_length=30, blank=True, help_text="of the month before")
    previous_step = models.PositiveSmallIntegerField(null=True, help_text="empty: not evaluated")
    told = models.CharField(max_length=8, choices=Told.choices)
    since = models.DateField(help_text="month since which it stands here")
    months_below = models.PositiveSmallIntegerField(default=0)
    sector = models.CharField(max_length=20, blank=True)
    forecast_fen = models.BigIntegerField(null=True)
    year_fen = models.BigIntegerField(null=True, help_text="of the last twelve months")
    threshold_fen = models.BigIntegerField(null=True)
    gap_fen = models.BigIntegerField(null=True, help_text="0: reached")
    crosses_on = models.DateField(null=True, help_text="month in which the line is crossed")
    path = models.CharField(max_length=8, choices=Path.choices, blank=True)
    cutoff_on = models.DateField(null=True)
    may_fall_out = models.BooleanField(null=True, help_text="register member close to the line")
    gaps = models.PositiveSmallIntegerField(null=True, help_text="repairable conditions not met")
    blockers = models.PositiveSmallIntegerField(null=True)
    missing = models.JSONField(default=list, help_text="words nobody knows")
    as_of = models.DateField()
    evaluated_at = models.DateTimeField()

    class Meta:
        db_table = "standing"
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "ladder", "month", "party"], name="standing_once_a_month"
            ),
            models.CheckConstraint(
                condition=Q(gap_fen__isnull=True) | Q(gap_fen__gte=0), name="standing_gap"
            ),
            models.CheckConstraint(
                condition=Q(rung="", step=0) | ~Q(rung="") & Q(step__gt=0), name="standing_step"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="standing_month"),
        ]
        indexes = [
            models.Index(fields=["party", "ladder", "-month"], name="standing_of_party"),
            models.Index(
                fields=["zone", "ladder", "month", "rung", "cutoff_on"], name="standing_by_rung"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ladder} {self.month} {self.party_id}"
