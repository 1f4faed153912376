"""Addresses of reservations before the freeze."""

from django.urls import path

from .views import reservations

urlpatterns = [
    path("documents/<str:document>/reservations/", reservations.reservations, name="reservations"),
    path("documents/<str:document>/reservations/own/", reservations.on_document, name="reserve_on_document"),
    path(
        "documents/<str:document>/reservations/side/",
        reservations.on_document_for_side,
        name="reserve_on_document_for_side",
    ),
    path("passages/<str:passage>/reservations/own/", reservations.on_passage, name="reserve_on_passage"),
    path(
        "passages/<str:passage>/reservations/side/",
        reservations.on_passage_for_side,
        name="reserve_on_passage_for_side",
    ),
    path("reservations/<str:reservation>/", reservations.reservation, name="reservation"),
    path("reservations/<str:reservation>/words/", reservations.reword, name="reword_reservation"),
    path("reservations/<str:reservation>/withdraw/", reservations.withdraw, name="withdraw_reservation"),
]
