"""Who stands by a project, what was found on its site, which sessions it had, what waits for a leader."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max, Q, QuerySet

from xiaoer.base.scope import Actor
from xiaoer.projects.models import (
    Ambassador,
    Charge,
    Consultation,
    DecisionAsk,
    ForceMember,
    PreCheck,
    PreReview,
    PreReviewBar,
    PreReviewItem,
    PreReviewTrack,
    Project,
    Resolution,
    SiteVisit,
    Stage,
)

# A site is visited weekly from the start of works until it produces.
VISITED = (Stage.STARTED, Stage.BUILDING, Stage.COMPLETED)
VISITS_SHOWN = 12


def charges_of(project: Project) -> list[Charge]:
    """Who led it and looked after it, the present ones first."""
    rows = Charge.objects.filter(project=project).select_related("post__person", "post__office")
    return sorted(rows, key=lambda one: (one.until is not None, -one.pk))


def force_of(project: Project) -> list[ForceMember]:
    rows = ForceMember.objects.filter(project=project).select_related(
        "post__person", "post__office"
    )
    return sorted(rows, key=lambda one: (one.until is not None, one.part != "head", one.pk))


def visits_of(project: Project) -> list[SiteVisit]:
    return list(
        SiteVisit.objects.filter(project=project).select_related(
            "post__person", "post__office", "task"
        )[:VISITS_SHOWN]
    )


def site_visit_by_id(by: Actor, visit_id: int) -> SiteVisit | None:
    return (
        SiteVisit.objects.filter(zone_id=by.zone_id, pk=visit_id)
        .select_related("project", "post__person", "post__office", "task")
        .first()
    )


@dataclass(frozen=True, slots=True)
class Unvisited:
    """A project whose site nobody saw this week, and when it was last seen."""

    project: Project
    last_on: date | None


def not_visited(zone_id: int, week: date) -> list[Unvisited]:
    """Projects under construction without a visit in the week of a day; the longest unseen first."""
    monday = week - timedelta(days=week.weekday())
    rows = (
        Project.objects.filter(zone_id=zone_id, ended_on__isnull=True, stage__in=VISITED)
        .exclude(site_visits__on__range=(monday, monday + timedelta(days=6)))
        .annotate(last_on=Max("site_visits__on", filter=Q(site_visits__on__lt=monday)))
        .select_related("officer__person", "leader__person")
    )
    found = [Unvisited(one, one.last_on) for one in rows]
    return sorted(found, key=lambda one: (one.last_on or date.min, one.project.name))


def visits_of_week(zone_id: int, week: date) -> QuerySet[SiteVisit]:
    monday = week - timedelta(days=week.weekday())
    return SiteVisit.objects.filter(
        zone_id=zone_id, on__range=(monday, monday + timedelta(days=6))
    ).select_related("project", "post__person", "task")


def _ambassadors(zone_id: int) -> QuerySet[Ambassador]:
    return Ambassador.objects.filter(zone_id=zone_id).select_related(
        "project", "party", "post__person", "post__office"
    )


def ambassadors(*, by: Actor, is_open: bool = True, limit: int = 200) -> list[Ambassador]:
    rows = _ambassadors(by.zone_id).filter(until__isnull=is_open)
    return list(rows.prefetch_related("checks")[:limit])


def ambassador_by_id(by: Actor, ambassador_id: int) -> Ambassador | None:
    return _ambassadors(by.zone_id).filter(pk=ambassador_id).first()


def ambassadors_of(project: Project) -> list[Ambassador]:
    return list(_ambassadors(project.zone_id).filter(project=project))


def checks_of(ambassador: Ambassador) -> list[PreCheck]:
    """What was looked at, the newest first."""
    return list(ambassador.checks.select_related("post__person"))


def track_of(project: Project) -> PreReviewTrack | None:
    """The newest track of a project, void ones included."""
    return PreReviewTrack.objects.filter(project=project).order_by("-id").first()


def track_by_id(by: Actor, track_id: int) -> PreReviewTrack | None:
    return (
        PreReviewTrack.objects.filter(zone_id=by.zone_id, pk=track_id)
        .select_related("project__party", "checked_by__person")
        .first()
    )


def tracks(*, by: Actor) -> list[PreReviewTrack]:
    """Tracks that run first, then the newest that ended."""
    rows = (
        PreReviewTrack.objects.filter(zone_id=by.zone_id)
        .select_related("project")
        .prefetch_related("reviews")
        .order_by("-id")[:200]
    )
    return sorted(rows, key=lambda one: one.state != PreReviewTrack.State.RUNNING)


def reviews_of(track: PreReviewTrack) -> list[PreReview]:
    return list(track.reviews.select_related("item", "office", "task"))


def review_by_id(by: Actor, review_id: int) -> PreReview | None:
    return (
        PreReview.objects.filter(zone_id=by.zone_id, pk=review_id)
        .select_related("track__project", "item", "office", "task")
        .first()
    )


def pre_review_items(zone_id: int) -> list[PreReviewItem]:
    return list(PreReviewItem.objects.filter(zone_id=zone_id))


def pre_review_bars(zone_id: int) -> list[PreReviewBar]:
    return list(PreReviewBar.objects.filter(zone_id=zone_id, ended_on__isnull=True))


def consultations(*, by: Actor, project: Project | None = None, limit: int = 200) -> list[Consultation]:  # fmt: skip
    rows = Consultation.objects.filter(zone_id=by.zone_id).select_related(
        "project", "chair__person"
    )
    if project is not None:
        rows = rows.filter(project=project)
    return list(rows.prefetch_related("resolutions__task")[:limit])


def consultation_by_id(by: Actor, consultation_id: int) -> Consultation | None:
    return (
        Consultation.objects.filter(zone_id=by.zone_id, pk=consultation_id)
        .select_related("project", "chair__person")
        .prefetch_related("members__post__person", "members__post__office")
        .first()
    )


def resolutions_of(consultation: Consultation) -> list[Resolution]:
    return list(_resolutions(consultation.zone_id).filter(consultation=consultation))


def resolutions_on(project: Project, limit: int = 50) -> list[Resolution]:
    return list(_resolutions(project.zone_id).filter(project=project).order_by("-id")[:limit])


def resolution_by_id(by: Actor, resolution_id: int) -> Resolution | None:
    return _resolutions(by.zone_id).filter(pk=resolution_id).first()


def _resolutions(zone_id: int) -> QuerySet[Resolution]:
    return Resolution.objects.filter(zone_id=zone_id).select_related(
        "project", "consultation", "task__office", "task__post__person"
    )


def open_asks(zone_id: int) -> QuerySet[DecisionAsk]:
    """今天要领导拍板: what waits for a leader, the most urgent first; the wall shows them."""
    return (
        _asks(zone_id)
        .filter(decided_at__isnull=True, withdrawn_at__isnull=True)
        .order_by("wanted_on", "id")
    )


def asks_on(project: Project, limit: int = 50) -> list[DecisionAsk]:
    return list(_asks(project.zone_id).filter(project=project).order_by("-id")[:limit])


def decided_asks(*, by: Actor, limit: int = 100) -> list[DecisionAsk]:
    rows = _asks(by.zone_id).filter(decided_at__isnull=False)
    return list(rows.order_by("-decided_at")[:limit])


def ask_by_id(by: Actor, ask_id: int) -> DecisionAsk | None:
    return _asks(by.zone_id).filter(pk=ask_id).first()


def _asks(zone_id: int) -> QuerySet[DecisionAsk]:
    return DecisionAsk.objects.filter(zone_id=zone_id).select_related(
        "project__leader__person", "asked_by__person", "asked_by__office", "decided_by__person"
    )
