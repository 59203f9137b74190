"""Tables of growth."""
