"""How long does a stranger's computer take to recompute a ledger of 100,000 bids?"""

import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from benchmarks.measure import report

BIDS = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdecimal() else 100_000
VERIFIER = Path(__file__).parents[1] / "tools" / "verify_auction.py"
START, STEP, BIDDERS, EXTEND_S = 1_000_000, 50_000, 20, 120
OPENS = 1_800_000_000_000_000


def told() -> Iterator[tuple[int, str]]:
    """Moments and words of a hall in which every third bid is below the step."""
    ends = OPENS + 3_600_000_000
    more = (START, STEP, 10**15, OPENS, OPENS + 1, ends, EXTEND_S, 0, "-")
    yield OPENS - 100, "|".join(map(str, ("open", "B-1", *more)))
    for alias in range(1, BIDDERS + 1):
        yield OPENS - 50, f"admit|{alias}|-|1"
    price = leader = 0
    for n in range(BIDS):
        at, alias = OPENS + 1000 + n * 30_000, n % BIDDERS + 1
        is_good = n % 3 != 2
        amount = (price + STEP if price else START) if is_good else price
        if is_good:
            price, leader = amount, alias
            ends = max(ends, at + EXTEND_S * 1_000_000)
        said = "accepted" if is_good else "below_step"
        yield at, f"bid|{alias}|{amount}|{said}|{price}|{leader}|{ends}|{uuid.uuid4()}"
    yield ends, f"end|sold|{price}|{leader}|-|-|"


def chained() -> Iterator[str]:
    head = bytes(32)
    for seq, (at, words) in enumerate(told(), 1):
        kind, _bar, more = words.partition("|")
        line = f"{seq}|{kind}|{at}|{more}"
        head = sha256(head + line.encode()).digest()
        yield f"{line}\t{head.hex()}\n"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "ledger.txt")
        path.write_text("".join(chained()), encoding="utf-8")
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-I", str(VERIFIER), str(path)],
            capture_output=True,
            text=True,
            check=False,
        )
        taken = time.perf_counter() - began
    if done.returncode:
        raise RuntimeError(done.stdout)
    report(f"a ledger of {BIDS:,} bids recomputed", "s", taken, 5.0, "the goal", 1.0)


if __name__ == "__main__":
    main()
