from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "parley.ui"
    label = "ui"
