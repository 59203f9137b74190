"""Does a person's inbox cost the same with a million finished tasks behind it as with none?"""

from django.test import Client
from django.utils import timezone

from benchmarks.measure import Bench, bench_database, compare
from tests.town import actor
from xiaoer.base.models import Account
from xiaoer.base.scope import acting
from xiaoer.work import queries

FINISHED, OPEN = 1_000_000, 100
RUNS = 41
WHO = "east-officer"

# One matter holds ten tasks; finished ones lie over three years and were done by all posts in turn.
MATTERS = """
insert into matter (zone_id, kind, subject_id, title, address, opened_at, closed_at)
select %(zone)s, %(kind)s, n, 'request ' || n, '/appeals/' || n || '/',
       now() - interval '3 years' * random(), now()
from generate_series(1, %(count)s) n
"""
TASKS = """
insert into task (zone_id, matter_id, kind, title, post_id, office_id, is_joint, is_supervised, level,
                  state, started_at, due_at, amber_at, done_at, done_by_id, outcome, version)
select m.zone_id, m.id, 'solve', m.title, p.id, p.office_id, false, false, 0, %(state)s::text,
       m.opened_at, m.opened_at + interval '20 days', m.opened_at + interval '15 days',
       case when %(state)s::text = 'done' then m.opened_at + interval '10 days' end,
       case when %(state)s::text = 'done' then p.id end, '', 1
from matter m
cross join generate_series(1, %(each)s) n
join (select id, office_id, row_number() over (order by id) - 1 as place, count(*) over () as posts
      from post where zone_id = %(zone)s and (%(post)s::bigint is null or id = %(post)s)) p
  on p.place = (m.id + n) %% p.posts
where m.kind = %(kind)s
"""


def fill(bench: Bench, finished: int) -> None:
    """The officer's hundred open tasks, and the finished ones of everybody."""
    who = actor(WHO)
    with bench.as_owner() as link:
        for kind, count, each, state, post in (
            ("old", finished // 10, 10, "done", None),
            ("appeal", OPEN, 1, "open", who.post_id),
        ):
            given = {"zone": who.zone_id, "kind": kind, "count": count}
            link.execute(MATTERS, given)
            link.execute(TASKS, given | {"each": each, "state": state, "post": post})


def read_inbox(bench: Bench) -> None:
    """What the page asks: its rows and the counts by light."""
    bench.use()
    who, now = actor(WHO), timezone.now()
    with acting(who):
        assert len(queries.inbox(who, now, size=51)) == 51
        assert queries.inbox_counts(who, now).total == OPEN


def open_page(bench: Bench, client: Client) -> None:
    bench.use()
    assert client.get("/inbox/").status_code == 200


def signed_in(bench: Bench) -> Client:
    bench.use()
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(
        Account.objects.get(username=WHO),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    return client


def main() -> None:
    with bench_database("inbox_none") as none, bench_database("inbox_million") as million:
        none.use()
        fill(none, 0)
        million.use()
        fill(million, FINISHED)
        against = "the same 100 open tasks with none finished"
        compare(
            "inbox rows and counts, 1,000,000 finished tasks behind", "ms",
            lambda: read_inbox(million), lambda: read_inbox(none), against, 1.2, RUNS,
        )  # fmt: skip
        here, there = signed_in(million), signed_in(none)
        compare(
            "inbox page, 1,000,000 finished tasks behind", "ms",
            lambda: open_page(million, here), lambda: open_page(none, there),
            against, 1.2, RUNS,
        )  # fmt: skip


if __name__ == "__main__":
    main()
