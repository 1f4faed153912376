from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from . import audit_words, notices, notices_coverage, panels, registries  # noqa: F401 (each registers itself)
        from . import rules, rules_coverage  # noqa: F401
        from .actions import agreement, amending, publishing  # noqa: F401 (kinds of motion)
