"""Addresses of the pen."""

from django.urls import path

from .views import pens

urlpatterns = [
    path("documents/<str:document>/pen/", pens.give_on_document, name="give_pen_on_document"),
    path("passages/<str:passage>/pen/", pens.give_on_passage, name="give_pen_on_passage"),
    path("passages/<str:passage>/pen/draft/", pens.draft, name="draft_under_pen"),
    path("pens/<str:pen>/", pens.pen, name="pen"),
    path("pens/<str:pen>/release/", pens.release, name="release_pen"),
    path("pens/<str:pen>/return/", pens.return_it, name="return_pen"),
    path("pens/<str:pen>/take/", pens.take, name="take_pen"),
]
