"""Titles, platforms and honours: their kinds, batches, applications, and lists firms stand on."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, IntegerRangeField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Least
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Post, StoredFile, Zone
from xiaoer.registry.models import Party


class Level(models.TextChoices):
    """级别: who grants it."""

    NATIONAL = "national", _("national")
    PROVINCIAL = "provincial", _("provincial")
    MUNICIPAL = "municipal", _("municipal")
    ZONE = "zone", _("of the zone")


class Mark(models.TextChoices):
    """核实程度 of a constant: how well its source was read."""

    A = "A", _("A: the text was read")
    B = "B", _("B: two sources agree")
    C = "C", _("C: one secondary source")
    U = "U", _("U: unverified")
    D = "D", _("D: set by the zone")


class TitleKind(models.Model):
    """称号种类: what may be granted, how long it holds, and which word of the rules it feeds.

    ``complete_on``: the day of which the zone says that its register of this kind is complete. From
    then on a firm without the title is known to have none; before, nobody knows.
    """

    class Family(models.TextChoices):
        TITLE = "title", _("title of a firm")
        PLATFORM = "platform", _("innovation platform")
        TALENT = "talent", _("talent platform")
        FACTORY = "factory", _("factory and workshop")
        PRODUCT = "product", _("product")
        PILOT = "pilot", _("pilot")
        HONOUR = "honour", _("honour of the zone")
        CARRIER = "carrier", _("carrier of innovation")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    level = models.CharField(max_length=12, choices=Level.choices)
    family = models.CharField(max_length=10, choices=Family.choices)
    validity_months = models.PositiveSmallIntegerField(null=True, blank=True)
    update_month = models.PositiveSmallIntegerField(null=True, blank=True)
    update_day = models.PositiveSmallIntegerField(null=True, blank=True)
    is_single = models.BooleanField(
        default=True,
        help_text="a firm has at most one in force; platforms and products may be many",
    )
    feeds = models.CharField(max_length=60, blank=True, help_text="word its standing answers")
    rule_code = models.SlugField(max_length=60, blank=True, help_text="the rule that decides it")
    worth = models.CharField(max_length=120, blank=True, help_text="what a firm gains, in words")
    complete_on = models.DateField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)
    mark = models.CharField(max_length=1, choices=Mark.choices, default=Mark.D)
    order = models.PositiveSmallIntegerField(default=0)
    ended_on = models.DateField(null=True, blank=True, help_text="granted no more since")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "title_kind"
        ordering = ["order", "code"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "code"], name="title_kind_code_once"),
            models.UniqueConstraint(
                fields=["zone", "name", "level"], name="title_kind_name_once_a_level"
            ),
            models.CheckConstraint(
                condition=Q(update_month__isnull=True, update_day__isnull=True)
                | Q(update_month__range=(1, 12), update_day__range=(1, 31)),
                name="title_kind_update_is_a_day_of_the_year",
            ),
            models.CheckConstraint(
                condition=Q(complete_on__isnull=True, completed_at__isnull=True)
                | Q(complete_on__isnull=False, completed_at__isnull=False),
                name="title_kind_complete_since_a_day_somebody_said_so",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Batch(models.Model):
    """申报批次: one round of applications for a title."""

    class State(models.TextChoices):
        PLANNED = "planned", _("not open yet")
        OPEN = "open", _("open for applications")
        CLOSED = "closed", _("closed, being decided")
        DECIDED = "decided", _("published")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    kind = models.ForeignKey(TitleKind, on_delete=models.PROTECT, related_name="batches")
    name = models.CharField(max_length=80)
    year = models.PositiveSmallIntegerField()
    opens_on = models.DateField(null=True, blank=True)
    closes_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "batch"
        ordering = ["-year", "-opens_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "year", "name"], name="batch_name_once"),
            models.CheckConstraint(
                condition=Q(opens_on__isnull=True)
                | Q(closes_on__isnull=True)
                | Q(closes_on__gte=F("opens_on")),
                name="batch_closes_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Title(models.Model):
    """称号: a title, platform, plant or honour somebody holds, from a day to a day, by a document.

    A correction keeps the row as it was: the copy has ``current`` and ``superseded_at``, the living
    row goes on under its number. Whether it is in force is computed from its days, never stored.
    """

    class Ended(models.TextChoices):
        WITHDRAWN = "withdrawn", _("title withdrawn")
        RENEWED = "renewed", _("renewed")
        UPGRADED = "upgraded", _("upgraded")
        MISTAKE = "mistake", _("entered by mistake")

    class Scope(models.TextChoices):
        CITY = "city", _("the city")
        REGION = "region", _("several cities")
        PROVINCE = "province", _("the province")
        NATION = "nation", _("the country")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+", db_index=False)
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="titles", null=True, blank=True
    )
    kind = models.ForeignKey(TitleKind, on_delete=models.PROTECT, related_name="titles")
    batch = models.ForeignKey(
        Batch, on_delete=models.PROTECT, related_name="titles", null=True, blank=True
    )
    name = models.CharField(
        max_length=120, blank=True, help_text="of the platform, plant, product or honour"
    )
    year = models.PositiveSmallIntegerField(help_text="the year it is counted in")
    granted_on = models.DateField()
    valid_to = models.DateField(null=True, blank=True, help_text="last day; none: without an end")
    document = models.CharField(max_length=200, blank=True)
    document_no = models.CharField(max_length=80, blank=True)
    certificate_no = models.CharField(max_length=80, blank=True)
    is_single = models.BooleanField(default=True, help_text="as its kind says")
    scope = models.CharField(max_length=10, choices=Scope.choices, blank=True)
    scope_words = models.CharField(max_length=80, blank=True)
    is_exclusive = models.BooleanField(default=False, help_text="the only one of its scope")
    ordinal = models.PositiveSmallIntegerField(null=True, blank=True, help_text="the n-th")
    window_years = models.PositiveSmallIntegerField(null=True, blank=True)
    renews = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="renewals", null=True, blank=True
    )
    upgraded_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="upgrades", null=True, blank=True
    )
    ended_on = models.DateField(null=True, blank=True, help_text="last day, before its time")
    ended_how = models.CharField(max_length=10, choices=Ended.choices, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    current = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="past", null=True, blank=True
    )
    superseded_at = models.DateTimeField(null=True, blank=True)
    correction = models.CharField(max_length=300, blank=True, help_text="why it was corrected")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "title"
        ordering = ["-granted_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("granted_on")),
                name="title_ends_after_it_is_granted",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, ended_how="", ended_at__isnull=True)
                | Q(ended_on__gte=F("granted_on"), ended_at__isnull=False) & ~Q(ended_how=""),
                name="title_ended_on_a_day_somehow",
            ),
            models.CheckConstraint(
                condition=~Q(ended_how__in=("withdrawn", "mistake")) | ~Q(end_reason=""),
                name="title_withdrawn_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(current__isnull=True, superseded_at__isnull=True)
                | Q(current__isnull=False, superseded_at__isnull=False),
                name="title_copy_knows_since_when",
            ),
            models.CheckConstraint(
                condition=Q(party__isnull=False) | ~Q(name=""),
                name="title_of_the_zone_has_a_name",
            ),
            # Ranges alone have a GiST of their own: a range of one number stands for the number.
            ExclusionConstraint(
                name="title_one_of_a_kind_at_a_time",
                expressions=[
                    (
                        Func(
                            F("party_id"),
                            F("party_id"),
                            Value("[]"),
                            function="int8range",
                            output_field=IntegerRangeField(),
                        ),
                        "&&",
                    ),
                    (
                        Func(
                            F("kind_id"),
                            F("kind_id"),
                            Value("[]"),
                            function="int8range",
                            output_field=IntegerRangeField(),
                        ),
                        "&&",
                    ),
                    (
                        Func(
                            F("granted_on"),
                            Least(F("valid_to"), F("ended_on")),
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                condition=Q(is_single=True, current__isnull=True, party__isnull=False)
                & ~Q(ended_how="mistake"),
            ),
        ]
        indexes = [
            models.Index(
                fields=["zone", "kind", "-granted_on"],
                condition=Q(current__isnull=True),
                name="title_of_kind",
            ),
            models.Index(fields=["party", "-granted_on"], name="title_of_party"),
            models.Index(
                fields=["zone", "valid_to"],
                condition=Q(current__isnull=True, ended_on__isnull=True),
                name="title_running_out",
            ),
            models.Index(
                fields=["zone", "-granted_on", "-id"],
                condition=Q(current__isnull=True),
                name="title_latest",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.kind)


class Application(models.Model):
    """申报: a firm's way to a title, from the plan to what the authority decided.

    A refusal is the authority's; a person records it, with the reason.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("on the plan")
        PREPARING = "preparing", _("being prepared")
        SUBMITTED = "submitted", _("submitted")
        RECOMMENDED = "recommended", _("recommended")
        GRANTED = "granted", _("title granted")
        REFUSED = "refused", _("not granted")
        WITHDRAWN = "withdrawn", _("withdrawn")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+", db_index=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="applications")
    kind = models.ForeignKey(TitleKind, on_delete=models.PROTECT, related_name="applications")
    batch = models.ForeignKey(
        Batch, on_delete=models.PROTECT, related_name="applications", null=True, blank=True
    )
    renews = models.ForeignKey(
        Title, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    title = models.OneToOneField(
        Title, on_delete=models.PROTECT, related_name="application", null=True, blank=True
    )
    state = models.CharField(max_length=12, choices=State.choices, default=State.PLANNED)
    since = models.DateField(help_text="day of the state")
    planned_on = models.DateField()
    submitted_on = models.DateField(null=True, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True, help_text="as the authority gave it")
    document = models.CharField(max_length=200, blank=True)
    decided_by = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "application"
        ordering = ["-since", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["party", "kind"],
                condition=Q(state__in=("planned", "preparing", "submitted", "recommended")),
                name="application_one_running_for_a_kind",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason="") & Q(decided_by__isnull=False),
                name="application_refused_by_a_person_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(state="granted", title__isnull=False)
                | ~Q(state="granted") & Q(title__isnull=True),
                name="application_granted_has_its_title",
            ),
        ]
        indexes = [
            models.Index(fields=["zone", "kind", "state"], name="application_board"),
            models.Index(fields=["party", "-since"], name="application_of_party"),
        ]

    def __str__(self) -> str:
        return f"{self.party_id} {self.kind_id}"


class ApplicationStep(models.Model):
    """申报经过: a state an application came to, on a day, with what was said of it."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="steps")
    state = models.CharField(max_length=12, choices=Application.State.choices)
    on = models.DateField()
    note = models.CharField(max_length=300, blank=True)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "application_step"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.state


class FirmList(models.Model):
    """名单: firms or projects an authority or the zone put on a list (reserve, pilot, plan) for a year.

    A list with ``feeds`` answers a word of the rules for its year, for every firm: whoever is not on
    it is known not to be.
    """

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=160, blank=True)
    level = models.CharField(max_length=12, choices=Level.choices)
    year = models.PositiveSmallIntegerField()
    is_of_projects = models.BooleanField(default=False)
    feeds = models.CharField(max_length=60, blank=True)
    document = models.CharField(max_length=200, blank=True)
    document_no = models.CharField(max_length=80, blank=True)
    opened_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "firm_list"
        ordering = ["-year", "code"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "code", "year"], name="firm_list_once_a_year"),
        ]

    def __str__(self) -> str:
        return self.name


class ListMember(models.Model):
    """名单成员: a firm, or a project of one, on a list from a day until another."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    firm_list = models.ForeignKey(FirmList, on_delete=models.PROTECT, related_name="members")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="on_lists")
    project = models.CharField(max_length=120, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True, help_text="last day")
    reason = models.CharField(max_length=300, blank=True, help_text="why it left the list")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "list_member"
        ordering = ["-since", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["firm_list", "party", "project"],
                condition=Q(removed_at__isnull=True),
                name="list_member_once",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True, removed_at__isnull=True)
                | Q(until__gte=F("since"), removed_at__isnull=False),
                name="list_member_leaves_after_it_came",
            ),
        ]
        indexes = [models.Index(fields=["party", "-since"], name="list_member_of_party")]

    def __str__(self) -> str:
        return f"{self.party_id}"


class TechContract(models.Model):
    """技术合同: a contract registered with the technology market; counted and summed, never judged."""

    class Kind(models.TextChoices):
        DEVELOPMENT = "development", _("technology development")
        TRANSFER = "transfer", _("technology transfer")
        LICENCE = "licence", _("technology licence")
        CONSULTING = "consulting", _("technology consulting")
        SERVICE = "service", _("technology service")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.CharField(max_length=40)
    registered_on = models.DateField()
    kind = models.CharField(max_length=12, choices=Kind.choices, blank=True)
    name = models.CharField(max_length=200, blank=True)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="tech_contracts")
    counterpart = models.CharField(max_length=120, blank=True)
    amount_fen = models.BigIntegerField()
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True, help_text="why it was taken back")

    class Meta:
        db_table = "tech_contract"
        ordering = ["-registered_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "number"],
                condition=Q(withdrawn_at__isnull=True),
                name="tech_contract_number_once",
            ),
            models.CheckConstraint(
                condition=Q(amount_fen__gte=0), name="tech_contract_amount_is_not_negative"
            ),
        ]
        indexes = [
            models.Index(fields=["zone", "-registered_on", "-id"], name="tech_contract_latest"),
            models.Index(fields=["party", "-registered_on"], name="tech_contract_of_party"),
        ]

    def __str__(self) -> str:
        return self.number


class RenewalNotice(models.Model):
    """续期提醒: that the firm's officer was told of a title, once for each stage."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    title = models.ForeignKey(Title, on_delete=models.PROTECT, related_name="notices")
    stage = models.CharField(max_length=12, help_text="m12, m6, m3 or update-YEAR")
    at = models.DateTimeField()
    task_ref = models.BigIntegerField(null=True)

    class Meta:
        db_table = "renewal_notice"
        constraints = [
            models.UniqueConstraint(fields=["title", "stage"], name="renewal_notice_once"),
        ]

    def __str__(self) -> str:
        return self.stage


class TitleSheet(models.Model):
    """称号表: a sheet of titles or contracts brought in: looked at first, then taken over."""

    class Holds(models.TextChoices):
        TITLES = "titles", _("titles")
        CONTRACTS = "contracts", _("technology contracts")

    class State(models.TextChoices):
        PREVIEWED = "previewed", _("previewed")
        COMMITTED = "committed", _("taken over")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT)
    file_name = models.CharField(max_length=200)
    holds = models.CharField(max_length=10, choices=Holds.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREVIEWED)
    rows = models.JSONField(default=list, help_text="each row: what it says and what becomes of it")
    created = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "title_sheet"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name
