from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from . import (  # noqa: F401 (each registers itself)
            audit_words,
            notices,
            notices_coverage,
            notices_pens,
            notices_register,
            notices_reservations,
            notices_silence,
            panels,
            registries,
            rules,
            rules_coverage,
            rules_pens,
            rules_register,
            rules_reservations,
        )
        from .actions import (  # noqa: F401 (kinds of motion)
            agreement,
            amending,
            checks,
            pens,
            publishing,
            register,
            silence_start,
            supports,
        )
