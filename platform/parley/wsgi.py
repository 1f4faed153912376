"""Pages in production: gunicorn (docs/architecture.md says why pages and sockets part ways)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parley.settings.prod")
application = get_wsgi_application()
