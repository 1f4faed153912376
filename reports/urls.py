"""Addresses of texts. Public ids are random; each view declares at its door who may open it."""

from django.urls import path

from .urls_agreement import urlpatterns as agreement_patterns
from .urls_annexes import urlpatterns as annex_patterns
from .urls_brackets import urlpatterns as bracket_patterns
from .urls_checks import urlpatterns as check_patterns
from .urls_coverage import urlpatterns as coverage_patterns
from .urls_importing import urlpatterns as importing_patterns
from .urls_pens import urlpatterns as pen_patterns
from .urls_proposals import urlpatterns as proposal_patterns
from .urls_register import urlpatterns as register_patterns
from .urls_reservations import urlpatterns as reservation_patterns
from .urls_signing import urlpatterns as signing_patterns
from .urls_silences import urlpatterns as silence_patterns
from .urls_words import urlpatterns as words_patterns
from .views import agreement, comments, documents, revisions, sections, writing

urlpatterns = [
    path("documents/", documents.documents, name="documents"),
    path("groups/<str:group>/documents/new/", documents.start, name="start_document"),
    path("documents/<str:document>/", documents.document, name="document"),
    path("documents/<str:document>/text/", documents.whole_text, name="whole_text"),
    path("documents/<str:document>/details/", documents.details, name="document_details"),
    path("documents/<str:document>/sections/", documents.arrange, name="arrange"),
    path("documents/<str:document>/sections/order/", documents.order, name="order_sections"),
    path("documents/<str:document>/sections/propose-order/", documents.propose_order, name="propose_section_order"),
    path("documents/<str:document>/comments/", comments.queue, name="comment_queue"),
    path("documents/<str:document>/settle/", agreement.settle, name="settle"),
    path("documents/<str:document>/ledger/", agreement.ledger, name="ledger"),
    path("sections/<str:section>/", sections.section, name="section"),
    path("sections/<str:section>/read/", sections.read, name="read_section"),
    path("sections/<str:section>/rename/", sections.rename, name="rename_section"),
    path("sections/<str:section>/drop/", sections.drop, name="drop_section"),
    path("sections/<str:section>/passages/", sections.arrange, name="arrange_passages"),
    path("sections/<str:section>/passages/order/", sections.order, name="order_passages"),
    path("sections/<str:section>/passages/propose-order/", sections.propose_order, name="propose_passage_order"),
    path("sections/<str:section>/passages/new/", writing.add, name="add_passage"),
    path("sections/<str:section>/passages/restore/", sections.restore, name="restore_passage"),
    path("passages/<str:passage>/write/", writing.write, name="write"),
    path("passages/<str:passage>/reply/", writing.reply, name="reply"),
    path("passages/<str:passage>/table/", writing.table, name="table"),
    path("passages/<str:passage>/drop/", writing.drop, name="drop_passage"),
    path("passages/<str:passage>/propose-drop/", writing.propose_drop, name="propose_drop"),
    path("passages/<str:passage>/revisions/", revisions.revisions, name="revisions"),
    path("passages/<str:passage>/comments/", comments.comment, name="comment"),
    path("passages/<str:passage>/withdraw/", agreement.withdraw, name="withdraw_agreement"),
    path("comments/<str:thread>/", comments.thread, name="thread"),
    path("comments/<str:thread>/answer/", comments.answer, name="answer"),
    path("comments/<str:thread>/disposition/", comments.dispose, name="dispose"),
    path("comments/<str:thread>/reopen/", comments.reopen, name="reopen"),
    path("comments/<str:thread>/table/", comments.table, name="table_thread"),
    *agreement_patterns,
    *annex_patterns,
    *bracket_patterns,
    *coverage_patterns,
    *check_patterns,
    *importing_patterns,
    *pen_patterns,
    *proposal_patterns,
    *reservation_patterns,
    *register_patterns,
    *signing_patterns,
    *silence_patterns,
    *words_patterns,
]
