"""Questions to the registry, by topic; callers say ``registry.enterprise(...)``."""
