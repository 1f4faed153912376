from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "meetings"

    def ready(self) -> None:
        from . import notices, panels, registries, rules, searching  # noqa: F401 (each declares itself by being imported)
