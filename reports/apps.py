from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from . import audit_words, notices, notices_reservations, panels, registries, rules, rules_reservations  # noqa: F401 (each registers itself)  # noqa: F401 (each registers itself)
        from .actions import agreement, amending, publishing, supports  # noqa: F401 (kinds of motion)
