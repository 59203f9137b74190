"""Addresses of work."""

from django.urls import path

from xiaoer.work.pages import calendars, firm, inbox, limits, notices, reminders, tasks

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
    path("me/reminders/", reminders.my_reminders, name="my_reminders"),
    path("me/reminders/mail/", reminders.give_mail, name="give_mail"),
    path("me/reminders/mail/confirm/", reminders.confirm_mail, name="confirm_mail"),
    path("me/reminders/mail/forget/", reminders.forget_mail, name="forget_mail"),
    path("me/reminders/test/", reminders.test_reminder, name="test_reminder"),
    path("me/reminders/deliveries/<int:delivery_id>/", reminders.delivery, name="delivery"),
    path("robots/", reminders.robot_list, name="robots"),
    path("robots/<int:robot_id>/", reminders.robot, name="robot"),
    path("robots/<int:robot_id>/secret/", reminders.rotate_robot, name="rotate_robot"),
    path("robots/<int:robot_id>/pause/", reminders.pause_robot, name="pause_robot"),
    path("robots/<int:robot_id>/remove/", reminders.remove_robot, name="remove_robot"),
]
