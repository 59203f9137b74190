"""Actions of papers."""
