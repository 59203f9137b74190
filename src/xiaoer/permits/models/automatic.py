"""Decisions with nobody in between: packs, what each decision saw, who looked after it, registers.

A machine may grant and nothing else. What it decided on is frozen with the decision, so that it can
be put to the same rule again years later; the tables of decisions and of what they rest on are
append-only.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Office, Post, Zone
from xiaoer.permits.models.cases import Case
from xiaoer.permits.models.things import Thing
from xiaoer.rules.models import RuleVersion
from xiaoer.work.models import Task


class SharedRegister(models.Model):
    """共享数据: a register another authority shares, such as approved receiving sites.

    Fetched longer ago than ``fresh_hours`` it says nothing: what it would say is unknown. So is what
    it would say while it is stopped.
    """

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    key_name = models.CharField(max_length=60, help_text="what its keys are, such as plate")
    fields = models.JSONField(default=list, help_text="[{code, name, name_en, kind}] of an entry")
    fresh_hours = models.PositiveIntegerField(default=24)
    fetched_at = models.DateTimeField(null=True, blank=True, help_text="whole, the last time")
    is_stopped = models.BooleanField(default=False, help_text="its source is down or in doubt")
    source = models.CharField(max_length=200, blank=True)
    mark = models.CharField(max_length=2, blank=True, help_text="A, V, S, B, C, U or D")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "shared_register"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "code"], name="shared_register_once"),
        ]

    def __str__(self) -> str:
        return self.name


class SharedEntry(models.Model):
    """共享数据条目: what a register says under one key, and on which days it holds.

    ``key`` is normal: without blanks, full-width signs made plain, letters large.
    """

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    register = models.ForeignKey(SharedRegister, on_delete=models.PROTECT, related_name="entries")
    key = models.CharField(max_length=120)
    name = models.CharField(max_length=120, blank=True)
    content = models.JSONField(default=dict, help_text="{field: value}")
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True, help_text="last day it holds")
    fetched_at = models.DateTimeField()
    source = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="no longer in the register")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "shared_entry"
        ordering = ["register", "key"]
        constraints = [
            models.UniqueConstraint(fields=["register", "key"], name="shared_entry_once"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
                name="shared_entry_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.key


class AutoPack(models.Model):
    """智能审批事项包: what a thing needs to be granted with nobody in between, and whether it may.

    ``state`` is the switch: off at once, looked at under the lock of this row before every grant.
    ``body`` is ``permits.automatic.packs.Terms``: the values, and which sources must state each.
    ``code`` names the words of its rule: the rule's subject is ``pack:`` and the code.
    """

    class State(models.TextChoices):
        OFF = "off", _("off: people decide all")
        SHADOW = "shadow", _("in shadow: people decide, the machine is compared")
        ON = "on", _("on")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    thing = models.OneToOneField(Thing, on_delete=models.PROTECT, related_name="pack")
    code = models.SlugField(max_length=15)
    rule_code = models.SlugField(max_length=60, help_text="code of the rule that decides")
    state = models.CharField(max_length=8, choices=State.choices, default=State.OFF)
    switched_why = models.CharField(max_length=300, blank=True)
    switched_at = models.DateTimeField(null=True, blank=True)
    switched_by = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True,
        help_text="empty: it stopped by itself",
    )  # fmt: skip
    body = models.JSONField(default=dict, help_text="permits.automatic.packs.Terms")
    sample_percent = models.PositiveSmallIntegerField(
        default=5, help_text="of grants, looked at by a person afterwards"
    )
    least_confidence = models.PositiveSmallIntegerField(
        default=90, help_text="percent; a field's own limit counts where it is higher"
    )
    sample_secret = models.CharField(max_length=64, help_text="draws the sample; never shown")
    # 授权: two persons of the authority, for one version of the rule, on a document.
    authorised_by = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    authorised_second = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    authorised_at = models.DateTimeField(null=True, blank=True)
    authorised_version = models.ForeignKey(
        RuleVersion, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    document = models.CharField(max_length=200, blank=True, help_text="of the authorisation")
    law_checked_until = models.DateField(
        null=True, blank=True, help_text="last day for which the law was looked at again"
    )
    basis = models.CharField(max_length=500, blank=True)
    suitability = models.CharField(max_length=1000, blank=True, help_text="适用性判断, in words")
    source = models.CharField(max_length=300, blank=True)
    mark = models.CharField(max_length=2, blank=True, help_text="A, V, S, B, C, U or D")
    note = models.CharField(max_length=500, blank=True, help_text="what is unverified in it")
    post_check_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="working days until two officers look on site; empty: none"
    )
    licence_months = models.PositiveSmallIntegerField(null=True, blank=True)
    daily_limit = models.PositiveIntegerField(default=50, help_text="grants a day")
    applicant_limit = models.PositiveSmallIntegerField(
        default=3, help_text="grants to one applicant in 30 days"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "auto_pack"
        ordering = ["thing"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "code"], name="auto_pack_once"),
            models.CheckConstraint(
                condition=Q(sample_percent__lte=100) & Q(least_confidence__lte=100),
                name="auto_pack_percent",
            ),
            # Two persons, and a document, before it decides anything.
            models.CheckConstraint(
                condition=~Q(state="on")
                | (
                    Q(authorised_by__isnull=False)
                    & Q(authorised_second__isnull=False)
                    & ~Q(authorised_by=F("authorised_second"))
                    & Q(authorised_version__isnull=False)
                    & Q(authorised_at__isnull=False)
                    & ~Q(document="")
                ),
                name="auto_pack_on_was_authorised_by_two",
            ),
            models.CheckConstraint(
                condition=Q(switched_at__isnull=True) | ~Q(switched_why=""),
                name="auto_pack_switched_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class AutoBasis(models.Model):
    """决定依据: a pack's terms, a rule's clauses and its words as they stood, kept once, for ever.

    Decisions point here, so that each can be put to the very same rule again.
    """

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the content")
    content = models.JSONField(help_text="{pack, rule, clauses, words, terms, limits}")
    at = models.DateTimeField()

    class Meta:
        db_table = "auto_basis"
        constraints = [
            models.UniqueConstraint(fields=["zone", "digest"], name="auto_basis_once"),
        ]

    def __str__(self) -> str:
        return self.digest[:12]


class AutoDecision(models.Model):
    """自动决定: what the machine found for a case, on what, by which rule; append-only.

    ``granted``: it decided. ``to_person``: a person decides, ``doubts`` say on what. ``shadow``: it
    would have granted, and a person decides. There is no refusal.
    """

    class Outcome(models.TextChoices):
        GRANTED = "granted", _("granted")
        TO_PERSON = "to_person", _("to a person")
        SHADOW = "shadow", _("would have granted (shadow)")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="auto_decisions")
    pack = models.ForeignKey(AutoPack, on_delete=models.PROTECT, related_name="decisions")
    pack_version = models.PositiveIntegerField()
    rule_version = models.ForeignKey(
        RuleVersion, on_delete=models.PROTECT, related_name="+", null=True
    )
    basis = models.ForeignKey(AutoBasis, on_delete=models.PROTECT, related_name="+", null=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    on = models.DateField(help_text="day the rule was asked about")
    clauses = models.JSONField(default=list, help_text="[{name, name_en, state, read, missing}]")
    inputs = models.JSONField(
        default=list,
        help_text="[{name, source, value, confidence, at, hash, reading, field, why}]",
    )
    doubts = models.JSONField(
        default=list, help_text="[{field, why, values: [{source, value, confidence, reading}]}]"
    )
    signs = models.JSONField(default=list, help_text="[{paper, code, words}] told to a person")
    papers = models.JSONField(default=list, help_text="[{code, sha256, reading}]")
    engines = models.JSONField(default=list, help_text="[engine and version] of every reading")
    took_ms = models.PositiveIntegerField(help_text="gathering and deciding, with reading")
    same_key = models.CharField(
        max_length=64, blank=True, help_text="alike in two cases: one application"
    )
    digest = models.CharField(max_length=64, help_text="SHA-256 over all that decided")
    at = models.DateTimeField()

    class Meta:
        db_table = "auto_decision"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(outcome="granted"), name="auto_decision_grants_once"
            ),
            # Never a grant with anything in doubt, nor without its rule.
            models.CheckConstraint(
                condition=~Q(outcome="granted")
                | (Q(doubts=[]) & Q(rule_version__isnull=False) & Q(basis__isnull=False)),
                name="auto_decision_grants_without_doubt",
            ),
        ]
        indexes = [
            models.Index(fields=["case", "-id"], name="auto_decision_of_case"),
            models.Index(fields=["zone", "pack", "outcome", "at"], name="auto_decision_by_pack"),
            models.Index(fields=["zone", "at"], name="auto_decision_by_day"),
            models.Index(
                fields=["zone", "pack", "same_key"],
                condition=~Q(same_key=""),
                name="auto_decision_same",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.outcome}"


class AutoReview(models.Model):
    """人工复核: a person looks at what the machine decided, or decides what it left open."""

    class Why(models.TextChoices):
        DOUBT = "doubt", _("something is in doubt")
        SAMPLE = "sample", _("drawn at random")
        RISK = "risk", _("a sign of risk")
        SHADOW = "shadow", _("in shadow: compared with the person's decision")

    class Outcome(models.TextChoices):
        AGREED = "agreed", _("agrees with the machine")
        DISAGREED = "disagreed", _("disagrees with the machine")
        ADOPTED = "adopted", _("one of the values adopted")
        CORRECTION = "correction", _("a correction asked of the applicant")
        TWO_OFFICERS = "two_officers", _("handed to two officers")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    decision = models.ForeignKey(AutoDecision, on_delete=models.PROTECT, related_name="reviews")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="auto_reviews")
    why = models.CharField(max_length=8, choices=Why.choices)
    words = models.CharField(max_length=300, blank=True, help_text="why it was picked, in words")
    task = models.ForeignKey(
        Task, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    opened_at = models.DateTimeField()
    outcome = models.CharField(max_length=14, choices=Outcome.choices, blank=True)
    adopted = models.JSONField(default=list, help_text="[{field, value, source}] by a person")
    said = models.CharField(max_length=1000, blank=True, help_text="the person's words")
    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    done_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "auto_review"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "why"], name="auto_review_once"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, outcome="")
                | (Q(done_at__isnull=False, post__isnull=False) & ~Q(outcome="")),
                name="auto_review_done_by_a_person",
            ),
        ]
        indexes = [
            models.Index(
                fields=["zone", "opened_at"],
                condition=Q(done_at__isnull=True),
                name="auto_review_open",
            ),
            models.Index(fields=["zone", "why", "done_at"], name="auto_review_by_why"),
            models.Index(fields=["case"], name="auto_review_of_case"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.why}"


class PostCheck(models.Model):
    """批后核查: two officers look on site after an automatic grant, within days the pack says."""

    class Result(models.TextChoices):
        PASSED = "passed", _("as promised")
        REPAIR = "repair", _("to be repaired")
        FAILED = "failed", _("not as promised; to be withdrawn")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    decision = models.OneToOneField(
        AutoDecision, on_delete=models.PROTECT, related_name="post_check"
    )
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", null=True)
    due_at = models.DateTimeField()
    task = models.ForeignKey(
        Task, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    result = models.CharField(max_length=8, choices=Result.choices, blank=True)
    words = models.CharField(max_length=1000, blank=True)
    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    second = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    done_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "post_check"
        ordering = ["due_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, result="")
                | (
                    Q(done_at__isnull=False)
                    & ~Q(result="")
                    & Q(post__isnull=False)
                    & Q(second__isnull=False)
                    & ~Q(post=F("second"))
                ),
                name="post_check_done_by_two",
            ),
        ]
        indexes = [
            models.Index(
                fields=["zone", "due_at"],
                condition=Q(done_at__isnull=True),
                name="post_check_open",
            ),
        ]

    def __str__(self) -> str:
        return str(self.case_id)


class SharedUse(models.Model):
    """共享数据占用: what a grant takes of what a register has left, until it is fetched again.

    Without it two grants of one minute could both have the last hundred tonnes of a site.
    """

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    entry = models.ForeignKey(SharedEntry, on_delete=models.PROTECT, related_name="uses")
    decision = models.ForeignKey(AutoDecision, on_delete=models.PROTECT, related_name="uses")
    field = models.SlugField(max_length=40)
    amount = models.FloatField()
    at = models.DateTimeField()

    class Meta:
        db_table = "shared_use"
        constraints = [
            models.UniqueConstraint(fields=["decision", "entry", "field"], name="shared_use_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="shared_use_amount"),
        ]
        indexes = [models.Index(fields=["entry", "at"], name="shared_use_of_entry")]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.amount}"
