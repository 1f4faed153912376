from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class AccountsConfig(AppConfig):
    name = "parley.accounts"
    label = "accounts"

    def ready(self) -> None:
        from . import audit_words, welcome  # noqa: F401 (both register)

        # Devices tell when a person was here last; a second write at each sign-in tells nothing more.
        user_logged_in.disconnect(dispatch_uid="update_last_login")
