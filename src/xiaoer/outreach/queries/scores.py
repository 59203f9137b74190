"""评分 What the newest answers of an enterprise come to: growth, risk, satisfaction, 0 to 100.

A question nobody answered, or whose answer is older than it holds, is not known: the score is then
an interval from the worst to the best it may be, and without any answer it is not known at all.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from xiaoer.base.scope import Actor
from xiaoer.outreach.models import FieldChoice, FieldQuestion, VisitAnswer
from xiaoer.registry.models import Party, Stewardship

GROWTH, RISK, SATISFACTION = "growth", "risk", "satisfaction"
DIMENSIONS = (GROWTH, RISK, SATISFACTION)
FULL = 100
PAGE = 50


@dataclass(frozen=True, slots=True)
class NewestAnswer:
    """The newest answer of an enterprise to a question, and the visit it was given on."""

    party_id: int
    question_id: int
    choice_id: int | None
    day: date | None
    asked: str
    words: str
    visit_id: int
    visited_on: date


@dataclass(frozen=True, slots=True)
class Score:
    """One of the three, from ``low`` to ``high``; both None where nothing is known."""

    low: int | None
    high: int | None

    @property
    def is_known(self) -> bool:
        return self.low is not None

    @property
    def is_exact(self) -> bool:
        return self.low is not None and self.low == self.high

    @property
    def words(self) -> str:
        """62, 40–75, or nothing where it is not known."""
        if self.low is None:
            return ""
        return str(self.low) if self.is_exact else f"{self.low}–{self.high}"

    def reaches(self, least: int) -> bool | None:
        """Whether it is at least so much: yes, no, or (None) not certain with what is known."""
        if self.low is None or self.high is None:
            return None
        if self.low >= least:
            return True
        return False if self.high < least else None


@dataclass(frozen=True, slots=True)
class AnswerStanding:
    """A question of the set with the newest answer of one enterprise, and what it counts."""

    question: FieldQuestion
    answer: NewestAnswer | None
    is_stale: bool
    points: tuple[tuple[str, int | None, int], ...]


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """An enterprise with its three scores, of how many questions they are made, and of when."""

    party_id: int
    enterprise: str
    cell: str
    officer: str
    growth: Score
    risk: Score
    satisfaction: Score
    answered: int
    asked: int
    newest_on: date | None

    def score(self, dimension: str) -> Score:
        found: Score = getattr(self, dimension)
        return found


@dataclass(frozen=True, slots=True)
class ScoreFilter:
    """``least`` of the dimension sorted by; ``certain`` leaves out what may only perhaps reach it."""

    order: str = RISK
    least: int | None = None
    certain: bool = False
    cell: int | None = None
    post: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class ScorePage:
    rows: tuple[ScoreRow, ...]
    after: int | None
    total: int


def newest_answers(
    *, by: Actor, party_ids: Iterable[int] | None = None
) -> dict[int, dict[int, NewestAnswer]]:
    """The newest answer to each question by enterprise and question; one query."""
    rows = VisitAnswer.objects.filter(zone_id=by.zone_id, visit__replaced_by__isnull=True)
    if party_ids is not None:
        rows = rows.filter(visit__party_id__in=list(party_ids))
    found: dict[int, dict[int, NewestAnswer]] = {}
    for values in (
        rows.order_by("visit__party_id", "question_id", "-visit__visited_on", "-visit_id")
        .distinct("visit__party_id", "question_id")
        .values_list(
            "visit__party_id",
            "question_id",
            "choice_id",
            "day",
            "asked",
            "words",
            "visit_id",
            "visit__visited_on",
        )
    ):
        found.setdefault(values[0], {})[values[1]] = NewestAnswer(*values)
    return found


class Scale:
    """The zone's questions with their points, ready to score any number of enterprises."""

    def __init__(self, by: Actor, today: date) -> None:
        self.today = today
        self.questions = list(
            FieldQuestion.objects.filter(zone_id=by.zone_id, is_active=True).order_by("order", "id")
        )
        self.choices: dict[int, FieldChoice] = {}
        self.offered: dict[int, list[FieldChoice]] = {one.pk: [] for one in self.questions}
        for choice in FieldChoice.objects.filter(zone_id=by.zone_id).order_by("order", "id"):
            self.choices[choice.pk] = choice
            if choice.is_active and choice.question_id in self.offered:
                self.offered[choice.question_id].append(choice)

    def is_stale(self, question: FieldQuestion, answer: NewestAnswer) -> bool:
        """Older than an answer to this question holds."""
        return (
            question.holds_days is not None
            and (self.today - answer.visited_on).days > question.holds_days
        )

    def choice_of(self, question: FieldQuestion, answer: NewestAnswer) -> FieldChoice | None:
        """What was tapped; of a day the nearest choice that holds it."""
        if answer.choice_id is not None:
            return self.choices.get(answer.choice_id)
        if answer.day is None:
            return None
        days = (answer.day - self.today).days
        bands = [one for one in self.offered[question.pk] if one.within_days is not None]
        bands.sort(key=lambda one: one.within_days or 0)
        return next((one for one in bands if days <= (one.within_days or 0)), None)

    def points_of(
        self, question: FieldQuestion, answer: NewestAnswer | None, dimension: str
    ) -> int | None:
        if answer is None or self.is_stale(question, answer):
            return None
        choice = self.choice_of(question, answer)
        points: int | None = getattr(choice, dimension) if choice else None
        return points

    def range_of(self, question: FieldQuestion, dimension: str) -> tuple[int, int] | None:
        """The least and the most a question may bring; None where it says nothing of it."""
        points = [
            value
            for value in (getattr(one, dimension) for one in self.offered[question.pk])
            if value is not None
        ]
        return (min(points), max(points)) if points else None

    def score(self, answers: Mapping[int, NewestAnswer], dimension: str) -> Score:
        low = high = least = most = known = 0
        for question in self.questions:
            bounds = self.range_of(question, dimension)
            if bounds is None:
                continue
            points = self.points_of(question, answers.get(question.pk), dimension)
            known += points is not None
            least, most = least + bounds[0], most + bounds[1]
            low += bounds[0] if points is None else min(max(points, bounds[0]), bounds[1])
            high += bounds[1] if points is None else min(max(points, bounds[0]), bounds[1])
        if not known or most == least:
            return Score(None, None)
        return (
            Score(
                (low - least) * FULL // (most - least), -(-(high - least) * FULL // (most - least))
            )
            if low != high
            else _exact(low - least, most - least)
        )

    def answered(self, answers: Mapping[int, NewestAnswer]) -> int:
        return sum(
            question.pk in answers and not self.is_stale(question, answers[question.pk])
            for question in self.questions
        )


def _exact(part: int, whole: int) -> Score:
    value = round(part * FULL / whole)
    return Score(value, value)


def score_row(
    party: Party, officer: str, scale: Scale, answers: Mapping[int, NewestAnswer]
) -> ScoreRow:
    return ScoreRow(
        party_id=party.pk,
        enterprise=party.name,
        cell=party.cell.name if party.cell else "",
        officer=officer,
        growth=scale.score(answers, GROWTH),
        risk=scale.score(answers, RISK),
        satisfaction=scale.score(answers, SATISFACTION),
        answered=scale.answered(answers),
        asked=len(scale.questions),
        newest_on=max((each.visited_on for each in answers.values()), default=None),
    )


def scores(*, by: Actor, filters: ScoreFilter, today: date) -> list[ScoreRow]:
    """Enterprises that pass the filters, the highest score of the order first, not known ones last."""
    parties = Party.objects.filter(
        zone_id=by.zone_id, cell__isnull=False, merged_into__isnull=True
    ).select_related("cell")
    if filters.cell is not None:
        parties = parties.filter(cell_id=filters.cell)
    if filters.post is not None:
        held = Stewardship.objects.filter(
            Q(until__isnull=True) | Q(until__gte=today),
            zone_id=by.zone_id,
            post_id=filters.post,
            since__lte=today,
        )
        parties = parties.filter(pk__in=held.values("party_id"))
    for word in filters.text.replace("\x00", "").split()[:5]:
        parties = parties.filter(name__icontains=word)
    found = list(parties.only("id", "name", "zone_id", "cell__name"))
    is_narrow = bool(filters.cell or filters.post or filters.text)
    ids = [party.pk for party in found]
    newest = newest_answers(by=by, party_ids=ids if is_narrow else None)
    officers = _officers(by, ids if is_narrow else None, today)
    scale = Scale(by, today)
    rows = [
        score_row(party, officers.get(party.pk, ""), scale, newest.get(party.pk, {}))
        for party in found
    ]
    if filters.least is not None:
        allowed = {True} if filters.certain else {True, None}
        rows = [
            row
            for row in rows
            if row.score(filters.order).is_known
            and row.score(filters.order).reaches(filters.least) in allowed
        ]
    rows.sort(key=lambda row: _key(row, filters.order))
    return rows


def _key(row: ScoreRow, order: str) -> tuple[bool, int, int, str]:
    score = row.score(order)
    return not score.is_known, -(score.low or 0), -(score.high or 0), row.enterprise


def _officers(by: Actor, party_ids: Sequence[int] | None, today: date) -> dict[int, str]:
    rows = Stewardship.objects.filter(
        Q(until__isnull=True) | Q(until__gte=today),
        zone_id=by.zone_id,
        kind=Stewardship.Kind.OFFICER,
        since__lte=today,
    )
    if party_ids is not None:
        rows = rows.filter(party_id__in=party_ids)
    return dict(rows.values_list("party_id", "post__person__name"))


def score_list(
    *, by: Actor, filters: ScoreFilter, today: date, after: int = 0, size: int = PAGE
) -> ScorePage:
    """A page of scores; ``after`` is how many to skip."""
    rows = scores(by=by, filters=filters, today=today)
    more = after + size < len(rows)
    return ScorePage(tuple(rows[after : after + size]), after + size if more else None, len(rows))


def scores_of_firm(*, by: Actor, party: Party, today: date) -> ScoreRow:
    """The scores of one enterprise."""
    answers = newest_answers(by=by, party_ids=[party.pk]).get(party.pk, {})
    officer = _officers(by, [party.pk], today).get(party.pk, "")
    return score_row(party, officer, Scale(by, today), answers)


def answers_behind(*, by: Actor, party: Party, today: date) -> list[AnswerStanding]:
    """Each question of the set with the newest answer of an enterprise: what the scores are made of."""
    scale = Scale(by, today)
    answers = newest_answers(by=by, party_ids=[party.pk]).get(party.pk, {})
    found = []
    for question in scale.questions:
        answer = answers.get(question.pk)
        points = tuple(
            (dimension, scale.points_of(question, answer, dimension), bounds[1])
            for dimension in DIMENSIONS
            if (bounds := scale.range_of(question, dimension)) is not None
        )
        stale = answer is not None and scale.is_stale(question, answer)
        found.append(AnswerStanding(question, answer, stale, points))
    return found
