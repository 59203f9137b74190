"""Carriers: parcels, buildings and their units; who holds a unit from when until when."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, IntegerRangeField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Post, StoredFile, Zone
from xiaoer.registry.models import Park, Party


class FireClass(models.TextChoices):
    """火灾危险性类别: what may be made or kept in it (GB 50016, table 3.1.1)."""

    A = "a", _("class A (甲)")
    B = "b", _("class B (乙)")
    C = "c", _("class C (丙)")
    D = "d", _("class D (丁)")
    E = "e", _("class E (戊)")


class Parcel(models.Model):
    """地块: a piece of land of the zone, through plan, offer, supply, use and exit.

    ``stage`` is the latest of its steps. ``outline`` is a GeoJSON geometry, WGS 84. Of standard land
    the indicators were set before it was offered.
    """

    class Stage(models.TextChoices):
        PLANNED = "planned", _("land planned")
        OFFERED = "offered", _("land on offer")
        SUPPLIED = "supplied", _("land supplied")
        IN_USE = "in_use", _("land in use")
        EXITED = "exited", _("land given back")

    class Use(models.TextChoices):
        INDUSTRY = "industry", _("industry")
        WAREHOUSE = "warehouse", _("warehousing")
        RESEARCH = "research", _("research")
        SERVICE = "service", _("services")
        OTHER = "other", _("other")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=40, help_text="宗地编号")
    name = models.CharField(max_length=80, blank=True)
    park = models.ForeignKey(
        Park, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    area_m2 = models.DecimalField(max_digits=14, decimal_places=2)
    use = models.CharField(max_length=10, choices=Use.choices, default=Use.INDUSTRY)
    plot_ratio_least = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    is_standard_land = models.BooleanField(default=False, help_text="标准地")
    is_state_owned = models.BooleanField(
        default=False, help_text="its right of use is held by a state-owned firm"
    )
    stage = models.CharField(max_length=8, choices=Stage.choices, default=Stage.PLANNED)
    stage_on = models.DateField(help_text="day of the fact by which the stage was entered")
    party = models.ForeignKey(
        Party,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        help_text="who holds the right of use",
    )
    price_fen = models.BigIntegerField(null=True, blank=True, help_text="paid, or asked")
    held_until = models.DateField(null=True, blank=True, help_text="last day of the right of use")
    outline = models.JSONField(null=True, blank=True, help_text="GeoJSON geometry, WGS 84")
    note = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "parcel"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "number"], name="parcel_number_once"),
            models.CheckConstraint(condition=Q(area_m2__gt=0), name="parcel_has_an_area"),
            models.CheckConstraint(
                condition=~Q(stage__in=["supplied", "in_use"]) | Q(party__isnull=False),
                name="parcel_supplied_to_somebody",
            ),
        ]
        indexes = [models.Index(fields=["zone", "stage"], name="parcel_of_stage")]

    def __str__(self) -> str:
        return self.number


class UnitSheet(models.Model):
    """载体导入: a sheet of buildings, units and tenants that was brought in, perhaps taken back.

    ``before``: by number of a unit the sheet changed, [version as the sheet left it, {column: what stood
    there}]. ``versions``: of each lease it made, as the sheet left it. ``ended``: by number of a
    reservation that became a lease of the sheet, [lease, version as the sheet left it, last day before].
    ``stays``: what taking it back left, each with why.
    """

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=150, blank=True)
    created = models.PositiveIntegerField(help_text="units")
    changed = models.PositiveIntegerField(help_text="units")
    leases = models.PositiveIntegerField()
    rejected = models.PositiveIntegerField(help_text="rows")
    before = models.JSONField(default=dict, blank=True)
    versions = models.JSONField(default=dict, blank=True)
    ended = models.JSONField(default=dict, blank=True)
    stays = models.JSONField(default=list, blank=True, help_text="[{what, why}]")
    at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "unit_sheet"
        indexes = [models.Index(fields=["zone", "-at"], name="unit_sheet_latest")]

    def __str__(self) -> str:
        return self.name


class Building(models.Model):
    """楼宇: a workshop or another building, planned, being built or standing.

    ``operator`` is the firm that runs it (园区运营): it sees the building's units, lets them, and says
    its half of a joint review.
    """

    class Kind(models.TextChoices):
        WORKSHOP = "workshop", _("standard workshop")
        OWN_WORKSHOP = "own_workshop", _("workshop of a firm")
        RESEARCH = "research", _("research building")
        OFFICE = "office", _("office building")
        WAREHOUSE = "warehouse", _("warehouse")
        DORMITORY = "dormitory", _("dormitory")

    class State(models.TextChoices):
        PLANNED = "planned", _("planned, not begun")
        BUILDING = "building", _("being built")
        BUILT = "built", _("built")
        GONE = "gone", _("pulled down")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    parcel = models.ForeignKey(
        Parcel, on_delete=models.PROTECT, related_name="buildings", null=True, blank=True
    )
    park = models.ForeignKey(
        Park, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.BUILT)
    area_m2 = models.DecimalField(max_digits=12, decimal_places=2, help_text="gross floor area")
    floors = models.PositiveSmallIntegerField(default=1)
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="+", null=True, blank=True, help_text="owner"
    )
    operator = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    is_state_owned = models.BooleanField(default=False)
    fire_class = models.CharField(max_length=1, choices=FireClass.choices, blank=True)
    is_accepted = models.BooleanField(null=True, help_text="竣工验收合格; empty: not known")
    built_on = models.DateField(null=True, blank=True)
    gone_on = models.DateField(null=True, blank=True)
    outline = models.JSONField(null=True, blank=True, help_text="GeoJSON geometry, WGS 84")
    sheet = models.ForeignKey(
        UnitSheet, on_delete=models.PROTECT, related_name="+", null=True, blank=True,
        help_text="brought it in",
    )  # fmt: skip
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "building"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "name"], condition=~Q(state="gone"), name="building_name_once"
            ),
            models.CheckConstraint(condition=Q(area_m2__gt=0), name="building_has_an_area"),
            models.CheckConstraint(
                condition=~Q(state="gone") | Q(gone_on__isnull=False),
                name="building_gone_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """载体单元: what is let or sold as one: a bay, a floor, a hall, from a day to a day.

    A unit that was merged or split ended; the new ones say of which they were made (``UnitMade``).
    What is not known is empty, and fits nobody for sure. Whether it is vacant, reserved, let or sold
    is what its occupancies say on a day; ``hold`` is what people or rules found beside: idle though
    let, used inefficiently, not to be offered.
    """

    class Hold(models.TextChoices):
        NONE = "", _("nothing")
        IDLE = "idle", _("idle though held")
        INEFFICIENT = "inefficient", _("used inefficiently")
        KEPT = "kept", _("not offered")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="units")
    code = models.CharField(max_length=40)
    floor = models.SmallIntegerField(default=1)
    area_m2 = models.DecimalField(max_digits=12, decimal_places=2)
    height_m = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True, help_text="clear height"
    )
    load_kg_m2 = models.PositiveIntegerField(null=True, blank=True, help_text="floor load")
    column_m = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True, help_text="narrowest column spacing"
    )
    crane_t = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    power_kva = models.PositiveIntegerField(null=True, blank=True)
    has_gas = models.BooleanField(null=True)
    has_steam = models.BooleanField(null=True)
    drains_t_day = models.PositiveIntegerField(
        null=True, blank=True, help_text="waste water it may let out, t a day"
    )
    fire_class = models.CharField(max_length=1, choices=FireClass.choices, blank=True)
    rent_fen = models.PositiveIntegerField(
        null=True, blank=True, help_text="asked, for 1 m² a month"
    )
    price_fen = models.BigIntegerField(null=True, blank=True, help_text="asked, for 1 m²")
    hold = models.CharField(max_length=12, choices=Hold.choices, blank=True)
    hold_why = models.CharField(max_length=300, blank=True)
    hold_at = models.DateTimeField(null=True, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True, help_text="last day it was one unit")
    note = models.CharField(max_length=300, blank=True)
    sheet = models.ForeignKey(
        UnitSheet, on_delete=models.PROTECT, related_name="+", null=True, blank=True,
        help_text="brought it in",
    )  # fmt: skip
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "carrier_unit"
        ordering = ["building", "floor", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["building", "code"], condition=Q(until__isnull=True), name="unit_code_once"
            ),
            models.CheckConstraint(condition=Q(area_m2__gt=0), name="unit_has_an_area"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="unit_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(hold="") | ~Q(hold_why=""), name="unit_held_back_for_a_reason"
            ),
        ]
        indexes = [
            models.Index(
                fields=["zone", "area_m2"], condition=Q(until__isnull=True), name="unit_by_area"
            )
        ]

    def __str__(self) -> str:
        return self.code


class UnitMade(models.Model):
    """单元沿革: of which unit a unit was made, by merging or splitting."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    old = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="became")
    new = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="made_of")
    at = models.DateTimeField()
    by_post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        db_table = "unit_made"
        constraints = [
            models.UniqueConstraint(fields=["old", "new"], name="unit_made_once"),
            models.CheckConstraint(condition=~Q(old=F("new")), name="unit_not_made_of_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.old_id} {self.new_id}"


class UnitDoor(models.Model):
    """单元连通: two units that can be used as one, side by side or one above the other.

    ``first`` is the lower number, so that a pair stands once.
    """

    class How(models.TextChoices):
        BESIDE = "beside", _("side by side")
        ABOVE = "above", _("one above the other")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    first = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="doors_on")
    second = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="doors_back")
    how = models.CharField(max_length=6, choices=How.choices, default=How.BESIDE)

    class Meta:
        db_table = "unit_door"
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="unit_door_once"),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="unit_door_lower_number_first"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} {self.second_id}"


class Lease(models.Model):
    """租约: units let to a party, with rent, deposit, notice and what was promised with it.

    Which units it lets from when until when stands in its occupancies. ``sublet``: whether letting on
    was allowed. Money in fen.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("being drawn up")
        IN_FORCE = "in_force", _("lease in force")
        ENDED = "ended", _("ended")
        BROKEN = "broken", _("broken off")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=40)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(help_text="last day")
    rent_fen = models.BigIntegerField(help_text="a month")
    deposit_fen = models.BigIntegerField(default=0)
    deposit_paid_on = models.DateField(null=True, blank=True)
    deposit_back_on = models.DateField(null=True, blank=True)
    notice_days = models.PositiveSmallIntegerField(
        default=90, help_text="before its end somebody asks whether it goes on"
    )
    may_sublet = models.BooleanField(default=False)
    promises = models.JSONField(
        default=dict, blank=True, help_text="{code: amount} such as tax_per_mu"
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    ended_on = models.DateField(null=True, blank=True)
    ended_why = models.CharField(max_length=300, blank=True)
    renewed_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    sheet = models.ForeignKey(
        UnitSheet, on_delete=models.PROTECT, related_name="+", null=True, blank=True,
        help_text="brought it in",
    )  # fmt: skip
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "lease"
        constraints = [
            models.UniqueConstraint(fields=["zone", "number"], name="lease_number_once"),
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="lease_runs_forward"),
            models.CheckConstraint(
                condition=Q(rent_fen__gte=0, deposit_fen__gte=0), name="lease_costs_something"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["ended", "broken"]) | Q(ended_on__isnull=False),
                name="lease_ended_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="broken") | ~Q(ended_why=""), name="lease_broken_for_a_reason"
            ),
        ]
        indexes = [
            models.Index(
                fields=["zone", "until"], condition=Q(state="in_force"), name="lease_running_out"
            )
        ]

    def __str__(self) -> str:
        return self.number


class Occupancy(models.Model):
    """占用: a unit is reserved for, let to, sold to or used by somebody, from a day to a day.

    Of one unit never two at a time: the database excludes it. Ending early moves ``until``; what was
    written by mistake is struck out, with who and why in the journal.
    """

    class Kind(models.TextChoices):
        RESERVED = "reserved", _("reserved")
        LET = "let", _("let")
        SOLD = "sold", _("sold")
        OWN = "own", _("used by its owner")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="occupancies")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    name = models.CharField(max_length=80, blank=True, help_text="of whom the registry lacks")
    lease = models.ForeignKey(
        Lease, on_delete=models.PROTECT, related_name="occupancies", null=True, blank=True
    )
    since = models.DateField()
    until = models.DateField(null=True, blank=True, help_text="last day")
    why = models.CharField(max_length=200, blank=True)
    is_struck = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "occupancy"
        constraints = [
            ExclusionConstraint(
                name="occupancy_one_at_a_time",
                condition=Q(is_struck=False),
                expressions=[
                    (
                        Func(
                            F("unit_id"),
                            F("unit_id"),
                            Value("[]"),
                            function="int8range",
                            output_field=IntegerRangeField(),
                        ),
                        "&&",
                    ),
                    (
                        Func(
                            F("since"),
                            F("until"),
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="occupancy_runs_forward",
            ),
            models.CheckConstraint(
                condition=Q(party__isnull=False) | ~Q(name=""), name="occupancy_by_somebody"
            ),
            models.CheckConstraint(
                condition=(Q(kind="let") & Q(lease__isnull=False))
                | (~Q(kind="let") & Q(lease__isnull=True)),
                name="occupancy_let_by_a_lease",
            ),
        ]
        indexes = [models.Index(fields=["unit", "since"], name="occupancy_of_unit")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.kind}"


class CarrierFile(models.Model):
    """载体图片: a picture or a plan of a parcel, a building or a unit."""

    class Kind(models.TextChoices):
        PICTURE = "picture", _("picture")
        PLAN = "plan", _("floor plan")
        PAPER = "paper", _("paper")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    parcel = models.ForeignKey(
        Parcel, on_delete=models.PROTECT, related_name="files", null=True, blank=True
    )
    building = models.ForeignKey(
        Building, on_delete=models.PROTECT, related_name="files", null=True, blank=True
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="files", null=True, blank=True
    )
    kind = models.CharField(max_length=7, choices=Kind.choices)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    order = models.PositiveSmallIntegerField(default=0)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "carrier_file"
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(parcel__isnull=False, building__isnull=True, unit__isnull=True)
                | Q(parcel__isnull=True, building__isnull=False, unit__isnull=True)
                | Q(parcel__isnull=True, building__isnull=True, unit__isnull=False),
                name="carrier_file_of_one_thing",
            )
        ]

    def __str__(self) -> str:
        return self.name
