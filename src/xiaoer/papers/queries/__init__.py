"""Queries of papers."""
