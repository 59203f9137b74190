"""Registration of the room."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "xiaoer.web"
    label = "web"
