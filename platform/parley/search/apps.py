from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SearchConfig(AppConfig):
    name = "parley.search"
    label = "search"

    def ready(self) -> None:
        from .keeping import keep_up

        # Once, after the migrations of all apps: SQLite loses a table's triggers whenever it remakes the table.
        post_migrate.connect(keep_up, sender=self)
