"""Addresses of what is brought in from files, and of who wrote which words."""

from django.urls import path

from .views import importing, revisions

urlpatterns = [
    path("sections/<str:section>/import/", importing.into_section, name="import_passages"),
    path("passages/<str:passage>/import/", importing.into_passage, name="import_into"),
    path("passages/<str:passage>/writers/", revisions.writers, name="writers"),
]
