"""Does the queue drain at the engine's own rate, and do pages stay quick meanwhile?

Applications of two pictures each lie in the queue; the process for jobs, started as ``serve`` starts
it, decides them beside the process for pages. From the end of the first application to the end of the
last is held against the bare reading of the same pictures with nothing beside it, standing back as far
as jobs do, half of them read before and half after, so that a machine that is busy with other things
strikes both alike; pages are asked for one after the other, with a quarter of a second between.

``python -m benchmarks.unattended_queue 5`` takes another number of applications.
"""

import os
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from statistics import median
from typing import Any

import psycopg
from django.conf import settings
from django.test import Client
from django.utils import timezone

from benchmarks.measure import _point_django_at, report
from tests.paper_set import draw
from tests.server import Server, served
from tests.town import actor
from xiaoer.base.models import Account
from xiaoer.base.scope import acting, system
from xiaoer.config import serving
from xiaoer.papers.ocr.process import COMMAND, ReadingProcess
from xiaoer.permits.models import AutoDecision
from xiaoer.permits.tests.unattended import Ground, bring_all, built, waste_form, waste_papers
from xiaoer.web.words import local_date

CASES, LEAST_PAGES, PATIENCE_S = 20, 20, 900
BOUND, PAGE_MS = 1.3, 300.0
PAGES = ("/", "/cases/", "/cases/{case}/")
DONE = """
select extract(epoch from max(e.at)) from procrastinate_events e
join procrastinate_jobs j on j.id = e.job_id
where j.task_name = 'decide_case' and e.type in ('succeeded', 'failed') group by j.id order by 1
"""


# The process for jobs takes the time from the machine: so do papers, registers and acts here.
BEGAN = timezone.now()
DAYS = {
    "starts_on": (local_date(BEGAN) + timedelta(days=5)).isoformat(),
    "ends_on": (local_date(BEGAN) + timedelta(days=40)).isoformat(),
}
SIGNED = {"signed_on": (local_date(BEGAN) - timedelta(days=2)).isoformat()}


def submitted(ground: Ground, cases: int) -> tuple[list[int], list[bytes]]:
    """The numbers of the cases in the queue, and the pictures that lie with them."""
    numbers: list[int] = []
    pictures: list[bytes] = []
    for number in range(cases + 1):
        papers = waste_papers(ground.party.name, number)
        papers["waste_contract"] |= SIGNED
        drawn = {code: draw(code, values | DAYS, seed=number) for code, values in papers.items()}
        form = waste_form(number) | DAYS
        with acting(system(ground.zone.pk)):
            case = ground.submit(ground.draft("waste_disposal", form, drawn))
        numbers.append(case.pk)
        pictures += drawn.values()
    return numbers, pictures


def bare(pictures: list[bytes]) -> float:
    """Seconds the engine takes for the pictures one after the other, with nothing beside it."""
    engine = ReadingProcess(["nice", "-n", str(serving.JOBS_STAND_BACK), *COMMAND])
    engine.warm()
    engine.read(pictures[0], "image/jpeg", [])
    began = time.perf_counter()
    for one in pictures:
        engine.read(one, "image/jpeg", [])
    taken = time.perf_counter() - began
    engine.stop()
    return taken


@contextmanager
def working(server: Server) -> Iterator[None]:
    """The process for jobs as the server starts it."""
    jobs = serving.start_jobs(server.environment)
    try:
        yield
    finally:
        jobs.terminate()
        jobs.wait(timeout=60)


def asked(server: Server, cookie: str, address: str) -> float:
    """Milliseconds until a page is here."""
    request = urllib.request.Request(server.address + address, headers={"Cookie": cookie})
    began = time.perf_counter()
    with urllib.request.urlopen(request, timeout=60) as answer:
        answer.read()
    return (time.perf_counter() - began) * 1e3


def drained(server: Server, cookie: str, numbers: list[int]) -> tuple[list[float], list[float]]:
    """When each application was done, and what the pages took until the last was."""
    pages: list[float] = []
    until = time.monotonic() + PATIENCE_S
    with psycopg.connect(server.database.admin, autocommit=True) as link:
        while True:
            for address in PAGES:
                pages.append(asked(server, cookie, address.format(case=numbers[0])))
                time.sleep(0.25)
            ends = [float(row[0]) for row in link.execute(DONE)]
            if len(ends) >= len(numbers) and len(pages) >= LEAST_PAGES:
                return ends, pages
            if time.monotonic() > until:
                raise RuntimeError(f"{len(ends)} of {len(numbers)} were decided")


def signed_in(username: str) -> str:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(
        Account.objects.get(username=username),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    return "; ".join(f"{name}={one.value}" for name, one in client.cookies.items())


def worst(pages: list[float]) -> float:
    """What 95 of 100 stay under."""
    return sorted(pages)[max(0, round(len(pages) * 0.95) - 1)]


def main() -> None:
    cases = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else CASES
    with served("town", "unattended_queue") as server:
        _point_django_at(server.database.web)
        settings.SESSION_COOKIE_SECURE = False
        admin, second = actor("east-admin"), actor("east-leader")
        with acting(system(admin.zone_id)):
            ground = built(admin, second)
            ground.now = BEGAN
            bring_all(ground)
        numbers, pictures = submitted(ground, cases)
        cookie = signed_in("east-desk")
        for address in (*PAGES, *PAGES):
            asked(server, cookie, address.format(case=numbers[0]))
        quiet = [asked(server, cookie, one.format(case=numbers[0])) for one in PAGES * 7]
        # The first application starts the reading process and is not counted.
        counted = pictures[2:]
        loads = [os.getloadavg()[0]]
        alone = bare(counted[::2])
        with working(server):
            ends, pages = drained(server, cookie, numbers)
        loads.append(os.getloadavg()[0])
        alone += bare(counted[1::2])
        with acting(system(ground.zone.pk)):
            granted = AutoDecision.objects.filter(outcome=AutoDecision.Outcome.GRANTED).count()
            doubts = list(AutoDecision.objects.values_list("doubts", flat=True))
    if granted < len(numbers):
        raise RuntimeError(f"{granted} of {len(numbers)} granted: {doubts}")
    beside: dict[str, Any] = {"load": [round(one, 1) for one in loads]}
    report(
        f"a queue of {cases} applications of two pictures", "s", ends[-1] - ends[0], alone,
        "the bare reading of the same pictures, nothing beside it", BOUND,
        granted=f"{granted} of {cases + 1}", **beside,
    )  # fmt: skip
    report(
        f"pages meanwhile, 95 % of {len(pages)}", "ms", worst(pages), PAGE_MS, "300 ms", 1.0,
        median=round(median(pages)), median_before=round(median(quiet)),
        worst_before=round(worst(quiet)), **beside,
    )  # fmt: skip


if __name__ == "__main__":
    main()
