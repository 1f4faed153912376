"""Addresses of brackets."""

from django.urls import path

from .views import brackets

urlpatterns = [
    path("passages/<str:passage>/bracket/", brackets.start, name="open_bracket"),
    path("passages/<str:passage>/brackets/mend/", brackets.mend, name="mend_brackets"),
    path("brackets/<str:bracket>/", brackets.bracket, name="bracket"),
    path("brackets/<str:bracket>/alternative/", brackets.answer, name="answer_bracket"),
    path("brackets/<str:bracket>/close/", brackets.close, name="close_bracket"),
    path("brackets/<str:bracket>/withdraw/", brackets.withdraw, name="withdraw_bracket"),
]
