"""Verbs of papers."""

from xiaoer.papers.actions.kinds import seed_paper_kinds as seed_paper_kinds
