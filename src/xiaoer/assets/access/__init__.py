"""Who may do what in the room, by part."""
