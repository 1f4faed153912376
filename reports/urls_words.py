"""Addresses of comments on words: reviews before they are sent, suggestions, what the live editor shows."""

from django.urls import path

from .views import reviews, wordings

urlpatterns = [
    path("documents/<str:document>/review/", reviews.review, name="review"),
    path("unsent/<str:unsent>/", reviews.unsent, name="unsent"),
    path("unsent/<str:unsent>/discard/", reviews.discard, name="discard_unsent"),
    path("comments/<str:thread>/take/", wordings.take, name="take_suggestion"),
    path("passages/<str:passage>/comments/words/", wordings.commented, name="commented_words"),
]
