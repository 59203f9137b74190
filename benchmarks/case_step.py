"""Does a step of a case answer in 60 ms with 10⁵ cases beside it, and the same in an old, wide case?

Each step is measured as its form asks for it: signed in, found, locked, done, told, committed and
answered by where to go. The verb alone, and the page of the case shown afterwards, stand beside it,
with the processor's time of this process, that of the database for it, how many statements it sent,
and the load of the machine: on a machine with nothing else to do, the two times are what it takes. A
thing of ten branches that all begin at once is accepted beside the one of a single branch.

``python -m benchmarks.case_step 5000`` takes another number of cases.
"""

import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import Any

from django.db import connection
from django.test import Client
from django.utils import timezone

from benchmarks.measure import Bench, bench_database, report
from tests.town import actor
from xiaoer.base.models import Account
from xiaoer.permits import actions as permits
from xiaoer.permits.definition import Definition
from xiaoer.permits.models import Case, ThingVersion
from xiaoer.permits.tests.casework import FOOD, POWER, RESTAURANT, Town, build, with_item

CASES, RUNS = 100_000, 40
EVENTS, BRANCHES = 10_000, 1_000
WIDE = "accept, ten branches at once"
BOUND_MS, BOUND_AGE, PAGE_MS = 60.0, 1.2, 300.0

FILL = """
insert into permit_case (zone_id, number, thing_version_id, party_id, applicant_name, contact_name,
    contact_phone, key_hash, state, channel, answers, form, form_sources, is_early_release,
    promise_words, check_words, drafted_at, submitted_at, received_at, accepted_at, is_deemed,
    decided_at, issued_at, closed_at, closed_why, is_automatic, trips, version, joint_more,
    joint_why)
select %(zone)s, 'X' || n, %(version)s, %(party)s, 'firm ' || n, '', '', '', 'issued', 'online',
    '{}', '{}', '{}', false, '', '', t, t, t, t, false, t + interval '4 days',
    t + interval '5 days', t + interval '5 days', '', false, 0, 1, 0, ''
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


def database_ms() -> float:
    """What the processor has spent for this connection at the database, where both share a machine."""
    kept = connection.connection
    told = Path(f"/proc/{kept.info.backend_pid}/schedstat") if kept is not None else Path()
    return int(told.read_text().split()[0]) / 1e6 if told.is_file() else 0.0


@dataclass
class Times:
    """Milliseconds of the clock, of this process's processor, and of the database's."""

    wall: list[float] = field(default_factory=list)
    own: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    statements: int = 0

    def take(self, act: Callable[[], Any], status: int = 0) -> None:
        self.statements = 0
        with connection.execute_wrapper(self._counted):
            there, began, own = database_ms(), time.perf_counter(), time.process_time()
            answer = act()
            self.own.append((time.process_time() - own) * 1e3)
            self.wall.append((time.perf_counter() - began) * 1e3)
            self.database.append(database_ms() - there)
        if status and answer.status_code != status:
            raise RuntimeError(answer.content.decode()[:500])

    def _counted(self, execute: Callable[..., Any], *asked: Any) -> Any:
        self.statements += 1
        return execute(*asked)

    @property
    def worst(self) -> float:
        """What 95 of 100 stay under."""
        return sorted(self.wall)[max(0, round(len(self.wall) * 0.95) - 1)]

    def beside(self) -> dict[str, Any]:
        """What a reader of the figure wants to know with it."""
        return {
            "median": float(f"{median(self.wall):.4g}"),
            "processor": float(f"{median(self.own):.4g}"),
            "database": float(f"{median(self.database):.4g}"),
            "statements": self.statements,
            "load": round(os.getloadavg()[0], 1),
        }


Kept = defaultdict[str, Times]


@dataclass
class Desks:
    """Who acts, by verb and by page."""

    town: Town
    desk: Client
    economy: Client
    power: Client

    def accept(self, kept: Kept, case: Case, *, by_page: bool, name: str = "accept") -> None:
        if by_page:
            said = {"what_to_do": "accept"}
            kept[name].take(lambda: self.desk.post(f"/cases/{case.pk}/act/", said), 302)
            if name == "accept":
                kept["page"].take(lambda: self.desk.get(f"/cases/{case.pk}/"), 200)
            return
        kept[f"{name}, the verb"].take(
            lambda: self.town.run("desk", permits.accept_case, case=case, now=timezone.now())
        )

    def turn(self, kept: Kept, case: Case, *, by_page: bool) -> None:
        """The review signed, and returned from the countersignature."""
        step = self.town.step(case, "food")
        if by_page:
            said = {"what_to_do": "agree"}
            kept["sign"].take(lambda: self.economy.post(f"/cases/steps/{step.pk}/", said), 302)
            kept["page"].take(lambda: self.economy.get(f"/cases/{case.pk}/"), 200)
        else:
            asked = {"step": step, "agrees": True, "now": timezone.now()}
            kept["sign, the verb"].take(
                lambda: self.town.run("economy", permits.finish_step, **asked)
            )
        signer = self.town.step(case, "food", POWER)
        if by_page:
            said = {"what_to_do": "return", "to_order": "0", "words": "再看"}
            kept["return"].take(lambda: self.power.post(f"/cases/steps/{signer.pk}/", said), 302)
            kept["page"].take(lambda: self.power.get(f"/cases/{case.pk}/"), 200)
        else:
            asked = {"step": signer, "to_order": 0, "words": "再看", "now": timezone.now()}
            kept["return, the verb"].take(
                lambda: self.town.run("power", permits.return_step, **asked)
            )


def main() -> None:
    cases = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else CASES
    with bench_database("case_step") as bench:
        bench.use()
        town = build(actor)
        version = town.thing(with_item(FOOD))
        fill(bench, town, town.thing(RESTAURANT, "old"), cases)
        desks = Desks(
            town, *(signed_in(name) for name in ("east-desk", "east-economy", "east-power"))
        )
        wide = town.thing(
            Definition(items=tuple(replace(FOOD, code=f"food{n}") for n in range(10))), "wide"
        )
        waiting = [town.submitted(version, at=timezone.now()) for _n in range(2 * RUNS + 4)]
        broad = [town.submitted(wide, at=timezone.now()) for _n in range(RUNS + 1)]
        # The first ones fill caches; what they took is forgotten.
        for number, case in enumerate(waiting[:4]):
            desks.accept(Kept(Times), case, by_page=number % 2 == 0)
        new, long_ago = Kept(Times), Kept(Times)
        for number, case in enumerate(waiting[4:]):
            desks.accept(new, case, by_page=number % 2 == 0)
        desks.accept(Kept(Times), broad[0], by_page=True, name=WIDE)
        for case in broad[1:]:
            desks.accept(new, case, by_page=True, name=WIDE)
        young, old = waiting[0], waiting[1]
        age(bench, old, town.item(old, "food").pk)
        for one in (young, old, young, old):
            for by_page in (True, False):
                desks.turn(Kept(Times), one, by_page=by_page)
        # In turn, so that a busy moment of the machine strikes both alike.
        for _run in range(RUNS):
            for kept, one in ((new, young), (long_ago, old)):
                for by_page in (True, False):
                    desks.turn(kept, one, by_page=by_page)
        show(new, long_ago, cases)


def show(new: Kept, long_ago: Kept, cases: int) -> None:
    beside = f"{cases:,} cases in the database, 95 % of {RUNS}"
    verbs = [name for one in ("accept", "sign", "return") for name in (one, f"{one}, the verb")]
    for name in (*verbs, WIDE):
        report(
            f"{name}, {beside}", "ms", new[name].worst, BOUND_MS, "60 ms", 1.0, **new[name].beside()
        )
    for name in ("sign", "return", "sign, the verb", "return, the verb"):
        report(
            f"{name}, of a case of {EVENTS:,} events and {BRANCHES:,} branches", "ms",
            median(long_ago[name].wall), median(new[name].wall), "a case just accepted", BOUND_AGE,
            old=long_ago[name].beside(), new=new[name].beside(),
        )  # fmt: skip
    for name, times in (("young", new["page"]), ("old", long_ago["page"])):
        report(
            f"the page of a {name} case after the step", "ms", times.worst, PAGE_MS, "300 ms", 1.0,
            **times.beside(),
        )  # fmt: skip


if __name__ == "__main__":
    main()
