"""Who may do what with requests, cards and visits; who speaks for an enterprise."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base import queries as base
from xiaoer.base.models import Post, Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.facts import access as facts
from xiaoer.outreach.models import Appeal, AppealEvent, Correction
from xiaoer.registry import access as registry
from xiaoer.registry.models import Stewardship

# Who puts the questions for missing figures: those who keep figures, and the desk that visits.
ASKS_FOR_FIGURES = frozenset(
    {Role.STATISTICS, Role.ECONOMY, Role.ADMINISTRATOR, Role.SERVICE_DESK, Role.ZONE_LEADER}
)
DESK_ROLES = frozenset({Role.SERVICE_DESK, Role.ADMINISTRATOR})
TAKE_BACK = timedelta(minutes=10)
REOPEN_DAYS = 90


def posts_answered_for(by: Actor, now: datetime) -> frozenset[int]:
    """The asker's own post and those of absent colleagues the asker stands in for."""
    if by.post_id is None or by.zone_id is None:
        return frozenset()
    on = timezone.localdate(now)
    deputised = base.deputy_posts(zone_id=by.zone_id, deputy_id=by.post_id, on=on)
    return frozenset({by.post_id, *deputised})


def is_desk(by: Actor) -> bool:
    """The service desk and administrators: they dispatch."""
    return by.is_staff and by.role in DESK_ROLES


def may_decide_correction(by: Actor, correction: Correction, now: datetime) -> bool:
    """Figures: whoever keeps figures. All else: the desk, the registry's keepers, the steward."""
    if not by.is_staff or by.post_id is None:
        return False
    if correction.about == Correction.About.FIGURE:
        return facts.keeps_figures(by)
    return registry.keeps_registry(by) or is_steward(by, correction.party_id, now)


def must_decide_correction(by: Actor, correction: Correction, now: datetime) -> None:
    if may_decide_correction(by, correction, now):
        return
    if correction.about == Correction.About.FIGURE:
        raise Refused(_("Only statistics or economic operations decide about figures; ask them."))
    raise Refused(_("Only the officer of this enterprise or the service desk decides this."))


def must_plan_days(by: Actor) -> None:
    """The desk and the leaders themselves plan visit days and problem days."""
    if not may_plan_days(by):
        raise Refused(_("Only the service desk or a zone leader plans these days; ask them to."))


def may_plan_days(by: Actor) -> bool:
    return is_desk(by) or (by.is_staff and by.role == Role.ZONE_LEADER)


def is_system(by: Actor) -> bool:
    """A job or the building of a zone: no person at all."""
    return by.is_staff and by.role is None


def is_steward(by: Actor, party_id: int, now: datetime) -> bool:
    """Whether the asker answers for the enterprise (包保), also in somebody's absence."""
    return (
        by.is_staff
        and Stewardship.objects.filter(
            zone_id=by.zone_id,
            party_id=party_id,
            post_id__in=posts_answered_for(by, now),
            until__isnull=True,
        ).exists()
    )


def may_triage(by: Actor, appeal: Appeal, now: datetime) -> bool:
    """The desk, the steward of the enterprise, and whoever received it first (首接负责)."""
    return (
        is_desk(by)
        or (by.is_staff and appeal.first_post_id in posts_answered_for(by, now))
        or is_steward(by, appeal.party_id, now)
    )


def leads(by: Actor, appeal: Appeal, now: datetime) -> bool:
    """A post of the leading office, its handler, or the handler's deputy."""
    if not by.is_staff or by.post_id is None:
        return False
    in_office = appeal.office_id is not None and by.office_id == appeal.office_id
    return in_office or appeal.handler_id in posts_answered_for(by, now)


def heads(by: Actor, appeal: Appeal) -> bool:
    """The head of the leading office: decides among its own people."""
    in_office = by.office_id is not None and by.office_id == appeal.office_id
    return by.is_staff and by.is_lead and in_office


def helps(by: Actor, appeal: Appeal) -> bool:
    """A post of a joint office (协办)."""
    return (
        by.is_staff
        and by.office_id is not None
        and appeal.joint_offices.filter(office_id=by.office_id).exists()
    )


def may_supervise(by: Actor) -> bool:
    """Zone leaders and the head of the service desk."""
    return by.is_staff and (
        by.role == Role.ZONE_LEADER or (by.role == Role.SERVICE_DESK and by.is_lead)
    )


def plans_for_all(by: Actor) -> bool:
    """The service desk, administrators and zone leaders plan the routes of everybody."""
    return is_desk(by) or is_system(by) or may_supervise(by)


def must_route(by: Actor, posts: Iterable[int], now: datetime) -> None:
    """Everybody plans the own day and that of an absent colleague; the desk and leaders all days."""
    if plans_for_all(by):
        return
    staff_post(by)
    if not set(posts) <= posts_answered_for(by, now):
        raise Refused(
            _("You plan your own routes; the service desk and leaders plan those of others."),
            field="posts",
        )


def speaks_for(by: Actor, appeal: Appeal) -> bool:
    """The enterprise's own representative, or the holder of this request's link. Nobody else."""
    if by.role is None:
        return bool(by.key) and by.key == appeal.track_hash
    return by.role == Role.ENTERPRISE and by.party_ref == appeal.party_id


def must_be_desk(by: Actor) -> None:
    if not is_desk(by):
        raise Refused(_("Only the service desk can do this; ask it to."))


def may_ask_for_figures(by: Actor) -> bool:
    return by.is_staff and by.role in ASKS_FOR_FIGURES


def must_ask_for_figures(by: Actor) -> None:
    if not (may_ask_for_figures(by) or is_system(by)):
        raise Refused(
            _(
                "Only statistics, economic operations or the service desk ask enterprises for"
                " figures; tell them which one is missing."
            )
        )


def filed(by: Actor, appeal: Appeal) -> bool:
    """Whether the asker filed the request: by post, or by the link of what came from a card."""
    if appeal.filed_by_id is None:
        return by.role is None and bool(by.key) and by.key == appeal.track_hash
    return appeal.filed_by_id == by.post_id


def staff_post(by: Actor) -> int:
    """The post of staff who act; everybody else is refused."""
    if not by.is_staff or by.post_id is None:
        raise Refused(_("Only staff of the zone can do this."))
    return by.post_id


def must_triage(by: Actor, appeal: Appeal, now: datetime) -> None:
    if not may_triage(by, appeal, now):
        raise Refused(
            _(
                "Only the service desk, the officer of this enterprise or whoever received the"
                " request first can do this."
            )
        )


def must_lead(by: Actor, appeal: Appeal, now: datetime) -> None:
    if not leads(by, appeal, now):
        raise Refused(_("Only the leading office of this request can do this."))


def must_take_part(by: Actor, appeal: Appeal, now: datetime) -> None:
    if leads(by, appeal, now) or helps(by, appeal) or may_triage(by, appeal, now):
        return
    if not may_supervise(by):
        raise Refused(
            _("Only the offices working on this request can do this; ask the service desk to join.")
        )


def must_supervise(by: Actor) -> None:
    if not may_supervise(by):
        raise Refused(_("Only a zone leader or the head of the service desk can do this."))


def must_speak_for(by: Actor, appeal: Appeal) -> None:
    """Only the enterprise closes or reopens its request; staff are told whom to ask."""
    if not speaks_for(by, appeal):
        raise Refused(
            _(
                "Only the enterprise can do this: by the link of its receipt, on its own page, or in"
                " its own words at a return visit."
            )
        )


def _handled(by: Actor, appeal: Appeal) -> bool:
    """Whether the asker handled or answered the request, in any post: the person counts."""
    answered = AppealEvent.objects.filter(appeal=appeal, verb="answer_appeal").values("post_id")
    if by.person_id is None:
        return False
    posts = Post.objects.filter(zone_id=by.zone_id, person_id=by.person_id)
    return posts.filter(Q(pk__in=answered) | Q(pk=appeal.handler_id)).exists()


def _visits_back(by: Actor, appeal: Appeal, now: datetime) -> bool:
    return by.post_id is not None and (may_triage(by, appeal, now) or may_supervise(by))


def may_visit_back(by: Actor, appeal: Appeal, now: datetime) -> bool:
    """Somebody of the desk, the officer or a leader, who neither handled nor answered it."""
    return _visits_back(by, appeal, now) and not _handled(by, appeal)


def must_visit_back(by: Actor, appeal: Appeal, now: datetime) -> int:
    """The post that may visit back, or a refusal saying who may."""
    post_id = staff_post(by)
    if not _visits_back(by, appeal, now):
        raise Refused(
            _("Only the service desk, the officer of this enterprise or a leader visits back.")
        )
    if _handled(by, appeal):
        raise Refused(
            _("Whoever handled the request cannot make the return visit; ask a colleague to.")
        )
    return post_id
