"""Who looks for space, which space was shown, and the joint review of a move-in."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xiaoer.assets.models.carriers import Lease, Unit
from xiaoer.base.models import Office, Post, StoredFile, Zone
from xiaoer.papers.models import HeldPaper
from xiaoer.registry.models import Park, Party
from xiaoer.work.models import Matter, Task


class SpaceNeed(models.Model):
    """载体需求: what somebody looks for; a lead, a project or a firm points to it by its number.

    ``asks`` are the ``fitting.Ask`` of each property, hard or wished for. ``origin`` is the matter it
    was opened from, such as a project's or a request.
    """

    class State(models.TextChoices):
        OPEN = "open", _("looking")
        CHOSEN = "chosen", _("chosen")
        SETTLED = "settled", _("moved in")
        DROPPED = "dropped", _("no longer looking")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80, help_text="such as 光伏热场二期")
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    who = models.CharField(max_length=80, blank=True, help_text="of whom the registry lacks")
    contact = models.CharField(max_length=80, blank=True)
    industry = models.CharField(max_length=60, blank=True)
    park = models.ForeignKey(
        Park, on_delete=models.PROTECT, related_name="+", null=True, blank=True, help_text="wished"
    )
    area_least_m2 = models.DecimalField(max_digits=12, decimal_places=2)
    area_most_m2 = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    asks = models.JSONField(default=list, blank=True)
    from_on = models.DateField(help_text="needed from")
    until_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    closed_why = models.CharField(max_length=300, blank=True)
    origin = models.ForeignKey(
        Matter, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True, help_text="looks"
    )
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "space_need"
        constraints = [
            models.CheckConstraint(
                condition=Q(party__isnull=False) | ~Q(who=""), name="space_need_of_somebody"
            ),
            models.CheckConstraint(
                condition=Q(area_least_m2__gt=0)
                & (Q(area_most_m2__isnull=True) | Q(area_most_m2__gte=F("area_least_m2"))),
                name="space_need_of_some_area",
            ),
            models.CheckConstraint(
                condition=~Q(state="dropped") | ~Q(closed_why=""), name="space_need_dropped_why"
            ),
        ]
        indexes = [
            models.Index(
                fields=["zone", "-opened_at"], condition=Q(state="open"), name="space_need_open"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Showing(models.Model):
    """看房: units offered to somebody who looks, or somebody asked about an empty unit; the answer."""

    class Answer(models.TextChoices):
        OPEN = "open", _("not answered yet")
        LIKES = "likes", _("interested")
        NO = "no", _("does not fit")
        TAKEN = "taken", _("chosen")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    need = models.ForeignKey(SpaceNeed, on_delete=models.PROTECT, related_name="showings")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="showings")
    at = models.DateTimeField()
    by_post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    answer = models.CharField(max_length=5, choices=Answer.choices, default=Answer.OPEN)
    words = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "showing"
        constraints = [models.UniqueConstraint(fields=["need", "unit"], name="showing_once")]

    def __str__(self) -> str:
        return f"{self.need_id} {self.unit_id}"


class MoveInItem(models.Model):
    """联审事项: what is asked of whom in a joint review, or to be done after it; the zone's own list.

    The office is named, or found by words of its name, so that a new zone begins with the list.
    """

    class Kind(models.TextChoices):
        OPINION = "opinion", _("opinion before the decision")
        ERRAND = "errand", _("task after the decision")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=120, blank=True)
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    office_name = models.CharField(max_length=60, blank=True, help_text="who, in words")
    to_operator = models.BooleanField(default=False, help_text="asked of the park's operator")
    working_days = models.PositiveSmallIntegerField()
    order = models.PositiveSmallIntegerField(default=0)
    source = models.CharField(max_length=200, blank=True)
    mark = models.CharField(max_length=2, blank=True, help_text="A, V, S, B, C, U or D")
    ended_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "move_in_item"
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "code"], name="move_in_item_once"),
            models.CheckConstraint(condition=Q(working_days__gt=0), name="move_in_item_takes_days"),
            models.CheckConstraint(
                condition=Q(to_operator=False) | Q(kind="opinion"),
                name="move_in_item_of_operator_is_an_opinion",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MoveIn(models.Model):
    """入驻联审: a firm's move into units, reviewed by the zone's offices and the park's operator.

    Papers are given once; opinions are asked for all at once; a person decides, by all opinions;
    what is to be done then are tasks of its matter.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("being drawn up")
        REVIEW = "review", _("in review")
        APPROVED = "approved", _("approved")
        CONDITIONAL = "conditional", _("approved with conditions")
        REFUSED = "refused", _("not approved")
        SETTLED = "settled", _("moved in")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Way(models.TextChoices):
        NEW = "new", _("into vacant space")
        CAGE = "cage", _("by cage-change")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    matter = models.OneToOneField(
        Matter, on_delete=models.PROTECT, related_name="move_in", null=True
    )
    number = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=80, help_text="of the project that moves in")
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    who = models.CharField(max_length=80, blank=True)
    need = models.ForeignKey(
        SpaceNeed, on_delete=models.PROTECT, related_name="move_ins", null=True, blank=True
    )
    units = models.ManyToManyField(Unit, through="MoveInUnit", related_name="+")
    way = models.CharField(max_length=4, choices=Way.choices, default=Way.NEW)
    content = models.CharField(max_length=1000, blank=True, help_text="what it makes, and how")
    from_on = models.DateField(null=True, blank=True, help_text="wishes to move in")
    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, help_text="sees it through"
    )
    decider = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    investment_fen = models.BigIntegerField(null=True, blank=True)
    state = models.CharField(max_length=11, choices=State.choices, default=State.DRAFT)
    opened_at = models.DateTimeField()
    review_due_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    words = models.CharField(max_length=1000, blank=True, help_text="conditions, or why not")
    lease = models.ForeignKey(
        Lease, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    settled_on = models.DateField(null=True, blank=True)
    producing_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "move_in"
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "number"], condition=~Q(number=""), name="move_in_number_once"
            ),
            models.CheckConstraint(
                condition=Q(party__isnull=False) | ~Q(who=""), name="move_in_of_somebody"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["conditional", "refused", "withdrawn"]) | ~Q(words=""),
                name="move_in_decided_with_words",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "conditional", "refused"])
                | Q(decided_by__isnull=False),
                name="move_in_decided_by_a_person",
            ),
            models.CheckConstraint(
                condition=~Q(state="settled") | Q(settled_on__isnull=False),
                name="move_in_settled_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.number or self.name


class MoveInUnit(models.Model):
    """入驻单元: a unit a move-in asks for."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    move_in = models.ForeignKey(MoveIn, on_delete=models.PROTECT, related_name="of_units")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "move_in_unit"
        constraints = [
            models.UniqueConstraint(fields=["move_in", "unit"], name="move_in_unit_once")
        ]

    def __str__(self) -> str:
        return f"{self.move_in_id} {self.unit_id}"


class MoveInPaper(models.Model):
    """入驻材料: a paper of a review, given once for all who review: one held already, or one brought."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    move_in = models.ForeignKey(MoveIn, on_delete=models.PROTECT, related_name="papers")
    name = models.CharField(max_length=120)
    paper = models.ForeignKey(
        HeldPaper, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "move_in_paper"
        constraints = [
            models.UniqueConstraint(
                fields=["move_in", "file"],
                condition=Q(removed_at__isnull=True),
                name="move_in_paper_once",
            )
        ]

    def __str__(self) -> str:
        return self.name


class MoveInOpinion(models.Model):
    """联审意见: what one office says of a move-in, or the operator of the park: its half of the review."""

    class Says(models.TextChoices):
        OPEN = "open", _("not said yet")
        YES = "yes", _("agrees to the move-in")
        IF = "if", _("agrees on conditions")
        NO = "no", _("does not agree")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    move_in = models.ForeignKey(MoveIn, on_delete=models.PROTECT, related_name="opinions")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", null=True)
    operator = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", null=True)
    topic = models.CharField(max_length=60, help_text="such as 环保, 安全, 产业政策")
    says = models.CharField(max_length=4, choices=Says.choices, default=Says.OPEN)
    words = models.CharField(max_length=500, blank=True)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    said_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    task = models.ForeignKey(
        Task,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        help_text="the office's; of an operator, whoever sees to it that it answers",
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "move_in_opinion"
        constraints = [
            models.UniqueConstraint(
                fields=["move_in", "office", "topic"], name="move_in_opinion_once"
            ),
            models.UniqueConstraint(
                fields=["move_in", "operator", "topic"], name="move_in_opinion_of_operator_once"
            ),
            models.CheckConstraint(
                condition=Q(office__isnull=False, operator__isnull=True)
                | Q(office__isnull=True, operator__isnull=False),
                name="move_in_opinion_of_an_office_or_the_operator",
            ),
            models.CheckConstraint(
                condition=~Q(says__in=["if", "no"]) | ~Q(words=""),
                name="move_in_opinion_against_says_why",
            ),
            models.CheckConstraint(
                condition=Q(says="open") | Q(said_at__isnull=False),
                name="move_in_opinion_said_at_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.move_in_id} {self.topic}"
