"""Pages of figures."""

from xiaoer.facts.pages.imports import (
    import_again,
    import_answer,
    import_commit,
    import_confirm,
    import_file,
    import_firms,
    import_leave,
    import_match,
    import_progress,
    import_run,
    import_undo,
    indicator_import,
)
from xiaoer.facts.pages.indicators import indicator_records, indicators
from xiaoer.facts.pages.overtime import city_indicators, enterprise_facts, indicator
from xiaoer.facts.pages.writing import indicator_add, metric_add, metric_list

__all__ = [
    "city_indicators",
    "enterprise_facts",
    "import_again",
    "import_answer",
    "import_commit",
    "import_confirm",
    "import_file",
    "import_firms",
    "import_leave",
    "import_match",
    "import_progress",
    "import_run",
    "import_undo",
    "indicator",
    "indicator_add",
    "indicator_import",
    "indicator_records",
    "indicators",
    "metric_add",
    "metric_list",
]
