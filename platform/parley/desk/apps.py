from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "parley.desk"
    label = "desk"

    def ready(self) -> None:
        from . import panels  # noqa: F401 (registers itself)
