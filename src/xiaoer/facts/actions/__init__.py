"""Verbs of facts."""

from xiaoer.facts.actions.attributes import (
    record_attribute,
    record_attributes,
    withdraw_attribute,
)
from xiaoer.facts.actions.imports import (
    answer_import,
    choose_firms,
    commit_import,
    confirm_figures,
    figures_committed,
    import_values,
    leave_out_figure,
    match_columns,
    preview_book,
    preview_values,
    resume_import,
    undo_import,
)
from xiaoer.facts.actions.metrics import define_metric, seed_metrics
from xiaoer.facts.actions.recording import record_fact
from xiaoer.facts.actions.rollups import refresh_rollups
from xiaoer.facts.actions.values import record_value, record_values

__all__ = [
    "answer_import",
    "choose_firms",
    "commit_import",
    "confirm_figures",
    "define_metric",
    "figures_committed",
    "import_values",
    "leave_out_figure",
    "match_columns",
    "preview_book",
    "preview_values",
    "record_attribute",
    "record_attributes",
    "record_fact",
    "record_value",
    "record_values",
    "refresh_rollups",
    "resume_import",
    "seed_metrics",
    "undo_import",
    "withdraw_attribute",
]
