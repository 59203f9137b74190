"""事务 Work: matters, tasks, deadlines, calendars, lights and everybody's one inbox.

Topics: answers, calendar, clocks, kinds, planning, reminding, robots, wires.
"""
