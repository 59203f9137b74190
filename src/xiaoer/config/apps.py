"""Registration of the room."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "xiaoer.config"
    label = "config"
