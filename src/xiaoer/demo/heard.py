"""What enterprises answered on the rounds: of one temper each, so that their scores hold together.

Some were not asked everything, some not at all: their scores are intervals, or not known.
"""

import random
from collections.abc import Iterable
from datetime import date, timedelta

from xiaoer.demo.ground import Ground
from xiaoer.outreach.models import FieldChoice, FieldQuestion, Visit, VisitAnswer

# How likely each choice is, the best first, by the temper of the enterprise.
TEMPERS = {
    "growing": (8, 5, 2, 1, 0),
    "steady": (1, 4, 6, 2, 1),
    "sinking": (0, 1, 2, 5, 4),
}
ASKED, EACH_ASKED = 0.6, 0.75
LEASE = "lease_end"


def answer_visits(ground: Ground, visits: Iterable[Visit]) -> int:
    """Answers of these visits, written in bulk; how many."""
    questions = list(
        FieldQuestion.objects.filter(zone_id=ground.zone.pk).prefetch_related("choices")
    )
    rows = [row for visit in visits for row in _of_visit(visit, questions)]
    VisitAnswer.objects.bulk_create(rows, batch_size=2000)
    return len(rows)


def _of_visit(visit: Visit, questions: list[FieldQuestion]) -> list[VisitAnswer]:
    dice = random.Random(f"heard {visit.party_id} {visit.visited_on}")
    if dice.random() > ASKED:
        return []
    temper = random.Random(f"temper {visit.party_id}").choices(tuple(TEMPERS), (3, 6, 2))[0]
    return [
        _answer(visit, question, temper, dice)
        for question in questions
        if dice.random() < EACH_ASKED
    ]


def _answer(visit: Visit, question: FieldQuestion, temper: str, dice: random.Random) -> VisitAnswer:
    choices = [one for one in question.choices.all() if one.within_days is None]
    weights = [1 + 2 * weight for weight in TEMPERS[temper][: len(choices)]]
    choice: FieldChoice | None = dice.choices(choices, weights)[0]
    day: date | None = None
    if question.code == LEASE and dice.random() < 0.5:
        choice, day = None, _lease_end(visit.visited_on, dice)
    return VisitAnswer(
        zone_id=visit.zone_id,
        visit=visit,
        question=question,
        choice=choice,
        day=day,
        asked=question.text,
        words=choice.words if choice else "",
    )


def _lease_end(visited_on: date, dice: random.Random) -> date:
    months = visited_on + timedelta(days=dice.choice((90, 200, 500, 800, 1400)))
    return months.replace(day=28)
