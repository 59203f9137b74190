"""Joint acceptance: one application for a building that is ready, each department its own result.

The application, its checks (one a department), the defects of the one list, the day on the site with
who goes, and what the zone plans days by. What an unpassed check holds up is said by its own law
(``AcceptanceKind.blocks``) and by nothing else.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Office, Post, StoredFile, Zone
from xiaoer.projects.models import Project
from xiaoer.registry.models import Party
from xiaoer.work.models import Matter, Task


class AcceptanceKind(models.Model):
    """验收事项: one check a building may need, as data: by which law, by whom, and what it holds up.

    ``draw_percent``: a filing of which that share is looked at on the site, by lot. ``single_steps``
    and ``single_trips`` are what it takes when asked for alone, by which savings are counted.
    """

    class Nature(models.TextChoices):
        LICENCE = "licence", _("licence")
        CONFIRMATION = "confirmation", _("confirmation")
        FILING = "filing", _("filing")
        DUTY = "duty", _("duty to hand over")

    class Applies(models.TextChoices):
        ALWAYS = "always", _("every building")
        SPECIAL = "special", _("special works only")
        ORDINARY = "ordinary", _("all but special works")
        AIR_DEFENCE = "air_defence", _("only with civil air defence")
        ASKED = "asked", _("where it is asked for")

    class Blocks(models.TextChoices):
        NOTHING = "nothing", _("nothing else")
        USE = "use", _("use of the building")
        OWNER = "owner", _("the owner's completion acceptance")
        FILING = "filing", _("the completion filing")

    class Turn(models.TextChoices):
        SITE = "site", _("with the others")
        LAST = "last", _("after the joint opinion")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    nature = models.CharField(max_length=14, choices=Nature.choices)
    statute = models.CharField(max_length=200, blank=True)
    authority = models.CharField(max_length=60, help_text="in words")
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    applies = models.CharField(max_length=12, choices=Applies.choices, default=Applies.ALWAYS)
    blocks = models.CharField(max_length=10, choices=Blocks.choices, default=Blocks.NOTHING)
    turn = models.CharField(max_length=6, choices=Turn.choices, default=Turn.SITE)
    draw_percent = models.PositiveSmallIntegerField(null=True, blank=True)
    inspectors = models.PositiveSmallIntegerField(default=2, help_text="how many go to the site")
    papers = models.JSONField(default=list, help_text="[name] of what is asked for")
    single_steps = models.PositiveSmallIntegerField(default=3)
    single_trips = models.PositiveSmallIntegerField(default=2)
    order = models.PositiveSmallIntegerField(default=0)
    source = models.CharField(max_length=200, blank=True)
    mark = models.CharField(max_length=2, blank=True, help_text="A, V, S, B, C, U or D")
    is_used = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "acceptance_kind"
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "code"], name="acceptance_kind_once"),
            models.CheckConstraint(
                condition=Q(draw_percent__isnull=True) | Q(draw_percent__lte=100),
                name="acceptance_kind_draws_a_share",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AcceptanceRule(models.Model):
    """验收排期规则: the hours, ways and counts by which days on sites are planned; one row a zone."""

    zone = models.OneToOneField(Zone, on_delete=models.PROTECT, related_name="+")
    begins = models.TimeField()
    ends = models.TimeField()
    lunch_from = models.TimeField()
    lunch_until = models.TimeField()
    visit_minutes = models.PositiveSmallIntegerField(default=90)
    speed_kmh = models.PositiveSmallIntegerField(default=35)
    detour_percent = models.PositiveSmallIntegerField(
        default=135, help_text="over the great circle"
    )
    base = models.JSONField(null=True, blank=True, help_text="[longitude, latitude], WGS 84")
    days_ahead = models.PositiveSmallIntegerField(default=10, help_text="working days looked at")
    joint_steps = models.PositiveSmallIntegerField(default=3, help_text="of a joint acceptance")
    source = models.CharField(max_length=200, blank=True)
    mark = models.CharField(max_length=2, blank=True, help_text="A, V, S, B, C, U or D")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "acceptance_rule"
        constraints = [
            models.CheckConstraint(
                condition=Q(begins__lt=F("lunch_from"))
                & Q(lunch_from__lte=F("lunch_until"))
                & Q(lunch_until__lt=F("ends")),
                name="acceptance_rule_hours_in_order",
            ),
            models.CheckConstraint(
                condition=Q(visit_minutes__gt=0) & Q(speed_kmh__gt=0) & Q(days_ahead__gt=0),
                name="acceptance_rule_is_some_time",
            ),
        ]

    def __str__(self) -> str:
        return str(self.zone_id)


class Inspector(models.Model):
    """验收人员: somebody a department authorised to sign on the site, and how much a day holds."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    per_day = models.PositiveSmallIntegerField(default=3)
    authorised_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "inspector"
        ordering = ["office", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["post", "office"],
                condition=Q(ended_on__isnull=True),
                name="inspector_once",
            ),
            models.CheckConstraint(condition=Q(per_day__gt=0), name="inspector_makes_some_visits"),
        ]

    def __str__(self) -> str:
        return str(self.post_id)


class InspectorAbsence(models.Model):
    """验收人员缺勤: days on which somebody cannot go."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    inspector = models.ForeignKey(Inspector, on_delete=models.PROTECT, related_name="absences")
    since = models.DateField()
    until = models.DateField()
    why = models.CharField(max_length=100, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "inspector_absence"
        ordering = ["since"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=F("since")), name="inspector_absence_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.since} {self.until}"


class Acceptance(models.Model):
    """联合验收: one application for a project, or for a part of it that is safe and separable.

    ``is_joint`` is false where the owner had its checks one by one and only the outcome is kept
    here, so that the share of those who chose the joint way is a true one. What one by one would
    have taken is fixed on applying (``single_steps``, ``single_trips``). ``moved_at`` is when it
    last moved: a machine whose clock was set back writes nothing before it.
    """

    class State(models.TextChoices):
        APPLIED = "applied", _("papers being checked")
        PAPERS_CHECKED = "papers_checked", _("papers checked by all")
        SUPPLEMENT = "supplement", _("to be supplemented by the owner")
        ACCEPTED = "accepted", _("accepted, day to be fixed")
        SCHEDULED = "scheduled", _("day on the site fixed")
        VISITED = "visited", _("visited, list of defects to be sent")
        RECTIFY = "rectify", _("defects being put right")
        PASSED = "passed", _("passed on the site")
        RECHECKED = "rechecked", _("passed after re-check")
        CONCLUDED = "concluded", _("joint opinion issued")
        FILED = "filed", _("completion filed")
        ARCHIVED = "archived", _("archives handed over")
        NOT_ACCEPTED = "not_accepted", _("not accepted")
        WITHDRAWN = "withdrawn", _("withdrawn by the owner")

    OPEN = (
        State.APPLIED, State.PAPERS_CHECKED, State.SUPPLEMENT, State.ACCEPTED, State.SCHEDULED,
        State.VISITED, State.RECTIFY, State.PASSED, State.RECHECKED, State.CONCLUDED, State.FILED,
    )  # fmt: skip
    SERVED = (State.CONCLUDED, State.FILED, State.ARCHIVED)
    CLOSED = (State.ARCHIVED, State.NOT_ACCEPTED, State.WITHDRAWN)

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=30)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    matter = models.OneToOneField(
        Matter, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    part = models.CharField(max_length=120, blank=True, help_text="building or phase; empty: all")
    is_phased = models.BooleanField(default=False, help_text="分期验收")
    phase_why = models.CharField(
        max_length=300, blank=True, help_text="why the part is safe and can be used apart"
    )
    phase_post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    area_m2 = models.PositiveIntegerField(null=True, blank=True)
    is_special = models.BooleanField(default=False, help_text="特殊建设工程, Fire Law")
    has_air_defence = models.BooleanField(default=False)
    is_joint = models.BooleanField(default=True)
    state = models.CharField(max_length=14, choices=State.choices, default=State.APPLIED)
    contact_name = models.CharField(max_length=60, blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    wished_days = models.JSONField(default=list, help_text="[day] the owner would like")
    guided_on = models.DateField(null=True, blank=True, help_text="事前辅导")
    guidance = models.CharField(max_length=1000, blank=True, help_text="the gaps seen before")
    applied_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True, help_text="of the one supplement")
    gaps = models.JSONField(default=list, help_text="[{check, what}] of the one supplement")
    answered_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    visited_at = models.DateTimeField(null=True, blank=True)
    listed_at = models.DateTimeField(null=True, blank=True, help_text="the one list of defects")
    passed_at = models.DateTimeField(null=True, blank=True)
    owner_accepted_on = models.DateField(null=True, blank=True, help_text="五方竣工验收")
    concluded_at = models.DateTimeField(null=True, blank=True)
    opinion = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    filed_on = models.DateField(null=True, blank=True)
    filing_number = models.CharField(max_length=60, blank=True)
    archives_by = models.DateField(null=True, blank=True, help_text="promised for")
    archived_on = models.DateField(null=True, blank=True)
    closed_why = models.CharField(max_length=500, blank=True)
    trips = models.PositiveSmallIntegerField(default=0, help_text="times the owner had to come")
    single_steps = models.PositiveSmallIntegerField(default=0)
    single_trips = models.PositiveSmallIntegerField(default=0)
    joint_steps = models.PositiveSmallIntegerField(default=0)
    moved_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "acceptance"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "number"], name="acceptance_number_once"),
            models.UniqueConstraint(
                fields=["project", "part"],
                condition=~Q(state__in=["not_accepted", "withdrawn"]),
                name="acceptance_of_a_part_once",
            ),
            models.CheckConstraint(
                condition=Q(is_phased=False)
                | (~Q(part="") & ~Q(phase_why="") & Q(phase_post__isnull=False)),
                name="acceptance_of_a_part_is_said_safe_by_a_person",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["concluded", "filed", "archived"])
                | Q(concluded_at__isnull=False),
                name="acceptance_concluded_at_some_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["filed", "archived"])
                | (Q(filed_on__isnull=False) & Q(owner_accepted_on__isnull=False)),
                name="acceptance_filed_after_the_owner_accepted",
            ),
            models.CheckConstraint(
                condition=Q(filed_on__isnull=True) | Q(filed_on__gte=F("owner_accepted_on")),
                name="acceptance_filed_not_before_the_owner_accepted",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(answered_at__gte=F("asked_at")),
                name="acceptance_answered_after_it_was_asked",
            ),
            models.CheckConstraint(
                condition=~Q(state="not_accepted") | ~Q(closed_why=""),
                name="acceptance_not_accepted_with_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["zone", "state", "id"],
                condition=~Q(state__in=["archived", "not_accepted", "withdrawn"]),
                name="acceptance_open",
            ),
            models.Index(fields=["zone", "project"], name="acceptance_of_project"),
            models.Index(fields=["zone", "party", "id"], name="acceptance_of_party"),
            models.Index(
                fields=["zone", "concluded_at"],
                condition=Q(concluded_at__isnull=False),
                name="acceptance_counted",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class AcceptanceCheck(models.Model):
    """分项验收: what one department has to say: of the papers, on the site, and by its own law.

    ``needs_visit`` is false for what is filed without being drawn by lot, and for what follows the
    joint opinion. A department that stays silent has said nothing: nothing here is filled by time.
    """

    class State(models.TextChoices):
        PAPERS = "papers", _("papers being checked")
        READY = "ready", _("papers in order")
        LACKING = "lacking", _("papers lacking")
        SIGNED = "signed", _("passed on the site")
        DEFECTS = "defects", _("defects to be put right")
        DECIDED = "decided", _("result issued")
        DROPPED = "dropped", _("not needed")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    acceptance = models.ForeignKey(Acceptance, on_delete=models.PROTECT, related_name="checks")
    kind = models.ForeignKey(AcceptanceKind, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.PAPERS)
    task = models.ForeignKey(
        Task, on_delete=models.PROTECT, related_name="+", null=True, blank=True,
        help_text="what its department has to do now",
    )  # fmt: skip
    needs_visit = models.BooleanField(default=True)
    is_drawn = models.BooleanField(null=True, blank=True, help_text="抽中, of a filing")
    # Of the papers
    papers_words = models.CharField(max_length=1000, blank=True, help_text="what is lacking")
    papers_at = models.DateTimeField(null=True, blank=True)
    papers_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    # On the site
    client_key = models.CharField(max_length=64, blank=True, help_text="of the phone that sent it")
    claimed_at = models.DateTimeField(null=True, blank=True, help_text="by the phone's clock")
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    seconded_by = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, help_text="the second who went"
    )
    site_words = models.CharField(max_length=1000, blank=True)
    # By its own law
    result_number = models.CharField(max_length=60, blank=True)
    result_on = models.DateField(null=True, blank=True)
    result_words = models.CharField(max_length=500, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "acceptance_check"
        ordering = ["acceptance", "kind__order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["acceptance", "kind"], name="acceptance_check_once"),
            models.UniqueConstraint(
                fields=["zone", "client_key"],
                condition=~Q(client_key=""),
                name="acceptance_check_sent_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="decided")
                | (Q(result_on__isnull=False) & ~Q(result_number="") & Q(decided_by__isnull=False)),
                name="acceptance_check_decided_by_a_person",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["signed", "defects"]) | Q(signed_by__isnull=False),
                name="acceptance_check_signed_by_a_person",
            ),
            models.CheckConstraint(
                condition=Q(seconded_by__isnull=True) | ~Q(seconded_by=F("signed_by")),
                name="acceptance_check_second_is_another",
            ),
        ]
        indexes = [
            models.Index(
                fields=["zone", "office", "state"],
                condition=~Q(state__in=["decided", "dropped"]),
                name="acceptance_check_of_office",
            ),
        ]

    def __str__(self) -> str:
        return str(self.kind_id)

    @property
    def party_id(self) -> int | None:
        """Whose it is, so that the owner sees its photographs."""
        return self.acceptance.party_id


class Defect(models.Model):
    """整改问题: one point of the one list, with its law, its day and the way it is looked at again."""

    class Way(models.TextChoices):
        PAPERS = "papers", _("by photographs and papers")
        SITE = "site", _("on the site")

    class State(models.TextChoices):
        OPEN = "open", _("to be put right")
        REPAIRED = "repaired", _("put right, to be looked at")
        PASSED = "passed", _("passed")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    acceptance = models.ForeignKey(Acceptance, on_delete=models.PROTECT, related_name="defects")
    check_row = models.ForeignKey(AcceptanceCheck, on_delete=models.PROTECT, related_name="defects")
    # As the phone named it: sent again it is the same.
    key = models.CharField(max_length=64, blank=True)
    what = models.CharField(max_length=500)
    clause = models.CharField(max_length=200, help_text="legal clause")
    place = models.CharField(max_length=120, blank=True)
    way = models.CharField(max_length=6, choices=Way.choices, default=Way.SITE)
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    found_at = models.DateTimeField()
    repair_words = models.CharField(max_length=500, blank=True)
    repaired_at = models.DateTimeField(null=True, blank=True)
    rechecked_at = models.DateTimeField(null=True, blank=True)
    rechecked_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    recheck_words = models.CharField(max_length=500, blank=True)
    times = models.PositiveSmallIntegerField(
        default=0, help_text="how often it was looked at again"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "defect"
        ordering = ["acceptance", "check_row", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["check_row", "key"], condition=~Q(key=""), name="defect_sent_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="repaired") | Q(repaired_at__isnull=False),
                name="defect_repaired_at_some_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="passed") | Q(rechecked_by__isnull=False),
                name="defect_passed_by_a_person",
            ),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def party_id(self) -> int | None:
        """Whose it is, so that the owner sees its photographs."""
        return self.acceptance.party_id


class SiteDay(models.Model):
    """现场验收日: the one day and hour on which every department comes to one building.

    Fixed by the window, of what the search proposed (kept by the search itself) or by hand. ``is_locked``: the search leaves it where
    it is. ``place_in_day`` and ``travel_minutes`` are the way from the visit before, or from the base.
    """

    class State(models.TextChoices):
        FIXED = "fixed", _("fixed")
        HELD = "held", _("held")
        DROPPED = "dropped", _("dropped")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    acceptance = models.ForeignKey(Acceptance, on_delete=models.PROTECT, related_name="site_days")
    day = models.DateField()
    starts_at = models.TimeField()
    minutes = models.PositiveSmallIntegerField()
    place_in_day = models.PositiveSmallIntegerField(default=1)
    travel_minutes = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State.choices, default=State.FIXED)
    is_locked = models.BooleanField(default=False)
    by_hand = models.BooleanField(default=False)
    fixed_at = models.DateTimeField(null=True, blank=True)
    dropped_why = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "site_day"
        ordering = ["day", "starts_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["acceptance"],
                condition=Q(state="fixed"),
                name="site_day_one_to_come",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["fixed", "held"]) | Q(fixed_at__isnull=False),
                name="site_day_fixed_at_some_time",
            ),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="site_day_is_some_time"),
        ]
        indexes = [
            models.Index(
                fields=["zone", "day"],
                condition=Q(state="fixed"),
                name="site_day_to_come",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.starts_at}"


class SiteInspector(models.Model):
    """现场验收人员: who of which department goes on that day."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    site_day = models.ForeignKey(SiteDay, on_delete=models.CASCADE, related_name="goers")
    check_row = models.ForeignKey(AcceptanceCheck, on_delete=models.PROTECT, related_name="+")
    inspector = models.ForeignKey(Inspector, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "site_inspector"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["site_day", "check_row", "inspector"], name="site_inspector_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.inspector_id)


class SiteSearch(models.Model):
    """验收排期: a search for days on which every department of each building has somebody free.

    ``best`` is kept while it runs; ``left`` says of each building it found no day for which
    department lacks whom.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for its turn")
        RUNNING = "running", _("searching")
        DONE = "done", _("ready")
        FAILED = "failed", _("failed")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    seconds = models.PositiveSmallIntegerField(default=5)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    wants_stop = models.BooleanField(default=False)
    better = models.PositiveIntegerField(default=0, help_text="how often a better one was found")
    placed = models.PositiveSmallIntegerField(default=0)
    asked = models.PositiveSmallIntegerField(default=0)
    best = models.JSONField(default=list, help_text="[{acceptance, day, minute, posts, …}]")
    left = models.JSONField(default=list, help_text="[{acceptance, lacks: [{office, why}]}]")
    message = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField()
    told_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "site_search"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["zone"],
                condition=Q(state__in=["waiting", "running"]),
                name="site_search_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True) | Q(state="done"),
                name="site_search_taken_when_ready",
            ),
        ]

    def __str__(self) -> str:
        return str(self.state)
