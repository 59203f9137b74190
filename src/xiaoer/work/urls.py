"""Addresses of work."""

from django.urls import path

from xiaoer.work.pages import calendars, firm, inbox, limits, notices, tasks

urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("notices/", notices.notices, name="notices"),
    path("tasks/<int:task_id>/", tasks.task, name="task"),
    path("tasks/<int:task_id>/take/", tasks.take_task, name="take_task"),
    path("tasks/<int:task_id>/transfer/", tasks.transfer_task, name="transfer_task"),
    path("tasks/<int:task_id>/return/", tasks.return_task, name="return_task"),
    path("tasks/<int:task_id>/supervise/", tasks.supervise_task, name="supervise_task"),
    path("tasks/<int:task_id>/carry-out/", tasks.carry_out, name="carry_out"),
    path("tasks/<int:task_id>/instruct/", tasks.instruct, name="instruct"),
    path("enterprises/<int:party_id>/tasks/", firm.enterprise_tasks, name="enterprise_tasks"),
    path("calendar/", calendars.calendar, name="calendar"),
    path("calendar/days/", calendars.set_day, name="set_calendar_day"),
    path("calendar/days/undo/", calendars.remove_day, name="remove_calendar_day"),
    path("calendar/years/", calendars.confirm_year, name="confirm_calendar_year"),
    path("limits/", limits.limits, name="limits"),
    path("limits/<str:code>/", limits.set_limit, name="set_limit"),
]
