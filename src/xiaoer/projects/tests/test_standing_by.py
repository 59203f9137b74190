"""拿地即开工, ambassadors, leaders and forces, site visits: what has force when, and who sees it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from tests.town import NOW
from xiaoer.base.models import Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, system
from xiaoer.projects import actions as projects
from xiaoer.projects import queries
from xiaoer.projects.models import (
    Ambassador,
    Charge,
    ForceMember,
    PreCheck,
    PreReview,
    PreReviewTrack,
    Project,
    SiteVisit,
)
from xiaoer.projects.tests.built import TODAY, Ground, build
from xiaoer.work.models import Contact, Task

Of = Callable[[str], Actor]
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def ground(of: Of) -> Ground:
    ground = build(of)
    ground.do(system(ground.zone_id), projects.seed_pre_review)
    return ground


def fresh(ground: Ground, project: Project) -> Project:
    with acting(ground.of("east-desk")):
        return Project.objects.get(pk=project.pk)


def opened(ground: Ground, **given: Any) -> PreReviewTrack:
    with acting(ground.of("east-desk")):
        items = queries.pre_review_items(ground.zone_id)
    track: PreReviewTrack = ground.do(
        "east-desk",
        projects.open_pre_review,
        **{
            "project": ground.project, "agreement": "投资协议 2026-17 号",
            "risk_letter_on": YESTERDAY, "is_not_barred": True,
            "offices": {one.pk: ground.office("自然资源分局") for one in items}, **given,
        },
    )  # fmt: skip
    return track


def reviews(ground: Ground, track: PreReviewTrack) -> dict[str, PreReview]:
    with acting(ground.of("east-desk")):
        return {one.item.code: one for one in queries.reviews_of(track)}


def test_papers_are_prepared_before_the_land_and_turn_final_on_its_day(ground: Ground) -> None:
    track = opened(ground)
    known = reviews(ground, track)
    assert {one.state for one in known.values()} == {"prepared"}
    assert len(known) == 5
    for code in ("land_use", "works"):
        review = ground.do(
            "east-land", projects.give_conditional, review=known[code], on=TODAY,
            conditions="以取得土地为条件",
        )  # fmt: skip
        assert "no legal force" in PreReview.State(review.state).label or "法律" in str(
            PreReview.State(review.state).label
        )
    turned = ground.do("east-desk", projects.sign_land, project=ground.project, on=TODAY)
    assert turned == 2
    states = {code: one.state for code, one in reviews(ground, track).items()}
    assert states["land_use"] == states["works"] == "final"
    assert states["construction"] == "prepared", "what was not judged goes the usual way"
    assert fresh(ground, ground.project).land_signed_on == TODAY
    with pytest.raises(Refused):
        ground.do("east-desk", projects.sign_land, project=ground.project, on=TODAY)


def test_when_the_land_is_lost_every_result_is_void(ground: Ground) -> None:
    track = opened(ground)
    known = reviews(ground, track)
    ground.do(
        "east-land",
        projects.give_conditional,
        review=known["land_use"],
        on=TODAY,
        conditions="取得土地",
    )
    void = ground.do(
        "east-desk", projects.lose_land, project=ground.project, on=TODAY, reason="他人竞得"
    )
    assert void == 5
    assert {one.state for one in reviews(ground, track).values()} == {"void"}
    with acting(ground.of("east-desk")):
        assert not Task.objects.filter(kind="pre_review", state="open").exists()
    again = opened(ground)
    assert again.pk != track.pk


def test_what_is_barred_is_told_and_only_a_person_says_it_is_not(ground: Ground) -> None:
    with pytest.raises(Refused) as no:
        opened(ground, is_not_barred=False)
    assert "危险化学品" in str(no.value)
    with pytest.raises(Refused):
        opened(ground, risk_letter_on=TODAY + timedelta(days=1))
    opened(ground)
    with pytest.raises(Refused):
        opened(ground)


def test_no_result_is_final_before_it_was_conditional(ground: Ground) -> None:
    known = reviews(ground, opened(ground))
    with acting(ground.of("east-desk")), pytest.raises(IntegrityError), transaction.atomic():
        PreReview.objects.filter(pk=known["works"].pk).update(state="final")
    with pytest.raises(Refused):
        ground.do(
            "east-power", projects.give_conditional, review=known["works"], on=TODAY, conditions="x"
        )


def test_an_item_is_the_zones_own_with_its_source(ground: Ground) -> None:
    with acting(ground.of("east-desk")):
        item = queries.pre_review_items(ground.zone_id)[0]
    kept = ground.do(
        "east-desk", projects.keep_pre_review_item, item=item, name=item.name,
        office_name="自然资源", working_days=4, source="本区实施方案", version=item.version,
    )  # fmt: skip
    assert (kept.working_days, kept.mark) == (4, "D")
    assert ground.do(system(ground.zone_id), projects.seed_pre_review) == 0


# Ambassadors --------------------------------------------------------------------------------------


def ambassador(ground: Ground, **given: Any) -> Ambassador:
    row: Ambassador = ground.do(
        "east-desk",
        projects.name_ambassador,
        **{
            "project": ground.project, "post": ground.post("east-officer"), "topic": "施工许可",
            "departments": ["自然资源分局", "住建局"], **given,
        },
    )  # fmt: skip
    return row


def test_one_person_leads_through_the_departments_and_checks_beforehand(ground: Ground) -> None:
    row = ambassador(ground)
    ground.do("east-officer", projects.pre_check, ambassador=row, what="总平面图", result="fine")
    with pytest.raises(Refused) as no:
        ground.do("east-officer", projects.pre_check, ambassador=row, what="合同", result="lacks")
    assert no.value.field == "note"
    ground.do(
        "east-officer",
        projects.pre_check,
        ambassador=row,
        what="合同",
        result="lacks",
        note="缺盖章页",
    )
    with pytest.raises(Refused):
        ground.do("east-power", projects.pre_check, ambassador=row, what="图", result="fine")
    with pytest.raises(Refused):
        ambassador(ground, departments=["住建局"])
    ground.do(
        "east-officer", projects.end_ambassador, ambassador=row, until=TODAY, outcome="已发证"
    )
    with pytest.raises(Refused):
        ground.do("east-officer", projects.pre_check, ambassador=row, what="图", result="fine")


def test_an_enterprise_sees_who_helps_it_and_what_was_said(ground: Ground) -> None:
    row = ambassador(ground)
    ground.do("east-officer", projects.pre_check, ambassador=row, what="总平面图", result="fine")
    track = opened(ground)
    with acting(ground.spokesman()):
        one = Ambassador.objects.select_related("post__person").get()
        assert one.post.person.name == "网一"
        assert PreCheck.objects.count() == 1
        assert [each.pk for each in PreReviewTrack.objects.all()] == [track.pk]
        assert PreReview.objects.count() == 5
        with pytest.raises(ProgrammingError), transaction.atomic():
            SiteVisit.objects.count()
    with acting(ground.spokesman(ground.other)):
        assert Ambassador.objects.count() == PreCheck.objects.count() == 0
        assert PreReviewTrack.objects.count() == PreReview.objects.count() == 0
        assert not Post.objects.filter(pk=row.post_id).exists()
    with acting(ground.of("west-leader")):
        assert Ambassador.objects.count() == PreReviewTrack.objects.count() == 0


# Leaders, forces, visits --------------------------------------------------------------------------


def test_whoever_led_before_stays_on_record(ground: Ground) -> None:
    leader, steward = ground.post("east-leader"), ground.post("east-steward")
    ground.do(
        "east-desk", projects.set_leader, project=ground.project, post=leader, since=YESTERDAY
    )
    with pytest.raises(Refused):
        ground.do("east-desk", projects.set_leader, project=ground.project, post=leader)
    row = ground.do("east-desk", projects.set_leader, project=ground.project, post=steward)
    assert row.leader_id == steward.pk
    with acting(ground.of("east-desk")):
        days = [(one.post_id, one.since, one.until) for one in queries.charges_of(row)]
    assert days == [(steward.pk, TODAY, None), (leader.pk, YESTERDAY, TODAY)]
    with pytest.raises(Refused):
        ground.do("east-power", projects.set_officer, project=ground.project, post=steward)


def test_people_join_and_leave_the_force_with_their_days(ground: Ground) -> None:
    post = ground.post("east-steward")
    ground.do("east-desk", projects.join_force, project=ground.project, post=post, part="head")
    with pytest.raises(Refused):
        ground.do("east-desk", projects.join_force, project=ground.project, post=post)
    ground.do("east-desk", projects.leave_force, project=ground.project, post=post)
    ground.do("east-desk", projects.join_force, project=ground.project, post=post)
    with acting(ground.spokesman()):
        assert ForceMember.objects.filter(project=ground.project).count() == 2
    with acting(ground.of("west-desk")):
        assert ForceMember.objects.count() == Charge.objects.count() == 0


def test_a_site_visit_gives_the_next_act_and_is_no_contact_by_itself(ground: Ground) -> None:
    visit = ground.do(
        "east-desk", projects.visit_site, project=ground.project, on=TODAY, found="桩基完成六成",
        next_act="协调临时用水", office=ground.office("自然资源分局"),
        due_on=TODAY + timedelta(days=3),
    )  # fmt: skip
    assert visit.task is not None and visit.contact is None
    with acting(ground.of("east-desk")):
        assert Contact.objects.count() == 0
        task = Task.objects.get(pk=visit.task_id)
        assert (task.kind, task.title) == ("site_act", "协调临时用水")


def test_received_by_the_enterprise_it_counts_as_a_contact(ground: Ground) -> None:
    visit = ground.do(
        "east-desk",
        projects.visit_site,
        project=ground.project,
        on=TODAY,
        found="设备进场",
        met_firm=True,
    )
    with acting(ground.of("east-desk")):
        contact = Contact.objects.get(pk=visit.contact_id)
        assert (contact.party_id, contact.tag) == (ground.party.pk, "service")


def test_sites_nobody_saw_this_week_are_listed(ground: Ground) -> None:
    with acting(ground.of("east-desk")):
        Project.objects.filter(pk__in=[ground.project.pk, ground.second.pk]).update(
            stage="building"
        )
        names = [one.project.name for one in queries.not_visited(ground.zone_id, TODAY)]
        assert names == ["变压器智造项目", "水泥窑技改项目"]
    ground.do("east-desk", projects.visit_site, project=ground.project, on=TODAY, found="正常")
    with acting(ground.of("east-desk")):
        left = queries.not_visited(ground.zone_id, TODAY)
        assert [(one.project.name, one.last_on) for one in left] == [("水泥窑技改项目", None)]
        following = queries.not_visited(ground.zone_id, TODAY + timedelta(days=7))
        assert following[1].last_on == TODAY
    with pytest.raises(Refused):
        ground.do(
            "east-desk", projects.visit_site, project=ground.project, on=date(2027, 1, 1), found="x"
        )
    assert NOW.date() == TODAY
