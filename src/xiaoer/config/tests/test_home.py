"""Everybody's first page, and the three figures above the inbox."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tests.records import make_records
from xiaoer.base.models import Post
from xiaoer.base.scope import Actor, acting
from xiaoer.config.home import home_figures
from xiaoer.work import actions as work

Of = Callable[[str], Actor]
SignIn = Callable[[str], Client]
STAFF = ("east-officer", "east-leader", "east-desk", "east-power", "east-admin", "east-statistics")


def text_of(response: object) -> str:
    assert isinstance(response, HttpResponse)
    return response.content.decode()


@pytest.mark.parametrize(
    ("who", "there"),
    [
        ("east-officer", "/inbox/"),
        ("east-leader", "/inbox/"),
        ("east-admin", "/administration/"),
        ("east-statistics", "/indicators/"),
        ("city", "/figures/"),
    ],
)
def test_everybody_comes_to_the_page_of_their_day(sign_in: SignIn, who: str, there: str) -> None:
    assert sign_in(who).get("/")["Location"] == there


def test_whoever_looks_on_comes_to_the_inbox_once_something_is_given_to_them(
    sign_in: SignIn, of: Of
) -> None:
    desk, keeper, now = of("east-desk"), of("east-statistics"), timezone.now()
    with acting(desk):
        matter = work.open_matter(
            by=desk, now=now, kind="appeal", subject_id=1, title="核对数字", address="/appeals/1/"
        )
        post = Post.objects.get(pk=keeper.post_id or 0)
        work.give_task(by=desk, now=now, matter=matter, kind="help", title="核对数字", post=post)
    assert sign_in("east-statistics").get("/")["Location"] == "/inbox/"


@pytest.mark.parametrize("who", STAFF)
def test_three_figures_are_mine_and_each_opens_to_its_records(sign_in: SignIn, who: str) -> None:
    make_records("east")
    client = sign_in(who)
    page = text_of(client.get("/home/figures/"))
    links = [unescape(found) for found in re.findall(r'href="([^"]+)"', page)]
    assert len(links) == 3
    assert [client.get(link).status_code for link in links] == [200, 200, 200]


def test_a_share_of_nothing_is_no_figure(of: Of) -> None:
    officer = of("east-officer")
    with acting(officer):
        visited, confirmed, _mine = home_figures(officer, timezone.now())
    assert confirmed.figure is None
    assert visited.unit.startswith("/")


@pytest.mark.parametrize("who", ["city"])
def test_those_without_an_inbox_have_no_figures_above_it(sign_in: SignIn, who: str) -> None:
    assert sign_in(who).get("/home/figures/").status_code == 404
