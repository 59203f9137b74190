"""How long from submission to the signed licence, beside the bare reading of the same two pictures?

Both in turn on the same pictures: everything a submission sets off (reading, gathering, deciding,
accepting, making and signing the licence, publishing), and the reading process alone.
"""

import time
from statistics import median

from benchmarks.measure import bench_database, report
from tests.paper_set import draw
from tests.town import actor
from xiaoer.base.scope import acting, system
from xiaoer.papers.ocr.process import SHARED
from xiaoer.permits.models import AutoDecision, Case
from xiaoer.permits.tests.unattended import Ground, built, waste_form, waste_papers

RUNS = 7


def bare(drawn: dict[str, bytes]) -> float:
    """Seconds the engine takes for the pictures, nothing asked of them."""
    began = time.perf_counter()
    for content in drawn.values():
        if SHARED.read(content, "image/jpeg", []).get("why"):
            raise RuntimeError("a picture could not be read")
    return time.perf_counter() - began


def whole(ground: Ground, case: Case) -> float:
    """Seconds from submission to the licence."""
    began = time.perf_counter()
    decision = ground.decide(ground.submit(case))
    taken = time.perf_counter() - began
    if decision is None or decision.outcome != AutoDecision.Outcome.GRANTED:
        raise RuntimeError(f"not granted: {decision and decision.doubts}")
    return taken


def main() -> None:
    ours, theirs = [], []
    with bench_database("unattended"):
        admin, second = actor("east-admin"), actor("east-leader")
        with acting(system(admin.zone_id)):
            ground = built(admin, second)
            for number in range(RUNS + 1):
                papers = waste_papers(ground.party.name, number)
                drawn = {code: draw(code, values, seed=number) for code, values in papers.items()}
                case = ground.draft("waste_disposal", waste_form(number), drawn)
                theirs.append(bare(drawn))
                ours.append(whole(ground, case))
    # The first run starts the process and fills caches.
    report(
        "unattended", "s", median(ours[1:]), median(theirs[1:]),
        "the bare reading of the same two pictures", 1.3,
    )  # fmt: skip


if __name__ == "__main__":
    main()
