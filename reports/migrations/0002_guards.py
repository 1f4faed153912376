"""Revisions, drafts, final texts, acts and reservations are written once."""

from django.db import migrations

from parley.access.guards import immutable, put_up, take_down

GUARDS = [
    immutable("reports_revision", "text", "sha256", "plain", "number", "caucus_id", "passage_id", "made_by_id"),
    immutable("reports_draft", "canonical", "sha256", "number", "document_id"),
    immutable("reports_finaltext", "canonical", "sha256", "document_id"),
    immutable("reports_act", "kind", "sha256", "method", "reason", "signatory_id", "done_at"),
    immutable("reports_signatory", "final_text_id", "person_id", "side_id", "name", "role_printed"),
    immutable("reports_reservation", "text", "sha256", "number", "signatory_id"),
    immutable("reports_comment", "source", "html", "thread_id", "written_by_id"),
]


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]
    operations = [migrations.RunPython(put_up(GUARDS), take_down(GUARDS))]
