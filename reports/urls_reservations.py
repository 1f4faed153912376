"""Addresses of reservations before the freeze and of support of recommendations."""

from django.urls import path

from .views import reservations, supports

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
    path("documents/<str:document>/support/", supports.supports, name="supports"),
    path("documents/<str:document>/support/print/", supports.printing, name="print_support"),
    path("passages/<str:passage>/support/", supports.state, name="state_support"),
]
