"""Registration of the room."""

from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "xiaoer.work"
    label = "work"
