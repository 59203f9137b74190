"""A thousand applications submitted at once: none lost, none twice, every number its own."""

import time
from concurrent.futures import ThreadPoolExecutor

from benchmarks.measure import bench_database, report
from tests.town import NOW
from xiaoer.base.scope import acting, system
from xiaoer.permits.models import Case
from xiaoer.permits.tests.applying_town import built
from xiaoer.permits.tests.test_submitting_together import drafts, submit

CASES, AT_ONCE = 1000, 16


def main() -> None:
    with bench_database("submissions"):
        counter = built()
        made = drafts(counter, CASES)
        began = time.perf_counter()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            numbers = list(pool.map(lambda one: submit(counter, *one), made))
        seconds = time.perf_counter() - began
        with acting(system(counter.zone_id)):
            kept = set(Case.objects.filter(submitted_at=NOW).values_list("number", flat=True))
        lost = CASES - len(kept & set(numbers))
        report("applications lost of 1,000 at once", "", float(lost), 1.0, "none", 0.0)
        report("1,000 applications submitted at once", "s", seconds, 60.0, "a minute", 1.0)


if __name__ == "__main__":
    main()
