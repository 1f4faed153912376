from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "parley.programmes"
    label = "programmes"

    def ready(self) -> None:
        from . import audit_words, notices, registries, rules  # noqa: F401 (each declares itself by being imported)
