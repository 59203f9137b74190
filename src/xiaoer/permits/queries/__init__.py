"""Queries of permits."""
