"""Verbs of growth."""
