from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "meetings"

    def ready(self) -> None:
        from . import (  # noqa: F401 (each declares itself by being imported)
            audit_words,
            notices,
            notices_polls,
            panels,
            registries,
            rules,
            searching,
        )
