"""Actions of permits."""
