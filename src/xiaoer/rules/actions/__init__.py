"""Verbs of rules: what is shipped, drafted, released, retired; and running them."""

from xiaoer.rules.actions.running import replay, run_rules
from xiaoer.rules.actions.shipping import seed_rules

__all__ = ["replay", "run_rules", "seed_rules"]
