from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "meetings"

    def ready(self) -> None:
        from . import audit_words, notices, notices_polls, panels, registries, rules  # noqa: F401 (each declares itself by being imported)
