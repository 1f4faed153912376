"""Addresses of other words for a passage: drafted, offered, taken, declined, withdrawn."""

from django.urls import path

from .views import other_words

urlpatterns = [
    path("documents/<str:document>/proposals/", other_words.proposals, name="proposals"),
    path("passages/<str:passage>/propose/", other_words.begin, name="propose_words"),
    path("proposals/<str:proposal>/", other_words.proposal, name="proposal"),
    path("proposals/<str:proposal>/write/", other_words.write, name="write_proposal"),
    path("proposals/<str:proposal>/offer/", other_words.offer, name="offer_proposal"),
    path("proposals/<str:proposal>/take/", other_words.take, name="take_proposal"),
    path("proposals/<str:proposal>/amend/", other_words.amend, name="amend_proposal"),
    path("proposals/<str:proposal>/decline/", other_words.decline, name="decline_proposal"),
    path("proposals/<str:proposal>/withdraw/", other_words.withdraw, name="withdraw_proposal"),
]
