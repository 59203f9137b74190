"""Pages of the base: signing in and choosing, people and offices, what one may see, the audit trail."""
