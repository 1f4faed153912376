"""Addresses of the checks of a document."""

from django.urls import path

from .views import checks

urlpatterns = [
    path("documents/<str:document>/checks/", checks.findings, name="checks"),
    path("documents/<str:document>/checks/waive/", checks.waive, name="waive_findings"),
    path("passages/<str:passage>/glossary/", checks.glossary_words, name="glossary_words"),
    path("documents/<str:document>/checks/own/", checks.own_words, name="check_own_words"),
]
