from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "parley.notifications"
    label = "notifications"

    def ready(self) -> None:
        from . import recheck, rules  # noqa: F401 (each declares itself by being imported)
