"""Does a step of a case answer in 60 ms with 10⁵ cases beside it, and the same in an old, wide case?

``python -m benchmarks.case_step 5000`` takes another number of cases.
"""

import sys
import time
from collections.abc import Callable
from typing import Any

from django.test import Client
from django.utils import timezone

from benchmarks.measure import Bench, bench_database, report
from tests.town import actor
from xiaoer.base.models import Account
from xiaoer.permits.models import Case, ThingVersion
from xiaoer.permits.tests.casework import FOOD, RESTAURANT, Town, build, with_item

CASES, RUNS = 100_000, 40
EVENTS, BRANCHES = 10_000, 1_000
BOUND_MS, BOUND_AGE = 60.0, 1.2

FILL = """
insert into permit_case (zone_id, number, thing_version_id, party_id, applicant_name, contact_name,
    contact_phone, key_hash, state, channel, answers, form, form_sources, is_early_release,
    promise_words, check_words, drafted_at, submitted_at, received_at, accepted_at, is_deemed,
    decided_at, issued_at, closed_at, closed_why, is_automatic, trips, version)
select %(zone)s, 'X' || n, %(version)s, %(party)s, 'firm ' || n, '', '', '', 'issued', 'online',
    '{}', '{}', '{}', false, '', '', t, t, t, t, false, t + interval '4 days',
    t + interval '5 days', t + interval '5 days', '', false, 0, 1
from (select n, now() - interval '3 years' * random() as t from generate_series(1, %(count)s) n) x
"""
ITEMS = """
insert into case_item (zone_id, case_id, code, name, office_id, state, by_promise, decides, after,
    path, authority, licence_code, extend_most, granted, statutory_count, statutory_unit,
    promised_count, promised_unit, extended_by, extended_why, started_at, statutory_due_at,
    promised_due_at, decided_at, decision, "order", version)
select c.zone_id, c.id, 'i' || n, 'item', %(office)s, 'granted', false, 'grant', '[]', '[]', '', '',
    0, '{}', 20, 'working_day', 5, 'working_day', 0, '', c.accepted_at,
    c.accepted_at + interval '28 days', c.accepted_at + interval '7 days', c.decided_at, '', n, 1
from permit_case c cross join generate_series(1, %(each)s) n where c.%(which)s
"""
PAST = """
insert into case_event (zone_id, case_id, item_id, verb, detail, who, is_shown, at)
select zone_id, case_id, id, 'finish_step', '{}', 'somebody', true, now()
from case_item, generate_series(1, %(count)s) n where id = %(item)s
"""


def fill(bench: Bench, town: Town, version: ThingVersion, cases: int) -> None:
    """Years of finished cases, five items each."""
    by = actor("east-economy")
    with bench.as_owner() as link:
        link.execute(
            FILL,
            {"zone": town.zone_id, "version": version.pk, "party": town.party.pk, "count": cases},
        )
        sql = ITEMS.replace("c.%(which)s", "c.state = 'issued'")
        link.execute(sql, {"office": by.office_id, "each": 5})


def age(bench: Bench, case: Case, item: int) -> None:
    """A case of a thousand branches and ten thousand events."""
    by = actor("east-economy")
    with bench.as_owner() as link:
        link.execute(PAST, {"count": EVENTS, "item": item})
        sql = ITEMS.replace("c.%(which)s", "id = %(case)s").replace(
            "'granted', false", "'filed', false"
        )
        link.execute(
            sql.replace("c.decided_at", "now()"),
            {"office": by.office_id, "each": BRANCHES, "case": case.pk},
        )


def signed_in(username: str) -> Client:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(
        Account.objects.get(username=username),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    return client


def taken(act: Callable[[], Any]) -> float:
    began = time.perf_counter()
    answer = act()
    assert answer.status_code == 302, answer.content
    return (time.perf_counter() - began) * 1e3


def worst(times: list[float]) -> float:
    """What 95 of 100 stay under."""
    return sorted(times)[max(0, round(len(times) * 0.95) - 1)]


def turns(
    town: Town, client: Client, power: Client, case: Case, runs: int
) -> dict[str, list[float]]:
    """The review signed and returned from the countersignature, over and over."""
    times: dict[str, list[float]] = {"sign": [], "return": []}
    for _run in range(runs):
        step = town.step(case, "food")
        times["sign"].append(
            taken(lambda: client.post(f"/cases/steps/{step.pk}/", {"what_to_do": "agree"}))  # noqa: B023
        )
        signer = town.step(case, "food", "供电服务中心")
        said = {"what_to_do": "return", "to_order": "0", "words": "再看"}
        times["return"].append(
            taken(lambda: power.post(f"/cases/steps/{signer.pk}/", said))  # noqa: B023
        )
    return times


def main() -> None:
    cases = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else CASES
    with bench_database("case_step") as bench:
        bench.use()
        town = build(actor)
        version = town.thing(with_item(FOOD))
        fill(bench, town, town.thing(RESTAURANT, "old"), cases)
        desk, economy, power = (
            signed_in(name) for name in ("east-desk", "east-economy", "east-power")
        )
        waiting = [town.submitted(version, at=timezone.now()) for _n in range(RUNS + 2)]
        said = {"what_to_do": "accept"}
        accepts = [taken(lambda: desk.post(f"/cases/{one.pk}/act/", said)) for one in waiting]  # noqa: B023
        beside = f"{cases:,} cases in the database, 95 % of {RUNS}"
        report(f"accept a case, {beside}", "ms", worst(accepts[2:]), BOUND_MS, "60 ms", 1.0)
        young, old = waiting[0], waiting[1]
        age(bench, old, town.item(old, "food").pk)
        turns(town, economy, power, young, 2)
        turns(town, economy, power, old, 2)
        # In turn, so that a busy moment of the machine strikes both alike.
        new: dict[str, list[float]] = {"sign": [], "return": []}
        long_ago: dict[str, list[float]] = {"sign": [], "return": []}
        for _run in range(RUNS):
            for kept, one in ((new, young), (long_ago, old)):
                for verb, times in turns(town, economy, power, one, 1).items():
                    kept[verb] += times
        for verb in ("sign", "return"):
            report(f"{verb} a step, {beside}", "ms", worst(new[verb]), BOUND_MS, "60 ms", 1.0)
            report(
                f"{verb} a step of a case of {EVENTS:,} events and {BRANCHES:,} branches", "ms",
                sorted(long_ago[verb])[RUNS // 2], sorted(new[verb])[RUNS // 2],
                "a case just accepted", BOUND_AGE,
            )  # fmt: skip


if __name__ == "__main__":
    main()
