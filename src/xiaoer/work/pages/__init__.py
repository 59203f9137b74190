"""Pages of work: the inbox, tasks, notices, the calendar, the limits."""
