"""Addresses of drafts, the final text, signing, publishing, and what the world may read."""

from django.urls import path

from .views import drafts, public, publishing, signing, verify

urlpatterns = [
    path("documents/<str:document>/release/", drafts.release, name="release"),
    path("documents/<str:document>/drafts/", drafts.drafts, name="drafts"),
    path("drafts/<str:draft>/", drafts.draft, name="draft"),
    path("drafts/<str:draft>/print/", drafts.print_draft, name="print_draft"),
    path("documents/<str:document>/print/", drafts.print_document, name="print_document"),
    path("documents/<str:document>/freeze/", drafts.freeze, name="freeze"),
    path("documents/<str:document>/unfreeze/", drafts.unfreeze, name="unfreeze"),
    path("renditions/<str:rendition>/", drafts.rendition, name="rendition"),
    path("renditions/<str:rendition>/progress/", drafts.rendition_progress, name="rendition_progress"),
    path("renditions/<str:rendition>/file/", drafts.rendition_file, name="rendition_file"),
    path("documents/<str:document>/sign/", signing.sign, name="sign"),
    path("documents/<str:document>/initial/", signing.initial, name="initial"),
    path("documents/<str:document>/reserve/", signing.reserve, name="reserve"),
    path("documents/<str:document>/unreserve/", signing.unreserve, name="unreserve"),
    path("documents/<str:document>/sign/remind/", signing.remind, name="remind_signatories"),
    path("documents/<str:document>/receipt/", signing.receipt, name="receipt"),
    path("documents/<str:document>/publish/", publishing.publishing, name="publish"),
    path("documents/<str:document>/publish/preview/", publishing.preview, name="preview_publication"),
    path("documents/<str:document>/publish/authorise/", publishing.authorise, name="authorise"),
    path("documents/<str:document>/publish/now/", publishing.publish_document, name="publish_document"),
    path("documents/<str:document>/publish/withdraw/", publishing.withdraw, name="withdraw"),
    path("publications/<str:publication>/hide/", publishing.hide, name="hide_publication"),
    path("publications/<str:publication>/show/", publishing.show, name="show_publication"),
    path("published/", public.published_list, name="published_list"),
    path("published/<str:code>/", public.published, name="published"),
    path("published/<str:code>/pdf/", public.published_pdf, name="published_pdf"),
    path("published/<str:code>/pdf/<path:side>/", public.published_copy, name="published_copy"),
    path("verify/", verify.verify, name="verify"),
]
