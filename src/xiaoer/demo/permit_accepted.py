"""Joint acceptances of the development zone in 2023 as the article counts them.

Eleven key projects among eighteen accepted jointly, of twenty accepted at all (90 %); six checks of
three steps each become three steps (15 fewer); 38 trips instead of 252 (85 % fewer).
"""

from collections.abc import Sequence
from datetime import date, timedelta

from xiaoer.base import journal
from xiaoer.demo.days import Days
from xiaoer.demo.ground import FOUNDED, Ground
from xiaoer.permits import actions as permits
from xiaoer.permits.models import Acceptance, AcceptanceCheck, AcceptanceKind
from xiaoer.projects.models import Project

CHECKS = ("planning", "fire", "air_defence", "drainage", "completion_filing", "archives")
FIRST = date(2023, 2, 6)
APART = timedelta(days=13)
SEPARATE = 2
THIRD_TRIP = 2


def keep_acceptances(ground: Ground, days: Days, projects: Sequence[Project]) -> None:
    """What was accepted in 2023, archived long ago. Called inside the zone's scope."""
    permits.seed_acceptance(by=ground.by, now=FOUNDED)
    kinds = list(AcceptanceKind.objects.filter(zone_id=ground.zone.pk, code__in=CHECKS))
    rows = [
        _acceptance(ground, days, kinds, project, at, len(projects))
        for at, project in enumerate(projects)
    ]
    made = Acceptance.objects.bulk_create(rows)
    AcceptanceCheck.objects.bulk_create(
        _check(ground, row, kind) for row in made if row.is_joint for kind in kinds
    )
    journal.record(
        by=ground.hands["approval.1"].actor, now=rows[-1].moved_at, verb="conclude_acceptance",
        subject=made[0], count=len(made),
    )  # fmt: skip


def _acceptance(
    ground: Ground,
    days: Days,
    kinds: Sequence[AcceptanceKind],
    project: Project,
    at: int,
    all_: int,
) -> Acceptance:
    applied = days.working_day(FIRST + APART * at)
    moment = {n: days.on(days.calendar.add_working_days(applied, n), 0.4) for n in (0, 3, 5, 8)}
    ended = days.calendar.add_working_days(applied, 8)
    joint = at < all_ - SEPARATE
    return Acceptance(
        zone_id=ground.zone.pk, number=f"YS-2023-{at + 1:04d}", project=project,
        party=project.party, area_m2=6000 + 730 * at, is_special=True, has_air_defence=True,
        is_joint=joint, state=Acceptance.State.ARCHIVED, applied_at=moment[0],
        accepted_at=moment[3], visited_at=moment[5], passed_at=moment[5],
        owner_accepted_on=days.calendar.add_working_days(applied, 5), concluded_at=moment[8],
        filed_on=ended, filing_number=f"备字〔2023〕{at + 1:03d}号", archived_on=ended,
        trips=(3 if at < THIRD_TRIP else 2) if joint else 14,
        single_steps=sum(kind.single_steps for kind in kinds),
        single_trips=sum(kind.single_trips for kind in kinds),
        joint_steps=3 if joint else sum(kind.single_steps for kind in kinds), moved_at=moment[8],
    )  # fmt: skip


def _check(ground: Ground, row: Acceptance, kind: AcceptanceKind) -> AcceptanceCheck:
    first, second = (ground.hands[f"approval.{number}"].post for number in (1, 2))
    return AcceptanceCheck(
        zone_id=row.zone_id, acceptance=row, kind=kind, office=kind.office or first.office,
        state=AcceptanceCheck.State.DECIDED, papers_at=row.accepted_at, papers_by=first,
        signed_at=row.visited_at, signed_by=first, seconded_by=second,
        result_number=f"{kind.code.upper()}-{row.number[3:]}", result_on=row.filed_on,
        decided_at=row.concluded_at, decided_by=first,
    )  # fmt: skip
