"""事务 Work: matters, tasks, deadlines, calendars, lights and everybody's one inbox.

Topics: answers, calendar, clocks, kinds, plan_access, planning, reminding,
robots, step_words, wires.
"""
