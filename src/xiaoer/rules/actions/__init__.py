"""Verbs of rules: what is shipped, drafted, released, retired; and running them."""

from xiaoer.rules.actions.shipping import seed_rules

__all__ = ["seed_rules"]
