"""The site with its gallery, which is no part of it in production."""

from parley.ui.urls import urlpatterns as gallery
from parley.urls import urlpatterns as site

urlpatterns = [*gallery, *[one for one in site if getattr(one, "name", "") != "gallery"]]
