"""Registration of the room."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "xiaoer.reports"
    label = "reports"
