"""Addresses of the desk: home and help; import and export."""

from django.urls import path

from . import exchange_pages, views

urlpatterns = [
    path("", views.home, name="home"),
    path("help/", views.help_page, name="help_page"),
    path("groups/<str:group>/import/", exchange_pages.import_page, name="import_document"),
    path("documents/<str:document>/export/", exchange_pages.export_page, name="export_document"),
]
