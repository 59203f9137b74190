"""How many right applications are granted with nobody in between, and is a wrong one ever?

Applications about construction waste on the project's own set of papers, in each way papers arrive:
right ones, with one field wrong, and with one character forged. A wrong grant is a grant of any that
is not right. Beside the count stands the share of the right ones that nobody had to look at.

``XIAOER_SET`` says how many of each sort a way gets; 2 unless told.
"""

import json
import os
import random
from collections import Counter

from benchmarks.measure import bench_database, report
from tests.paper_set import draw, forge
from tests.town import actor
from xiaoer.base.scope import acting, system
from xiaoer.permits.models import AutoDecision
from xiaoer.permits.tests.unattended import Ground, built, waste_form, waste_papers

WAYS = ("pdf", "printed", "scanned", "photographed", "rotated", "stamped", "glare", "low")
# What no condition rests on: wrong there changes nothing.
IDLE = {"number", "fee", "signed_on", "reused"}
WRONG = {"starts_on": "2026-11-24", "ends_on": "2026-12-29"}


def asked(papers: dict[str, dict[str, str]]) -> list[tuple[str, str]]:
    return [(code, name) for code, values in papers.items() for name in values if name not in IDLE]


def wrong(papers: dict[str, dict[str, str]], rng: random.Random) -> None:
    """One field says something else."""
    code, name = rng.choice(asked(papers))
    old = papers[code][name]
    other = str(int(old) + 10) if old.isdigit() else f"{old[:2]}南{old[2:]}"
    papers[code][name] = WRONG.get(name, other)


def forged(papers: dict[str, dict[str, str]], rng: random.Random) -> None:
    """One character is another that looks like it."""
    places = asked(papers)
    rng.shuffle(places)
    for code, name in places:
        try:
            papers[code] = forge(papers[code], name, rng.randrange(10**6))
        except ValueError:
            continue
        return


def applied(ground: Ground, number: int, sort: str, way: str) -> AutoDecision:
    rng = random.Random(f"{number}-{sort}-{way}")
    papers = waste_papers(ground.party.name, number)
    if sort == "wrong":
        wrong(papers, rng)
    elif sort == "forged":
        forged(papers, rng)
    drawn = {
        code: draw(code, values, way=way, seed=number * 7 + at)
        for at, (code, values) in enumerate(papers.items())
    }
    case = ground.submit(ground.draft("waste_disposal", waste_form(number), drawn))
    decision = ground.decide(case)
    if decision is None:
        raise RuntimeError("nothing was decided")
    return decision


def main() -> None:
    each = int(os.environ.get("XIAOER_SET", "2"))
    granted: Counter[tuple[str, str]] = Counter()
    why: Counter[str] = Counter()
    with bench_database("unattended_set"):
        admin, second = actor("east-admin"), actor("east-leader")
        with acting(system(admin.zone_id)):
            ground = built(admin, second)
            number = 0
            for way in WAYS:
                for sort in ("right", "wrong", "forged"):
                    for _one in range(each):
                        number += 1
                        found = applied(ground, number, sort, way)
                        is_granted = found.outcome == AutoDecision.Outcome.GRANTED
                        granted[sort, way] += is_granted
                        if sort == "right" and not is_granted:
                            why.update(f"{one['field']} {one['why']}" for one in found.doubts)
    bad = sum(count for (sort, _way), count in granted.items() if sort != "right")
    good = sum(count for (sort, _way), count in granted.items() if sort == "right")
    by_way = {way: f"{granted['right', way]}/{each}" for way in WAYS}
    print(json.dumps({"name": "unattended_set", "granted": by_way, "doubts": why.most_common(12)},
                     ensure_ascii=False), flush=True)  # fmt: skip
    total = each * len(WAYS)
    report("unattended_wrong_grants", "grants", bad, 1, f"none of {2 * total} wrong ones", 0)
    report(
        "unattended_share", "%", 100 * good / total, 50, f"half of {total} right ones", 1,
        smaller_is_better=False,
    )  # fmt: skip


if __name__ == "__main__":
    main()
