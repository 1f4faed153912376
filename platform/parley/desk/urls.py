"""Addresses of the desk: home and help; the board; import and export."""

from django.urls import path

from . import board_pages, exchange_pages, views

urlpatterns = [
    path("", views.home, name="home"),
    path("help/", views.help_page, name="help_page"),
    path("programmes/<str:programme>/board/", board_pages.board, name="board"),
    path("groups/<str:group>/import/", exchange_pages.import_page, name="import_document"),
    path("documents/<str:document>/export/", exchange_pages.export_page, name="export_document"),
]
