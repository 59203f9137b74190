"""Open an old workbook (.xls) in a process of its own first.

The old format cannot be measured without reading it, and a damaged one can make the reader reserve
more memory than there is, which ends the process. Let that process be this one. Run as a script;
it imports nothing of the product.
"""

import resource
import sys

from python_calamine import CalamineError, load_workbook

MEMORY = 2 * 2**30
SECONDS = 60
OPENED, UNREADABLE, LOCKED = 0, 3, 4


def open_all(path: str) -> int:
    """Read every sheet once; the exit code says how it went."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        workbook = load_workbook(path)
        for name in workbook.sheet_names:
            workbook.get_sheet_by_name(name).to_python()
    except (CalamineError, ValueError, OSError) as error:
        return LOCKED if "password" in str(error).lower() else UNREADABLE
    return OPENED


if __name__ == "__main__":
    raise SystemExit(open_all(sys.argv[1]))
