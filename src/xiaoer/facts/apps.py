"""Registration of the room."""

from django.apps import AppConfig


class FactsConfig(AppConfig):
    name = "xiaoer.facts"
    label = "facts"
