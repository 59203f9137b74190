"""Verbs of rules: what is shipped, drafted, released, retired; and running them."""

from xiaoer.rules.actions.cases import add_case, drop_case
from xiaoer.rules.actions.drafting import draft_version, edit_draft, open_rule, withdraw_draft
from xiaoer.rules.actions.releasing import (
    ask_release,
    release_version,
    retire_version,
    send_back,
)
from xiaoer.rules.actions.running import replay, run_rules
from xiaoer.rules.actions.shipping import seed_rules

__all__ = [
    "add_case",
    "ask_release",
    "draft_version",
    "drop_case",
    "edit_draft",
    "open_rule",
    "release_version",
    "replay",
    "retire_version",
    "run_rules",
    "seed_rules",
    "send_back",
    "withdraw_draft",
]
