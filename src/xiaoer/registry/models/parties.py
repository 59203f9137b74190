"""Parties, who answers for them and who speaks for them."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Person, Post, Zone
from xiaoer.registry.models.places import Cell, Park


class Party(models.Model):
    """主体: any firm or person that deals with the zone.

    An *enterprise of the zone* (企业) is a party in a cell, in exactly one; a mere party (当事人: an
    applicant, an investor, a bidder from elsewhere) is in none. Money in fen, so that sorting and
    filtering keep their index under row security.
    """

    class Kind(models.TextChoices):
        FIRM = "firm", _("firm")
        SOLE_TRADER = "sole_trader", _("sole trader")
        COOPERATIVE = "cooperative", _("cooperative")
        INSTITUTION = "institution", _("institution")
        PERSON = "person", _("natural person")

    class Status(models.TextChoices):
        OPERATING = "operating", _("in operation")
        SUSPENDED = "suspended", _("suspended")
        MOVED_OUT = "moved_out", _("moved out")
        REVOKED = "revoked", _("licence revoked")
        CANCELLED = "cancelled", _("deregistered")

    # Keys have no index of their own where one below serves: an import writes every one of them.
    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.FIRM)
    name = models.CharField(max_length=120)
    credit_code = models.CharField(
        max_length=18, blank=True, help_text="GB 32100-2015; empty when unknown"
    )
    old_register_no = models.CharField(max_length=15, blank=True)
    industry = models.CharField(max_length=4, blank=True, help_text="GB/T 4754-2017 class")
    section = models.CharField(
        max_length=1, blank=True, help_text="GB/T 4754 section, from industry"
    )
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.OPERATING)
    capital_fen = models.BigIntegerField(null=True, blank=True, help_text="1/100 of the currency")
    capital_currency = models.CharField(max_length=3, default="CNY", blank=True)
    registered_on = models.DateField(null=True, blank=True)
    address = models.CharField(max_length=200, blank=True)
    business = models.TextField(blank=True, help_text="business scope as registered")
    legal_representative = models.CharField(max_length=60, blank=True)
    contact_name = models.CharField(max_length=60, blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    park = models.ForeignKey(Park, on_delete=models.PROTECT, null=True, blank=True, db_index=False)
    cell = models.ForeignKey(
        Cell,
        on_delete=models.PROTECT,
        related_name="enterprises",
        null=True,
        blank=True,
        db_index=False,
    )
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    # What searches look into: bigrams of the name, initials in pinyin, codes; made by ``names``.
    terms = models.TextField(blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, db_index=False
    )
    import_run = models.ForeignKey(
        "ImportRun", on_delete=models.PROTECT, null=True, blank=True, db_index=False
    )
    version = models.PositiveIntegerField(default=1)
    added_at = models.DateTimeField(db_default=Now())
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "party"
        constraints = [
            # Patterns, so that a search by the head of a code needs no second index.
            models.UniqueConstraint(
                fields=["zone", "credit_code"],
                opclasses=["int8_ops", "text_pattern_ops"],
                condition=~Q(credit_code="") & Q(merged_into__isnull=True),
                name="party_credit_code_once_in_zone",
            ),
            models.CheckConstraint(
                condition=~Q(kind="person") | Q(cell__isnull=True), name="person_is_in_no_cell"
            ),
        ]
        indexes = [
            models.Index(fields=["zone", "name", "id"], name="party_by_name"),
            models.Index(fields=["zone", "cell", "id"], name="party_by_cell"),
            models.Index(fields=["zone", "section", "industry", "id"], name="party_by_industry"),
            models.Index(
                fields=["zone", "status", "id"],
                condition=~Q(status="operating"),
                name="party_by_status",
            ),
            models.Index(fields=["zone", "registered_on", "id"], name="party_by_registered"),
            models.Index(fields=["zone", "capital_fen", "id"], name="party_by_capital"),
            models.Index(fields=["zone", "import_run"], name="party_by_import"),
            models.Index(fields=["park"], condition=Q(park__isnull=False), name="party_by_park"),
            models.Index(
                fields=["merged_into"],
                condition=Q(merged_into__isnull=False),
                name="party_by_merged_into",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PartyName(models.Model):
    """名称: a former or short name, so that a search by it still finds the party."""

    class Kind(models.TextChoices):
        FORMER = "former", _("former name")
        SHORT = "short", _("short name")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="other_names")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=120)
    since = models.DateField(null=True, blank=True)

    class Meta:
        db_table = "party_name"

    def __str__(self) -> str:
        return self.name


class Stewardship(models.Model):
    """包保: who answers for an enterprise (officer, steward, leader), from a day to a day."""

    class Kind(models.TextChoices):
        OFFICER = "officer", _("responsible officer")
        DEPUTY = "deputy", _("deputy officer")
        LEADER = "leader", _("responsible leader")

    # The party's zone, held by the reference to both; so checked there, once.
    zone = models.ForeignKey(
        Zone, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="stewards")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        db_table = "stewardship"
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="stewardship_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["party", "kind"],
                condition=Q(until__isnull=True),
                name="stewardship_one_in_force",
            ),
        ]
        indexes = [models.Index(fields=["zone", "post", "party"], name="stewardship_by_post")]

    def __str__(self) -> str:
        return f"{self.post_id} {self.kind} {self.party_id}"


class MonitoringFirm(models.Model):
    """监测企业: an enterprise that serves as a monitoring point, from a day to a day."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="monitoring")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        db_table = "monitoring_firm"
        constraints = [
            models.UniqueConstraint(
                fields=["party"], condition=Q(until__isnull=True), name="monitoring_once_in_force"
            ),
        ]

    def __str__(self) -> str:
        return str(self.party_id)


class RepresentationCode(models.Model):
    """一次性验证码: shown once, sent apart from the card, good for seven days and one person."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    code_hash = models.CharField(max_length=64, unique=True)
    issued_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "representation_code"

    def __str__(self) -> str:
        return str(self.party_id)


class Representation(models.Model):
    """代表: who speaks for an enterprise; asked for with a code, approved by a person who knows."""

    class State(models.TextChoices):
        ASKED = "asked", _("asked for")
        APPROVED = "approved", _("approved")
        DECLINED = "declined", _("declined")
        ENDED = "ended", _("ended")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="representations")
    code = models.OneToOneField(RepresentationCode, on_delete=models.PROTECT, null=True, blank=True)
    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    person = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        help_text="who asked, when they have an account already",
    )
    name = models.CharField(max_length=60)
    phone = models.CharField(max_length=40)
    title = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "representation"

    def __str__(self) -> str:
        return self.name
