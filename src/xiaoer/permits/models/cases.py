"""Cases: one application, its branches, their steps, papers, events, pauses and the rating.

Whatever is done to a case touches rows of one branch and appends one event: a step costs the same
in a case of ten events and of ten thousand. Clocks are computed from the events kept here.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Office, Post, StoredFile, Zone
from xiaoer.papers.models import HeldPaper, Licence, Reading
from xiaoer.permits.models.things import ThingVersion
from xiaoer.registry.models import Party
from xiaoer.work.clocks import LimitUnit, PauseReason
from xiaoer.work.models import Matter, Task


class Case(models.Model):
    """办件: one application for a thing, from its draft until it is archived.

    ``key_hash`` is the hash of a secret an applicant without an account holds. The applicant is a
    party, of the zone or not; while a stranger still drafts there is none yet.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("being filled in")
        SUBMITTED = "submitted", _("submitted, to be looked through")
        SUPPLEMENT = "supplement", _("to be supplemented by the applicant")
        RUNNING = "running", _("accepted and running")
        DECIDED = "decided", _("all decided")
        ISSUED = "issued", _("results issued")
        NOT_NEEDED = "not_needed", _("no licence needed")
        WRONG_PLACE = "wrong_place", _("another authority's")
        NOT_ACCEPTED = "not_accepted", _("not accepted")
        WITHDRAWN = "withdrawn", _("withdrawn by the applicant")
        ENDED = "ended", _("ended")

    class Channel(models.TextChoices):
        ONLINE = "online", _("online")
        POINT = "point", _("at a service point")
        AGENT = "agent", _("by a helping agent")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=30, help_text="one acceptance number")
    thing_version = models.ForeignKey(ThingVersion, on_delete=models.PROTECT, related_name="cases")
    matter = models.OneToOneField(
        Matter, on_delete=models.PROTECT, related_name="permit_case", null=True
    )
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="permit_cases", null=True, blank=True
    )
    applicant_name = models.CharField(max_length=120, blank=True)
    contact_name = models.CharField(max_length=60, blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    key_hash = models.CharField(max_length=64, blank=True, help_text="secret of a stranger's draft")
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.ONLINE)
    answers = models.JSONField(default=dict, help_text="{question: code, [codes] or true}")
    form = models.JSONField(default=dict, help_text="{field: value}, as normalised")
    form_sources = models.JSONField(default=dict, help_text="{field: where its value came from}")
    is_early_release = models.BooleanField(
        default=False, help_text="results as each is ready, by the applicant's choice"
    )
    promised_signed_at = models.DateTimeField(null=True, blank=True, help_text="告知承诺")
    promise_words = models.TextField(blank=True, help_text="the promise as it was signed")
    check_asked_at = models.DateTimeField(
        null=True, blank=True, help_text="the applicant asked an ambassador to look a draft through"
    )
    checked_at = models.DateTimeField(
        null=True, blank=True, help_text="pre-checked by an ambassador"
    )
    checked_by = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    check_words = models.CharField(max_length=500, blank=True)
    drafted_at = models.DateTimeField()
    saved_at = models.DateTimeField(null=True, blank=True, help_text="of the draft, last")
    submitted_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(
        null=True, blank=True, help_text="of the papers as they are now; the law's day of receipt"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)
    is_deemed = models.BooleanField(default=False, help_text="accepted by silence, art. 32")
    # The one extension all branches share (Licensing Law, article 42 (2)).
    joint_more = models.PositiveSmallIntegerField(
        default=0, help_text="what the limit of all together was extended by, in its unit"
    )
    joint_why = models.CharField(max_length=300, blank=True)
    joint_by = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    joint_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_why = models.CharField(max_length=500, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    archive = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, related_name="+", null=True, blank=True,
        help_text="its e-file: every paper with an index",
    )  # fmt: skip
    is_automatic = models.BooleanField(default=False, help_text="decided with nobody in between")
    trips = models.PositiveSmallIntegerField(default=0, help_text="times somebody had to come")
    desk = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "permit_case"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "number"], name="permit_case_number_once"),
            models.UniqueConstraint(
                fields=["key_hash"], condition=~Q(key_hash=""), name="permit_case_key_once"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(submitted_at__isnull=False) | Q(state="withdrawn"),
                name="permit_case_submitted_at_some_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["running", "decided", "issued"])
                | Q(accepted_at__isnull=False),
                name="permit_case_accepted_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(party__isnull=False) | Q(state="withdrawn"),
                name="permit_case_has_an_applicant",
            ),
            models.CheckConstraint(
                condition=Q(joint_more=0)
                | (Q(joint_by__isnull=False, joint_at__isnull=False) & ~Q(joint_why="")),
                name="permit_case_extended_by_a_leader_with_reasons",
            ),
        ]
        indexes = [
            models.Index(fields=["zone", "state", "id"], name="permit_case_by_state"),
            models.Index(fields=["zone", "party", "id"], name="permit_case_of_party"),
            models.Index(fields=["zone", "thing_version", "id"], name="permit_case_of_thing"),
            models.Index(fields=["zone", "submitted_at", "id"], name="permit_case_by_day"),
            models.Index(
                fields=["zone", "received_at"],
                condition=Q(state="submitted"),
                name="permit_case_to_accept",
            ),
            models.Index(
                fields=["zone", "check_asked_at"],
                condition=Q(state="draft", check_asked_at__isnull=False),
                name="permit_case_to_look_through",
            ),
        ]

    def __str__(self) -> str:
        return self.number


def _english(case: Case, part: str, key: str, code: str) -> str:
    """The English name of a part of a case, as its version says it."""
    if "body" in case.thing_version.get_deferred_fields():
        return ""  # a long list does not load every definition for it
    rows = case.thing_version.body.get(part, ())
    return next((str(one.get("name_en", "")) for one in rows if one.get(key) == code), "")


class CaseItem(models.Model):
    """办件事项: one branch of a case with its own clocks and its own result."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for another item")
        RUNNING = "running", _("being handled")
        GRANTED = "granted", _("granted")
        FILED = "filed", _("filed or confirmed")
        REFUSED = "refused", _("refused")
        BARRED = "barred", _("not begun: what it depends on was refused")
        WITHDRAWN = "withdrawn", _("withdrawn by the applicant")

    OPEN = (State.WAITING, State.RUNNING)

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="items")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=80)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    by_promise = models.BooleanField(default=False, help_text="告知承诺 route")
    # As the version said when the case was accepted, so that a step needs nothing but this row.
    decides = models.CharField(
        max_length=8, default="grant", help_text="permits.definition.Decides"
    )
    after = models.JSONField(
        default=list, help_text="[codes] of the items of the case it waits for"
    )
    path = models.JSONField(default=list, help_text="[{kind, name, name_en, offices}] in order")
    authority = models.CharField(max_length=120, blank=True, help_text="法定实施主体")
    licence_code = models.CharField(max_length=60, blank=True, help_text="kind it results in")
    extend_most = models.PositiveSmallIntegerField(
        default=0, help_text="most it may be extended by, once"
    )
    granted = models.JSONField(
        default=dict, help_text="{content, valid_from, valid_until} until the licence is issued"
    )
    # Limits as the definition said at acceptance; what is due is computed, and kept for lists.
    statutory_count = models.PositiveSmallIntegerField()
    statutory_unit = models.CharField(max_length=20, choices=LimitUnit.choices)
    promised_count = models.PositiveSmallIntegerField()
    promised_unit = models.CharField(max_length=20, choices=LimitUnit.choices)
    extended_by = models.PositiveSmallIntegerField(default=0)
    extended_why = models.CharField(max_length=300, blank=True)
    extended_by_post = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    started_at = models.DateTimeField(null=True, blank=True, help_text="when its clocks started")
    statutory_due_at = models.DateTimeField(null=True, blank=True)
    promised_due_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    decision = models.CharField(
        max_length=1000, blank=True, help_text="its words; of a refusal, why"
    )
    licence = models.ForeignKey(
        Licence, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    notice = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    order = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "case_item"
        ordering = ["case", "order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "code"], name="case_item_once"),
            models.CheckConstraint(
                condition=~Q(state__in=["granted", "filed", "refused"])
                | Q(decided_at__isnull=False),
                name="case_item_decided_at_some_time",
            ),
            # Only a person refuses, and says why.
            models.CheckConstraint(
                condition=~Q(state="refused") | (Q(decided_by__isnull=False) & ~Q(decision="")),
                name="case_item_refused_by_a_person_with_reasons",
            ),
        ]
        indexes = [
            models.Index(
                fields=["zone", "office", "promised_due_at"],
                condition=Q(state="running"),
                name="case_item_queue",
            ),
            models.Index(fields=["zone", "decided_at"], name="case_item_by_decision"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name_en(self) -> str:
        return _english(self.case, "items", "code", self.code)


class CaseStep(models.Model):
    """办理环节: what somebody has to do in a branch now, or did; one row a turn, never re-opened.

    ``order`` is the place in the branch's path; returned to, a place gets a new row with the next
    ``turn``. Signers of a countersignature are rows of one place; an added one names its ``parent``.
    """

    class State(models.TextChoices):
        OPEN = "open", _("to do")
        HELD = "held", _("on hold")
        DONE = "done", _("done")
        RETURNED = "returned", _("returned")
        HANDED_ON = "handed_on", _("handed on")
        DROPPED = "dropped", _("no longer needed")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(CaseItem, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=14, help_text="permits.definition.StepKind")
    name = models.CharField(max_length=80)
    order = models.PositiveSmallIntegerField()
    turn = models.PositiveSmallIntegerField(default=1)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="added", null=True, blank=True
    )
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", null=True)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    task = models.ForeignKey(
        Task, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    agrees = models.BooleanField(null=True, blank=True)
    words = models.CharField(max_length=1000, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "case_step"
        ordering = ["item", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "held"], done_at__isnull=True)
                | (~Q(state__in=["open", "held"]) & Q(done_at__isnull=False)),
                name="case_step_ends_when_it_is_not_open",
            ),
        ]
        indexes = [
            models.Index(fields=["item", "order", "turn"], name="case_step_of_item"),
            models.Index(
                fields=["item"],
                condition=Q(state__in=["open", "held"]),
                name="case_step_open_of_item",
            ),
            models.Index(
                fields=["zone", "office", "opened_at"],
                condition=Q(state__in=["open", "held"]),
                name="case_step_of_office",
            ),
            models.Index(
                fields=["zone", "post", "opened_at"],
                condition=Q(state__in=["open", "held"]),
                name="case_step_of_post",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CaseEvent(models.Model):
    """办件记录: what happened, in order, for the applicant and the file; append-only."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    item = models.ForeignKey(
        CaseItem, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    step = models.ForeignKey(
        CaseStep, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    verb = models.CharField(max_length=40)
    detail = models.JSONField(default=dict)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    who = models.CharField(max_length=120)
    is_shown = models.BooleanField(default=True, help_text="the applicant sees it")
    at = models.DateTimeField()

    class Meta:
        db_table = "case_event"
        ordering = ["id"]
        indexes = [models.Index(fields=["case", "id"], name="case_event_of_case")]

    def __str__(self) -> str:
        return self.verb


class CaseMaterial(models.Model):
    """办件材料: a paper the case asks for: given, used again, promised for later, or still missing."""

    class State(models.TextChoices):
        MISSING = "missing", _("still missing")
        GIVEN = "given", _("here")
        HELD = "held", _("held already, used again")
        PROMISED = "promised", _("promised for later")
        EXEMPT = "exempt", _("not asked for")
        BROKEN = "broken", _("promised and not brought")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="materials")
    paper_code = models.SlugField(max_length=60)
    name = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=State.choices, default=State.MISSING)
    paper = models.ForeignKey(
        HeldPaper, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    # What a stranger without a party brings to a draft, until it is held for the party.
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    file_name = models.CharField(max_length=200, blank=True)
    reading = models.ForeignKey(
        Reading, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    promised_until = models.DateField(null=True, blank=True, help_text="容缺: to be brought by it")
    given_at = models.DateTimeField(null=True, blank=True)
    is_wrong = models.BooleanField(default=False, help_text="named in the supplement notice")
    wrong_why = models.CharField(max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "case_material"
        ordering = ["case", "order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "paper_code"], name="case_material_once"),
            models.CheckConstraint(
                condition=~Q(state__in=["given", "held"])
                | Q(paper__isnull=False)
                | Q(file__isnull=False),
                name="case_material_given_is_there",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["promised", "broken"]) | Q(promised_until__isnull=False),
                name="case_material_promised_for_a_day",
            ),
        ]
        indexes = [
            models.Index(
                fields=["zone", "promised_until"],
                condition=Q(state="promised"),
                name="case_material_promised",
            ),
            models.Index(
                fields=["zone", "paper"],
                condition=Q(paper__isnull=False),
                name="case_material_of_paper",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name_en(self) -> str:
        return _english(self.case, "materials", "paper", self.paper_code)


class Supplement(models.Model):
    """补正告知: the one notice of all that is missing, of all departments; a case has at most one."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="supplement")
    gaps = models.JSONField(default=list, help_text="[{what, code, office, why}]")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    due_at = models.DateTimeField(help_text="by which the applicant answers")
    answered_at = models.DateTimeField(null=True, blank=True)
    notice = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        db_table = "supplement"
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(answered_at__gte=F("asked_at")),
                name="supplement_answered_after_it_was_asked",
            ),
        ]

    def __str__(self) -> str:
        return str(self.case_id)


class ItemPause(models.Model):
    """办件暂停: time an item's clocks do not count, for a reason of article 45, told in writing."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(CaseItem, on_delete=models.PROTECT, related_name="pauses")
    reason = models.CharField(max_length=40, choices=PauseReason.choices)
    words = models.CharField(max_length=300)
    expected_days = models.PositiveSmallIntegerField(help_text="working days, as told")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    notice = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        db_table = "item_pause"
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="item_pause_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["item"], condition=Q(until__isnull=True), name="item_pause_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class Rating(models.Model):
    """好差评: what the applicant says of the handling; a bad one is looked into and answered."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="rating")
    score = models.PositiveSmallIntegerField(help_text="1 very bad … 5 very good")
    words = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    task = models.ForeignKey(
        Task, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    is_upheld = models.BooleanField(null=True, blank=True, help_text="found true on checking")
    answer = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        db_table = "rating"
        constraints = [
            models.CheckConstraint(
                condition=Q(score__gte=1) & Q(score__lte=5), name="rating_from_one_to_five"
            ),
        ]

    def __str__(self) -> str:
        return str(self.score)
