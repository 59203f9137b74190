"""``make bench``: run every benchmark, or the one named; each prints one JSON line a result."""

import runpy
import sys
from pathlib import Path

HERE = Path(__file__).parent
SHARED = {
    "__init__",
    "__main__",
    "hall_clients",
    "hall_load",
    "hall_stock",
    "measure",
    "rule_engines",
    "rule_openfisca",
    "rule_stock",
    "stock",
}


def main(names: list[str]) -> None:
    files = sorted(p for p in HERE.glob("*.py") if p.stem not in SHARED)
    unknown = set(names) - {path.stem for path in files}
    if unknown:
        sys.exit(
            f"No benchmark {', '.join(unknown)}; there are {', '.join(p.stem for p in files)}."
        )
    for path in files:
        if not names or path.stem in names:
            runpy.run_path(str(path), run_name="__main__")


if __name__ == "__main__":
    main(sys.argv[1:])
