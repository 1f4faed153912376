from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from . import (  # noqa: F401 (each registers itself)
            audit_words,
            notices,
            notices_pens,
            notices_reservations,
            notices_silence,
            panels,
            registries,
            rules,
            rules_pens,
            rules_reservations,
        )
        from .actions import agreement, amending, pens, publishing, silence_start, supports  # noqa: F401 (kinds of motion)
