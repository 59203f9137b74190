"""事务 Work: matters, tasks, deadlines, calendars, lights and everybody's one inbox.

Topics: answers, calendar, clocks, following, kinds, plan_access, plan_sheets, planning,
reminding, robots, step_words, wires.
"""
