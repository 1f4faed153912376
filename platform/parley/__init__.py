"""The site itself: settings, wiring and the layers that know nothing of groups and texts."""

from .celery import app as celery_app

__all__ = ["celery_app"]
__version__ = "0.1.0"
