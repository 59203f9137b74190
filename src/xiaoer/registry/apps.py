"""Registration of the room."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "xiaoer.registry"
    label = "registry"
