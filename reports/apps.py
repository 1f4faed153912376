from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from . import (  # noqa: F401 (each registers itself)  # noqa: F401
            audit_words,
            notices,
            notices_coverage,
            notices_register,
            panels,
            registries,
            rules,
            rules_coverage,
            rules_register,
        )
        from .actions import agreement, amending, publishing, register  # noqa: F401 (kinds of motion)
