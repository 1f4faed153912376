"""Rendered files and what has been published."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from parley.access import PublicIdField
from parley.accounts.models import User
from parley.programmes.models import Side
from reports.publishing.failures import RenderFailed
from reports.publishing.labels import LEFT_OUT, WORD
from reports.sealing.failures import REASONS as SEAL_REASONS

from .agreement import Draft, FinalText
from .documents import Document


class RenditionQuerySet(models.QuerySet["Rendition"]):
    def visible_to(self, user: User) -> "RenditionQuerySet":
        """A rendition of the text as it is now: not for observers; of a draft: for all who may read the draft."""
        from .agreement import Draft
        from .documents import Section

        drafts = Draft.objects.visible_to(user)
        documents = Section.objects.visible_to(user).values("document")
        return self.filter(Q(draft__in=drafts) | Q(document__in=documents) | Q(document__in=_seen(user)))

    def opened_by(self, user: User) -> "RenditionQuerySet":
        return self.visible_to(user).select_related("document__group__programme", "draft", "side", "seal")

    def side_by_side(self) -> "RenditionQuerySet":
        """The copies of one print: neutral, by the names of the sides."""
        return self.select_related("side", "seal").order_by("side__name", "pk")


def _seen(user: User) -> Any:
    from groups.standing import groups_where_texts_are_seen

    return Document.objects.filter(group__in=groups_where_texts_are_seen(user)).values("pk")


class Rendition(models.Model):
    """One PDF, or Word file: made once for one render input, stored, never made twice.

    Under the alternat a print is one rendition for each side, in which that side is named first.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting to be printed")
        RENDERING = "rendering", _("being printed")
        DONE = "done", _("printed")
        FAILED = "failed", _("could not be printed")

    public_id = PublicIdField()
    document = models.ForeignKey(Document, models.PROTECT, related_name="renditions")
    draft = models.ForeignKey(Draft, models.PROTECT, null=True, related_name="renditions")
    final_text = models.ForeignKey(FinalText, models.PROTECT, null=True, related_name="renditions")
    # Whose copy it is; none where one print is for all.
    side = models.ForeignKey(Side, models.PROTECT, null=True, related_name="+")
    # The publication that offers this file to the world.
    publication = models.ForeignKey("Publication", models.PROTECT, null=True, related_name="renditions")
    # SHA-256 of the render input but for whose copy it is: the same in the copies of one print.
    print_sha256 = models.CharField(max_length=64, db_index=True)
    # SHA-256 of the whole render input: text, records, order of sides, template, fonts, version.
    input_sha256 = models.CharField(max_length=64, unique=True)
    render_input: Any = models.JSONField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    progress = models.CharField(max_length=80, blank=True)
    # A key of publishing.failures.REASONS, the passage at fault and a detail such as the characters.
    problem = models.CharField(max_length=20, blank=True)
    problem_passage = models.CharField(max_length=16, blank=True)
    problem_detail = models.CharField(max_length=300, blank=True)
    file = models.FileField(upload_to="renditions/", blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    pages = models.PositiveIntegerField(null=True)
    # What the printing cost: milliseconds of processor, kilobytes of memory at the most.
    cpu_ms = models.PositiveIntegerField(null=True, editable=False)
    peak_kb = models.PositiveIntegerField(null=True, editable=False)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    # The lease of the worker that renders it: another takes over when it has passed.
    lease_until = models.DateTimeField(null=True, editable=False)
    done_at = models.DateTimeField(null=True, editable=False)

    objects = RenditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("rendition")
        ordering = ("-asked_at", "-pk")

    def __str__(self) -> str:
        return self.public_id

    @property
    def is_under_way(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.RENDERING)

    @property
    def is_lost(self) -> bool:
        """Printed once, and the file is gone from the store: the same input prints the same bytes again."""
        return self.state == self.State.DONE and not self.file.storage.exists(str(self.file.name))

    @property
    def leaves_brackets_out(self) -> bool:
        return self.render_input.get("brackets") == LEFT_OUT

    @property
    def is_word(self) -> bool:
        """A Word file; all else is a PDF."""
        return self.render_input.get("format") == WORD

    @property
    def extension(self) -> str:
        return WORD if self.is_word else "pdf"

    @property
    def annex(self) -> str:
        """The template of what is printed beside a text (`publishing.annexes`), "" of a text itself."""
        found: str = self.render_input["template"] if "title" in self.render_input else ""
        return found

    @property
    def annex_title(self) -> str:
        """In the document's language, as it stands on the print itself."""
        found: str = self.render_input.get("title", "")
        return found

    def copies(self) -> list["Rendition"]:
        """This print as each side has it; itself alone where it is for all."""
        if self.side is None:
            return [self]
        beside = Rendition.objects.filter(
            print_sha256=self.print_sha256, document=self.document_id, draft=self.draft_id
        )
        return [self if one.pk == self.pk else one for one in beside.side_by_side()]

    @property
    def carries_signatures(self) -> bool:
        """Printed after signing had closed; what was printed before is a draft for ever."""
        return self.final_text_id is not None and bool(self.render_input.get("records"))

    @property
    def could_not_be_sealed(self) -> bool:
        """Printed in order: what failed is the installer's to mend, and is tried again by itself."""
        return self.problem in SEAL_REASONS

    @property
    def problem_in_words(self) -> str:
        if self.could_not_be_sealed:
            return str(SEAL_REASONS[self.problem])
        return RenderFailed(self.problem, detail=self.problem_detail).words if self.problem else ""


class PublicationQuerySet(models.QuerySet["Publication"]):
    def visible_to(self, user: User) -> "PublicationQuerySet":
        """For the pages of a group; the public pages ask `public` and `known`."""
        return self.filter(final_text__document__in=_seen(user))

    def opened_by(self, user: User) -> "PublicationQuerySet":
        return self.visible_to(user).select_related("final_text__document__group__programme")

    def public(self) -> "PublicationQuerySet":
        """What the world may read now: an embargo opens by itself."""
        return self.filter(opens_at__lte=timezone.now(), withdrawn_at=None, hidden_at=None)

    def listed(self) -> "PublicationQuerySet":
        """With all that a list says of them."""
        return self.public().select_related("final_text__document__group__programme__host")

    def could_replace(self, publication: "Publication") -> "PublicationQuerySet":
        """What the same group has published and everybody can read."""
        group = publication.final_text.document.group_id
        found = self.public().filter(final_text__document__group=group).exclude(pk=publication.pk)
        return found.select_related("final_text__document")

    def known(self) -> "PublicationQuerySet":
        """What the verification page may speak of: published once, also when withdrawn since."""
        return self.filter(opens_at__lte=timezone.now())


class Publication(models.Model):
    """Two keys authorised it (hash, earliest hour); a facilitator published it within that."""

    public_id = PublicIdField()
    final_text = models.OneToOneField(FinalText, models.PROTECT, related_name="publication")
    published_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    published_at = models.DateTimeField(default=timezone.now, editable=False)
    opens_at = models.DateTimeField(_("opens"))
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_reason = models.CharField(max_length=1000, blank=True)
    # Named with the withdrawal, by the same keys.
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", editable=False)
    # At once, for danger to a person; recorded and told to all.
    hidden_at = models.DateTimeField(null=True, editable=False)
    hidden_reason = models.CharField(max_length=1000, blank=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication")
        ordering = ("-opens_at", "-pk")

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """Short and easy to read out: printed with the address of the verification page."""
        return self.final_text.public_id

    @cached_property
    def files(self) -> list[Rendition]:
        """The published PDF or, under the alternat, the copy of each side."""
        return list(self.renditions.side_by_side())

    @property
    def is_sealed(self) -> bool:
        return any(getattr(file, "seal", None) for file in self.files)

    @property
    def is_open(self) -> bool:
        """The world may read it now."""
        return self.opens_at <= timezone.now() and self.withdrawn_at is None and self.hidden_at is None

    @property
    def document(self) -> Document:
        return self.final_text.document
