"""Questions about figures."""

from xiaoer.facts.queries.imports import FirmMatch, match_firms, touched_since

__all__ = ["FirmMatch", "match_firms", "touched_since"]
