"""Planning, without a database: passes, conflicts, limited resources, chance."""
