from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from . import audit_words, notices, panels, registries, rules  # noqa: F401 (each registers itself)
        from .actions import agreement, amending, checks, publishing  # noqa: F401 (kinds of motion)
