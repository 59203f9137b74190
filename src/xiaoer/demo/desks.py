"""What lies on desks people can sit down at beyond what chance puts there, and who stands in for whom."""

from dataclasses import dataclass

from xiaoer.base import actions as base
from xiaoer.base.scope import acting
from xiaoer.demo.days import Days
from xiaoer.demo.ground import Ground, Hand
from xiaoer.demo.plots import Channel
from xiaoer.demo.present import Cast


@dataclass(frozen=True, slots=True)
class Errand:
    """A request an officer solves without an office: whose firm, about what, since when."""

    cell: str
    officer: int
    firm: int
    subject: str
    ago: int


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody away, who answers for the post meanwhile, and for how many working days more."""

    post: str
    deputy: str
    days: int
    reason: str


ERRANDS = {
    "jhtz": (Errand("3-07", 0, 2, "drain", 6), Errand("2-04", 1, 1, "training", 11)),
    "canal": (Errand("1-02", 0, 2, "training", 4),),
}
# The next cell's officer is away, and an enterprise of his has just asked for something.
ABSENCES = {
    "jhtz": (
        Absence("3-08/0", "3-07/0", 4, "外出培训"),
        Absence("desk.3", "desk.2", 2, "年休假"),
    ),
    "jedz": (Absence("finance.2", "finance.1", 3, "出差"),),
}


def hand_at(ground: Ground, key: str) -> Hand:
    """Whoever is at a post of the zone's offices, or answers for a cell (its code, a number)."""
    cell, slash, number = key.partition("/")
    return ground.officers[cell][int(number)] if slash else ground.hands[key]


def tell_errands(cast: Cast) -> None:
    """Requests the officers solve themselves, so that their day is more than handing on."""
    ground = cast.stage.ground
    for errand in ERRANDS.get(ground.plan.code, ()):
        firm = cast.own(errand.cell, errand.firm, errand.officer)
        story = cast.story(errand.ago, errand.subject, firm, Channel.CARD)
        story.led_by = ground.officers[errand.cell][errand.officer]
        story.file().register().dispatch().sign().plan().note(errand.ago * 0.5)


def tell_for_the_absent(cast: Cast) -> None:
    """What came in today for somebody who is away."""
    for absence in ABSENCES.get(cast.stage.ground.plan.code, ()):
        cell, slash, number = absence.post.partition("/")
        if slash:
            firm = cast.own(cell, 0, int(number))
            cast.story(0, "school", firm, Channel.CARD).file()


def name_deputies(ground: Ground, days: Days) -> None:
    """Whoever goes away names a deputy the evening before."""
    now = days.ago(1.1)
    since = days.local_day(now)
    for absence in ABSENCES.get(ground.plan.code, ()):
        away, deputy = hand_at(ground, absence.post), hand_at(ground, absence.deputy)
        with acting(away.actor):
            base.name_deputy(
                by=away.actor,
                now=now,
                post=away.post,
                deputy=deputy.post,
                since=since,
                until=days.calendar.add_working_days(days.today, absence.days),
                reason=absence.reason,
            )
