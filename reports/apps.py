from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from . import audit_words, notices, notices_coverage, notices_register  # noqa: F401 (each registers itself)
        from . import panels, registries, rules, rules_coverage, rules_register  # noqa: F401
        from .actions import agreement, amending, publishing, register  # noqa: F401 (kinds of motion)
