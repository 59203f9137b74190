"""Service points (1+5+N): where people are served, what is done there, for whom, and by whose mandate."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Post, StoredFile, Zone
from xiaoer.papers.models import Licence
from xiaoer.permits.models.cases import Case
from xiaoer.permits.models.things import Thing
from xiaoer.registry.models import Party


class ServicePoint(models.Model):
    """政务服务点: a place of the 1+5+N scheme where matters are handled nearby.

    Tier 1 is the zone's one main hall, tier 2 its branch halls in parks and streets, tier 3 every
    further point. ``hours`` is ``{"days": [1…7], "stretches": [["09:00", "12:00"], …]}``; on days the
    working calendar takes off a point is closed unless it opens on all seven.
    """

    class Tier(models.IntegerChoices):
        MAIN = 1, _("main hall (1)")
        BRANCH = 2, _("branch hall (5)")
        NEARBY = 3, _("nearby point (N)")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=30)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    tier = models.PositiveSmallIntegerField(choices=Tier.choices)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="below", null=True, blank=True
    )
    address = models.CharField(max_length=200)
    east = models.FloatField(null=True, blank=True, help_text="degrees, WGS 84")
    north = models.FloatField(null=True, blank=True, help_text="degrees, WGS 84")
    hours = models.JSONField(default=dict)
    phone = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=300, blank=True, help_text="how to get there, which floor")
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True, help_text="first day it serves no more")
    closed_why = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "service_point"
        ordering = ["tier", "code"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "code"], name="service_point_code_once"),
            models.UniqueConstraint(
                fields=["zone"],
                condition=Q(tier=1, closed_on__isnull=True),
                name="service_point_one_main_hall",
            ),
            models.CheckConstraint(
                condition=Q(tier__gte=1, tier__lte=3), name="service_point_of_a_tier"
            ),
            models.CheckConstraint(
                condition=~Q(tier=1) | Q(parent__isnull=True),
                name="service_point_nothing_above_the_main_hall",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True)
                | (Q(closed_on__gte=F("opened_on")) & ~Q(closed_why="")),
                name="service_point_closed_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(east__isnull=True, north__isnull=True)
                | Q(east__gte=-180, east__lte=180, north__gte=-90, north__lte=90),
                name="service_point_lies_somewhere",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ExtendedService(models.Model):
    """延伸服务: help beyond approvals that points give, such as with patents or filings."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=30)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, blank=True)
    source = models.CharField(max_length=200, blank=True)
    mark = models.CharField(max_length=2, blank=True, help_text="A, V, S, B, C, U or D")
    ended_on = models.DateField(null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "extended_service"
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["zone", "code"], name="extended_once")]

    def __str__(self) -> str:
        return self.name


class PointService(models.Model):
    """服务点事项: a thing or an extended service a point offers, from a day to a day."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    point = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, related_name="services")
    thing = models.ForeignKey(
        Thing, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    extended = models.ForeignKey(
        ExtendedService, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    since = models.DateField()
    until = models.DateField(null=True, blank=True, help_text="last day it is offered")

    class Meta:
        db_table = "point_service"
        constraints = [
            models.CheckConstraint(
                condition=Q(thing__isnull=False, extended__isnull=True)
                | Q(thing__isnull=True, extended__isnull=False),
                name="point_service_is_one_thing",
            ),
            models.UniqueConstraint(
                fields=["point", "thing", "extended"],
                condition=Q(until__isnull=True),
                nulls_distinct=False,
                name="point_service_once",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="point_service_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.point_id} {self.thing_id or self.extended_id}"


class ServiceRecord(models.Model):
    """服务记录: that somebody was served at a point; append-only.

    A mistake is put right by a further record that says which one it replaces, and why; one that is
    ``is_void`` says that what it replaces never happened. What is counted is what nothing replaces.
    """

    class Kind(models.TextChoices):
        CASE = "case", _("matter handled")
        AGENCY = "agency", _("handled by an agent for it")
        EXTENDED = "extended", _("extended service")
        ADVICE = "advice", _("advice")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    point = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, related_name="records")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    name = models.CharField(max_length=120, help_text="who was served, as written down")
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    thing = models.ForeignKey(
        Thing, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    extended = models.ForeignKey(
        ExtendedService, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    words = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(help_text="when it was")
    recorded_at = models.DateTimeField()
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="replaced_by", null=True, blank=True
    )
    is_void = models.BooleanField(default=False)
    why = models.CharField(max_length=200, blank=True, help_text="why it replaces the other")

    class Meta:
        db_table = "service_record"
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="service_record_of_somebody"),
            models.CheckConstraint(
                condition=~Q(kind="extended") | Q(extended__isnull=False),
                name="service_record_names_the_extended_service",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True, is_void=False)
                | (Q(replaces__isnull=False) & ~Q(why="")),
                name="service_record_corrected_with_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["zone", "point", "at"], name="service_record_of_point"),
            models.Index(
                fields=["zone", "party"],
                condition=Q(party__isnull=False),
                name="service_record_of_party",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class PointSlot(models.Model):
    """预约时段: a stretch of a day at a point, for so many; the database keeps it from overbooking."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    point = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, related_name="slots")
    day = models.DateField()
    from_time = models.TimeField()
    until_time = models.TimeField()
    places = models.PositiveSmallIntegerField(default=1)
    taken = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "point_slot"
        ordering = ["day", "from_time"]
        constraints = [
            models.UniqueConstraint(fields=["point", "day", "from_time"], name="point_slot_once"),
            models.CheckConstraint(
                condition=Q(until_time__gt=F("from_time")), name="point_slot_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(places__gte=1) & Q(taken__lte=F("places")),
                name="point_slot_never_overbooked",
            ),
        ]
        indexes = [models.Index(fields=["zone", "point", "day"], name="point_slot_of_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.from_time:%H:%M}"


class Appointment(models.Model):
    """服务点预约: a place in a slot, booked without an account or for an enterprise.

    Of the telephone only a keyed hash and the last four digits are kept: enough to know who comes
    and to keep one person from taking every place. ``key_hash``: of the secret in the link to cancel.
    """

    class State(models.TextChoices):
        BOOKED = "booked", _("booked")
        ARRIVED = "arrived", _("came")
        MISSED = "missed", _("did not come")
        CANCELLED = "cancelled", _("cancelled")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    point = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, related_name="appointments")
    slot = models.ForeignKey(PointSlot, on_delete=models.PROTECT, related_name="appointments")
    day = models.DateField()
    number = models.CharField(max_length=30)
    key_hash = models.CharField(max_length=64, unique=True)
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    who = models.CharField(max_length=60)
    phone_hash = models.CharField(max_length=64)
    phone_end = models.CharField(max_length=4)
    thing = models.ForeignKey(
        Thing, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    words = models.CharField(max_length=200, blank=True, help_text="what about")
    state = models.CharField(max_length=10, choices=State.choices, default=State.BOOKED)
    booked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "appointment"
        ordering = ["day", "id"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "number"], name="appointment_number_once"),
            models.UniqueConstraint(
                fields=["point", "day", "phone_hash"],
                condition=Q(state="booked"),
                name="appointment_one_a_day_and_telephone",
            ),
            models.CheckConstraint(
                condition=Q(state="booked", ended_at__isnull=True)
                | (~Q(state="booked") & Q(ended_at__isnull=False)),
                name="appointment_ends_when_it_is_not_booked",
            ),
        ]
        indexes = [
            models.Index(fields=["zone", "point", "day"], name="appointment_of_day"),
            models.Index(
                fields=["zone", "party", "day"],
                condition=Q(party__isnull=False),
                name="appointment_of_party",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class QueueTicket(models.Model):
    """排队号: a number taken at a point on a day, called, and served or let go."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        CALLED = "called", _("called")
        SERVED = "served", _("served")
        SKIPPED = "skipped", _("called and not there")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    point = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, related_name="tickets")
    day = models.DateField()
    number = models.PositiveSmallIntegerField()
    appointment = models.OneToOneField(
        Appointment, on_delete=models.PROTECT, related_name="ticket", null=True, blank=True
    )
    words = models.CharField(max_length=120, blank=True, help_text="what about, in a word")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    taken_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    window = models.CharField(max_length=20, blank=True)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "queue_ticket"
        ordering = ["day", "number"]
        constraints = [
            models.UniqueConstraint(fields=["point", "day", "number"], name="queue_ticket_once"),
            models.CheckConstraint(
                condition=Q(state="waiting")
                | (Q(called_at__isnull=False) & Q(called_at__gte=F("taken_at"))),
                name="queue_ticket_called_after_it_was_taken",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "called"], ended_at__isnull=True)
                | Q(state__in=["served", "skipped"], ended_at__isnull=False),
                name="queue_ticket_ends_when_it_is_over",
            ),
        ]
        indexes = [models.Index(fields=["point", "day", "state"], name="queue_ticket_of_day")]

    def __str__(self) -> str:
        return self.shown

    @property
    def shown(self) -> str:
        """As the screen of the hall and the slip show it; those booked before begin with Y (预约)."""
        return f"{'Y' if self.appointment_id else 'A'}{self.number:03d}"


class AgencyMandate(models.Model):
    """代办委托: that a party lets somebody act for it, on a signed power of attorney, until a day.

    The agent is a post of the zone's helping staff (帮办) or a firm; ``things`` are codes of what it
    covers, empty for all; ``case`` narrows it to one. It holds while no day and no withdrawal ends it.
    """

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="mandates")
    agent_post = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    agent_party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="mandates_held", null=True, blank=True
    )
    agent_name = models.CharField(max_length=120)
    things = models.JSONField(default=list, help_text="[code of a thing]; empty: all")
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="mandates", null=True, blank=True
    )
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, related_name="+", help_text="power of attorney"
    )
    file_name = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_until = models.DateField(help_text="last day it holds")
    given_at = models.DateTimeField()
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "agency_mandate"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(agent_post__isnull=False, agent_party__isnull=True)
                | Q(agent_post__isnull=True, agent_party__isnull=False),
                name="agency_mandate_has_one_agent",
            ),
            models.CheckConstraint(
                condition=Q(agent_party__isnull=True) | ~Q(agent_party=F("party")),
                name="agency_mandate_is_for_another",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gte=F("valid_from")),
                name="agency_mandate_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | ~Q(ended_why=""),
                name="agency_mandate_ended_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["zone", "party", "valid_until"],
                condition=Q(ended_at__isnull=True),
                name="agency_mandate_of_party",
            ),
        ]

    def __str__(self) -> str:
        return self.agent_name


class LicenceUse(models.Model):
    """电子证照使用: that an e-licence was shown for a service: whose, which, when; append-only.

    Either the state's electronic business licence (电子营业执照), of which only its use is known
    here, or a licence of our own register.
    """

    class What(models.TextChoices):
        BUSINESS = "business", _("electronic business licence")
        OURS = "ours", _("licence issued here")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=8, choices=What.choices)
    licence = models.ForeignKey(
        Licence, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    name = models.CharField(max_length=120, help_text="the entity it was shown for")
    credit_code = models.CharField(max_length=18, blank=True)
    service = models.CharField(max_length=80, help_text="what it was shown for")
    point = models.ForeignKey(
        ServicePoint, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    at = models.DateTimeField()
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        db_table = "licence_use"
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(what="ours", licence__isnull=False)
                | Q(what="business", licence__isnull=True),
                name="licence_use_of_one_licence",
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(service=""), name="licence_use_of_somebody_for_something"
            ),
        ]
        indexes = [
            models.Index(fields=["zone", "at"], name="licence_use_by_day"),
            models.Index(
                fields=["zone", "party"],
                condition=Q(party__isnull=False),
                name="licence_use_of_party",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.name}"
