"""Registration of the room."""

from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "xiaoer.outreach"
    label = "outreach"
