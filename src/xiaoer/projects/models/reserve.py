"""Projects, the stages they pass, and the lists they stand on."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Office, Post, Zone
from xiaoer.registry.models import Park, Party
from xiaoer.work.models import Matter


class Stage(models.TextChoices):
    """阶段: how far a project is; each is entered by a proof, on the day of the fact."""

    PLANNED = "planned", _("in planning")
    RESERVE = "reserve", _("in reserve")
    SIGNED = "signed", _("signed")
    STARTED = "started", _("started")
    BUILDING = "building", _("being built")
    COMPLETED = "completed", _("completed")
    PRODUCING = "producing", _("in production")
    FULL = "full", _("at full output")


class Light(models.TextChoices):
    """灯: grey is no data, never green."""

    RED = "red", _("red")
    AMBER = "amber", _("amber")
    GREEN = "green", _("green")
    GREY = "grey", _("no data")


class Project(models.Model):
    """项目: something to be built, from an idea to full output, with its promised day.

    ``light``, ``light_why`` were computed at ``lit_at`` by rules of the zone; a light set by hand
    has its reason and its end. ``spot`` is a GeoJSON geometry, WGS 84: the parcel or the workshop.
    The plan of its steps hangs on ``matter``.
    """

    class Kind(models.TextChoices):
        NEW_BUILD = "new_build", _("new build on land")
        FIT_OUT = "fit_out", _("workshop fit-out")
        UPGRADE = "upgrade", _("technical upgrade")
        INFRASTRUCTURE = "infrastructure", _("infrastructure")
        REAL_ESTATE = "real_estate", _("real estate")
        OTHER = "other", _("other")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    matter = models.OneToOneField(
        Matter, on_delete=models.PROTECT, related_name="project", null=True
    )
    name = models.CharField(max_length=80)
    short_name = models.CharField(max_length=20, blank=True, help_text="as the wall calls it")
    code = models.CharField(max_length=30, blank=True, help_text="国家代码 of the online platform")
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="projects", null=True, blank=True
    )
    owner_name = models.CharField(
        max_length=80, blank=True, help_text="who builds it while no firm of ours does"
    )
    kind = models.CharField(max_length=16, choices=Kind.choices)
    is_industry = models.BooleanField(default=True, help_text="产业项目")
    industry = models.CharField(max_length=60, blank=True)
    content = models.CharField(max_length=1000, blank=True)
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.PLANNED)
    stage_on = models.DateField(help_text="day of the fact by which the stage was entered")
    total_fen = models.BigIntegerField(null=True, blank=True, help_text="计划总投资")
    contract_fen = models.BigIntegerField(null=True, blank=True, help_text="合同额")
    promised_on = models.DateField(null=True, blank=True, help_text="答应投产")
    starts_by = models.DateField(null=True, blank=True, help_text="to be started by it")
    is_land_first = models.BooleanField(default=False, help_text="拿地即开工")
    land_signed_on = models.DateField(null=True, blank=True)
    park = models.ForeignKey(Park, on_delete=models.PROTECT, null=True, blank=True)
    place = models.CharField(max_length=100, blank=True)
    spot = models.JSONField(null=True, blank=True, help_text="GeoJSON geometry, WGS 84")
    leader = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    officer = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    light = models.CharField(max_length=6, choices=Light.choices, default=Light.GREY)
    light_why = models.CharField(max_length=300, blank=True)
    light_facts = models.JSONField(
        default=list, blank=True, help_text="[{rule, light, …}] what each rule saw; words by lights"
    )
    lit_at = models.DateTimeField(null=True, blank=True)
    hand_light = models.CharField(max_length=6, choices=Light.choices, blank=True)
    hand_why = models.CharField(max_length=300, blank=True)
    hand_until = models.DateField(null=True, blank=True)
    opened_at = models.DateTimeField()
    ended_on = models.DateField(null=True, blank=True, help_text="given up, or moved away")
    ended_why = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "project"
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "code"], condition=~Q(code=""), name="project_code_once"
            ),
            models.CheckConstraint(
                condition=Q(party__isnull=False) | ~Q(owner_name=""), name="project_has_an_owner"
            ),
            models.CheckConstraint(
                condition=Q(total_fen__isnull=True) | Q(total_fen__gte=0),
                name="project_costs_something",
            ),
            models.CheckConstraint(
                condition=Q(hand_light="", hand_until__isnull=True)
                | (~Q(hand_light="") & ~Q(hand_why="") & Q(hand_until__isnull=False)),
                name="project_hand_light_has_a_reason_and_an_end",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | ~Q(ended_why=""),
                name="project_ends_with_a_reason",
            ),
        ]
        indexes = [
            # Partial: the wall costs the same however many projects are finished.
            models.Index(
                fields=["zone", "stage"],
                condition=Q(ended_on__isnull=True) & ~Q(stage="full"),
                name="project_living",
            ),
            models.Index(fields=["zone", "stage", "stage_on"], name="project_of_stage"),
            models.Index(fields=["zone", "leader"], name="project_of_leader"),
        ]

    def __str__(self) -> str:
        return self.name


class StagePassage(models.Model):
    """阶段记录: a project entered a stage; ``fact_on`` when it was so, ``reported_at`` when said.

    One that says it was so long ago is back-dated: asked for, and granted or refused by somebody else.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("asked for")
        GRANTED = "granted", _("granted")
        REFUSED = "refused", _("refused")
        UNDONE = "undone", _("taken back")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="passages")
    stage = models.CharField(max_length=12, choices=Stage.choices)
    from_stage = models.CharField(max_length=12, choices=Stage.choices, blank=True)
    fact_on = models.DateField()
    reported_at = models.DateTimeField()
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    note = models.CharField(max_length=500, blank=True)
    is_backdated = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.GRANTED)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    decided_why = models.CharField(max_length=300, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    undone_why = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "stage_passage"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="undone") | (Q(undone_at__isnull=False) & ~Q(undone_why="")),
                name="stage_passage_taken_back_with_a_reason",
            ),
            models.UniqueConstraint(
                fields=["project"], condition=Q(state="asked"), name="stage_passage_one_asked"
            ),
            models.CheckConstraint(
                condition=Q(is_backdated=False)
                | Q(state="asked")
                | Q(decided_by__isnull=False) & ~Q(decided_by=F("post")),
                name="stage_passage_backdated_is_granted_by_another",
            ),
        ]
        indexes = [
            models.Index(
                fields=["zone", "stage", "fact_on"],
                condition=Q(state="granted"),
                name="stage_passage_counted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.fact_on}"


class ProjectList(models.Model):
    """项目清单: a list of a year and a level, such as the province's major projects, by a document."""

    class Level(models.TextChoices):
        PROVINCIAL = "provincial", _("provincial")
        MUNICIPAL = "municipal", _("municipal")
        ZONE = "zone", _("of the zone")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    level = models.CharField(max_length=12, choices=Level.choices)
    year = models.PositiveSmallIntegerField()
    subject = models.SlugField(
        max_length=30, blank=True, help_text="what it is about: key, upgrade, top_priority …"
    )
    document = models.CharField(max_length=200, blank=True)
    goal_percent = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="of the year's plan, as the zone set itself"
    )
    ended_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "project_list"
        ordering = ["-year", "level", "code"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "code", "year"], name="project_list_once")
        ]

    def __str__(self) -> str:
        return self.name


class ListPlace(models.Model):
    """上榜: a project stands on a list, from a day to a day."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    list = models.ForeignKey(ProjectList, on_delete=models.PROTECT, related_name="places")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="places")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    why = models.CharField(max_length=200, blank=True, help_text="why it left")

    class Meta:
        db_table = "list_place"
        constraints = [
            models.UniqueConstraint(
                fields=["list", "project"],
                condition=Q(until__isnull=True),
                name="list_place_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="list_place_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return str(self.project_id)


class ForceMember(models.Model):
    """专班成员: who belongs to the task force of a project, from a day to a day."""

    class Part(models.TextChoices):
        HEAD = "head", _("heads it")
        MEMBER = "member", _("member")
        STATIONED = "stationed", _("stationed on the site")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="force")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=10, choices=Part.choices, default=Part.MEMBER)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        db_table = "force_member"
        constraints = [
            models.UniqueConstraint(
                fields=["project", "post"],
                condition=Q(until__isnull=True),
                name="force_member_once_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return str(self.post_id)
