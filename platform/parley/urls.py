"""All addresses of the site. Each view declares at its door who may open it (`parley.access.needs`)."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from parley.access import open_to_anyone
from parley.ui import views as ui

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("parley.accounts.urls")),
    path("updates/", include("parley.notifications.urls")),
    path("", include("parley.notifications.site_urls")),
    path("", include("parley.programmes.urls")),
    path("", include("groups.urls")),
    path("", include("reports.urls")),
    path("", include("meetings.urls")),
    path("", include("parley.desk.urls")),
]

if settings.PARLEY_GALLERY:
    # Wrapped here: the look lies below the layer that knows doors.
    gallery = open_to_anyone("The parts of pages, with sample words only")(ui.gallery)
    urlpatterns.append(path("gallery/", gallery, name="gallery"))
