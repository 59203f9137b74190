"""Registration of the room."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "xiaoer.demo"
    label = "demo"
