from django.apps import AppConfig


class GroupsConfig(AppConfig):
    name = "groups"

    def ready(self) -> None:
        from . import audit_words, entrance, notices, registries, rules, searching  # noqa: F401 (each declares itself by being imported)
