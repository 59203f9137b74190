"""Licences that run out are told to the officer of their firm, and are a reason to visit it."""

from collections.abc import Callable
from datetime import timedelta

from tests.town import NOW
from xiaoer.base.models import Post
from xiaoer.base.scope import Actor, acting
from xiaoer.config.lending import licences_expiring, licences_that_run_out
from xiaoer.papers import actions as papers
from xiaoer.papers.tests.held import TODAY, built
from xiaoer.registry import actions as registry
from xiaoer.work.queries import calendar_of
from xiaoer.work.reminding import Asked


def test_a_licence_that_runs_out_is_told_to_the_firms_officer(of: Callable[[str], Actor]) -> None:
    officer = of("east-officer")
    town = built(of)
    last = TODAY + timedelta(days=20)
    with acting(town.boss):
        post = Post.objects.get(pk=officer.post_id or 0)
        registry.assign_steward(by=town.boss, now=NOW, party=town.party, post=post)
    with acting(town.land):
        soon = town.issue(valid_until=last)
        town.issue(party=town.other, valid_until=last)
        town.issue(valid_until=TODAY + timedelta(days=200))
    with acting(town.boss):
        asked = Asked(
            zone_id=town.boss.zone_id, now=NOW, calendar=calendar_of(town.boss.zone_id),
            posts=frozenset({post.pk}), days=30,
        )  # fmt: skip
        (told,) = licences_expiring(asked)
        assert (told.subject_id, told.post_id, told.days) == (soon.pk, post.pk, 20)
        visits = licences_that_run_out(town.boss, [town.party.pk], last)
        assert [one.on for one in visits[town.party.pk]] == [last]
    with acting(town.land):
        papers.deregister_licence(by=town.land, now=NOW, licence=soon, why="不再经营")
    with acting(town.boss):
        assert list(licences_expiring(asked)) == []
