"""Requests of 2023, so that the questions behind the articles' figures find their records."""

import random
from dataclasses import dataclass
from datetime import date
from itertools import cycle

from xiaoer.demo.plots import Channel, Outcome, Result, Stage, Story
from xiaoer.demo.subjects import party_for, put, subjects
from xiaoer.outreach.models import Gathering
from xiaoer.registry.models import Party

# 003-030, 003-031: everything asked for until September 2023 was collected and answered.
COLLECTED = 18
LAST_FILED = date(2023, 9, 1)
# 004-033: problems solved that leaders brought back from their visit days until October 2023.
SOLVED_FROM_DAYS = (4, 3, 3, 3, 4, 3, 3, 3, 3, 2)
# 004-045: problems solved under “宜企同行”, and the days they were raised.
SOLVED_IN_CAMPAIGN = (date(2023, 3, 21), date(2023, 6, 13), date(2023, 8, 30))
UNSOLVED_IN_CAMPAIGN = date(2023, 9, 19)
# Answered within the limit of the first reply: no other reply comes before.
QUICK = 2.5
CAMPAIGN_KEYS = ("inspection", "fee", "policy_claim", "school")


@dataclass(frozen=True, slots=True)
class Course:
    """How long a request takes and how it ends."""

    answered: float
    result: str = Result.SOLVED
    satisfaction: int = 5
    unreachable: bool = False


def easy_keys() -> list[str]:
    """Subjects that can be solved within the ordinary limit."""
    return [key for key, subject in subjects().items() if not subject.hard]


def follow(story: Story, course: Course, *, by_link: bool) -> Story:
    """The ordinary course: registered, dispatched, signed, replied to, answered, confirmed."""
    story.file().register().dispatch().sign()
    if course.answered > QUICK:
        story.plan(promised=max(course.answered + 2, 4))
        if story.joins:
            story.note(course.answered * 0.55)
            story.helped(course.answered * 0.7, "我们这部分已经办完。")
    story.answer(course.answered, course.result, _explained(course.result))
    end = course.answered + 0.8
    if course.unreachable:
        return story.visited_back(end, None, outcome=Outcome.UNREACHABLE)
    words = "" if course.result == Result.SOLVED else "理解，先这样。"
    if by_link:
        story.confirm(end, course.satisfaction, words)
    else:
        story.visited_back(end, course.satisfaction, words)
    return story.asked_again(end, answers=course.satisfaction > 3)


def _explained(result: str) -> str:
    if result == Result.IMPOSSIBLE:
        return "经核实，现行规定不支持这样办，已当面说明依据，并给出两种替代办法。"
    return ""


def tell_collected(stage: Stage) -> None:
    """A spring and summer of requests in the high-tech zone: collected, answered, closed."""
    dice = random.Random("collected")
    first = date(2023, 3, 6).toordinal()
    step = (LAST_FILED.toordinal() - first) / COLLECTED
    keys = cycle(dice.sample(easy_keys(), len(easy_keys())))
    parties = dice.sample(stage.firms.industrial, COLLECTED * 20)
    for number in range(COLLECTED):
        key = next(keys)
        day = stage.days.working_day(date.fromordinal(first + int(number * step)))
        answered = dice.uniform(1, QUICK) if number % 2 else dice.uniform(3, 9)
        course = Course(answered=answered, satisfaction=dice.choice((5, 5, 4, 4, 3)))
        if number == 7:
            course = Course(answered=6, result=Result.IMPOSSIBLE, satisfaction=4)
        if number == 13:
            course = Course(answered=5, unreachable=True)
        story = Story(
            stage,
            party_for(key, parties),
            put(dice, key),
            filed_at=stage.days.on(day, dice.uniform(0.05, 0.9)),
            channel=dice.choice((Channel.CARD, Channel.CARD, Channel.VISIT, Channel.PHONE)),
            joins=False,
        )
        follow(story, course, by_link=number % 2 == 0)


def tell_visit_days(stage: Stage, gatherings: tuple[Gathering, ...]) -> None:
    """What enterprises told leaders on visit days: solved ones by October, and four that were not."""
    dice = random.Random("visit day requests")
    parties = dice.sample(stage.firms.industrial, len(stage.firms.industrial))
    keys = cycle(dice.sample(easy_keys(), len(easy_keys())))
    number = 0
    for at, (gathering, solved) in enumerate(zip(gatherings, SOLVED_FROM_DAYS, strict=True)):
        late = at == len(gatherings) - 1
        for _each in range(solved):
            answered = dice.uniform(1, QUICK) if number % 2 else dice.uniform(3, 5 if late else 11)
            course = Course(answered, satisfaction=dice.choice((5, 5, 4, 4)))
            story = _raised(stage, dice, parties, next(keys), gathering.day, number)
            follow(story, course, by_link=number % 3 != 0)
            number += 1
    others = (
        Course(7, result=Result.IMPOSSIBLE, satisfaction=3),
        Course(8, unreachable=True),
        Course(10, result=Result.IMPOSSIBLE, satisfaction=2),
        Course(6, unreachable=True),
    )
    for gathering, course in zip(gatherings[2:9:2], others, strict=True):
        story = _raised(stage, dice, parties, next(keys), gathering.day, number)
        follow(story, course, by_link=True)
        number += 1


def _raised(
    stage: Stage, dice: random.Random, parties: list[Party], key: str, day: date, number: int
) -> Story:
    leaders = stage.ground.office_hands("board")
    return Story(
        stage,
        party_for(key, parties),
        put(dice, key),
        filed_at=stage.days.on(day, dice.uniform(0.1, 0.9)),
        channel=Channel.VISIT,
        programme="leaders_day",
        visitor=leaders[number % len(leaders)],
        joins=False,
    )


def tell_campaign(stage: Stage, parties: list[Party]) -> None:
    """Four problems met under “宜企同行”: three solved and confirmed, one not."""
    dice = random.Random("campaign requests")
    visitors = stage.ground.office_hands("environment")
    days = (*SOLVED_IN_CAMPAIGN, UNSOLVED_IN_CAMPAIGN)
    for number, (party, day) in enumerate(zip(parties, days, strict=True)):
        solved = number < len(SOLVED_IN_CAMPAIGN)
        course = (
            Course(dice.uniform(3, 9), satisfaction=5)
            if solved
            else Course(9, result=Result.IMPOSSIBLE, satisfaction=3)
        )
        story = Story(
            stage,
            party,
            put(dice, CAMPAIGN_KEYS[number]),
            filed_at=stage.days.on(stage.days.working_day(day), dice.uniform(0.1, 0.8)),
            channel=Channel.VISIT,
            programme="yiqi",
            visitor=visitors[-1 - number % 2],
            joins=False,
        )
        follow(story, course, by_link=True)
