"""Questions to growth, by topic."""

from xiaoer.growth.queries.expiring import (
    Due,
    officers_of,
    titles_due,
    titles_expiring,
    titles_running_out,
)

__all__ = [
    "Due",
    "officers_of",
    "titles_due",
    "titles_expiring",
    "titles_running_out",
]
