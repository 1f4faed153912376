"""Addresses of what goes with a text: redlines as files, tables of comments, the ledger as a file."""

from django.urls import path

from .views import annexes

urlpatterns = [
    path("documents/<str:document>/comments/table/", annexes.comment_table, name="comment_table"),
    path("documents/<str:document>/comments/table/print/", annexes.print_comment_table, name="print_comment_table"),
    path("documents/<str:document>/ledger/print/", annexes.print_ledger, name="print_ledger"),
    path("drafts/<str:draft>/redline/", annexes.print_redline, name="print_redline"),
    path("drafts/<str:draft>/comments/", annexes.draft_comments, name="draft_comments"),
    path("drafts/<str:draft>/comments/print/", annexes.print_draft_comments, name="print_draft_comments"),
    path("renditions/<str:rendition>/again/", annexes.print_again, name="print_again"),
]
