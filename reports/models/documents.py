"""Documents of a group and their sections."""

from typing import Any

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groups.models import Membership, ThematicGroup
from groups.standing import groups_where_texts_are_seen
from parley.access import PublicIdField
from parley.access.composed import composed_once
from parley.access.submissions import SubmittedOnce
from parley.accounts.models import User
from parley.programmes.models import Side


class DocumentKind(models.TextChoices):
    """A kind is a template: its sections, who signs, how it prints (`reports.kinds`)."""

    REPORT = "joint_report", _("joint report")
    STATEMENT = "joint_statement", _("joint statement")
    # Issued under the co-chairs' own responsibility: no agreed text (DOMAIN: kinds).
    SUMMARY = "summary", _("co-chairs’ summary")


class DocumentState(models.TextChoices):
    DRAFTING = "drafting", _("drafting")
    FROZEN = "frozen", _("frozen: to be initialled")
    SIGNING = "signing", _("open for signature")
    SIGNED = "signed", _("signing closed")
    ADOPTED = "adopted", _("adopted under the silence procedure")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


# From → to. Nothing else moves a document; each move takes the key of every side, or follows from one that did.
DOCUMENT_MOVES = {
    DocumentState.DRAFTING: {DocumentState.FROZEN},
    DocumentState.FROZEN: {DocumentState.SIGNING, DocumentState.ADOPTED, DocumentState.DRAFTING},
    DocumentState.SIGNING: {DocumentState.SIGNED, DocumentState.DRAFTING},
    DocumentState.SIGNED: {DocumentState.PUBLISHED, DocumentState.DRAFTING},
    DocumentState.ADOPTED: {DocumentState.PUBLISHED, DocumentState.DRAFTING},
    DocumentState.PUBLISHED: {DocumentState.WITHDRAWN},
    DocumentState.WITHDRAWN: set(),
}


# The final text stands and can be published: signed by each side, or adopted under the silence procedure.
CLOSED_STATES = (DocumentState.SIGNED, DocumentState.ADOPTED)
FROZEN_STATES = (DocumentState.FROZEN, DocumentState.SIGNING, *CLOSED_STATES)


class ForbiddenMove(Exception):
    """The table of moves knows no such step."""


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: User) -> "DocumentQuerySet":
        """Members of a side and facilitators; observers only what has been released as a draft."""
        seen = Q(group__in=groups_where_texts_are_seen(user))
        observed = Membership.objects.acting().filter(person=user, side=None).values("group")
        return self.filter(seen | Q(group__in=observed, drafts__isnull=False)).distinct()

    @composed_once
    def opened_by(self, user: User) -> "DocumentQuerySet":
        """What one sees, with its group and programme; `unsent_comments`: how many of one's own wait in a review."""
        unsent = unsent_comments_of(user, document=OuterRef("pk"))
        return self.visible_to(user).select_related("group__programme").annotate(unsent_comments=unsent)

    def listed_for(self, user: User) -> "DocumentQuerySet":
        """The list of documents: what was changed last first, with the figures of what all sides see."""
        return self.opened_by(user).with_figures().order_by("-changed_at", "-pk")

    def with_figures(self) -> "DocumentQuerySet":
        """`tabled_passages`, `settled_passages`, `open_threads`, `open_brackets`, from the figures of the sections."""
        sections = Section.objects.present().filter(document=OuterRef("pk")).order_by().values("document")
        names = ("tabled_passages", "settled_passages", "open_threads", "open_brackets")
        return self.annotate(
            **{name: Coalesce(Subquery(sections.annotate(sum=Sum(name)).values("sum")), 0) for name in names}
        )

    def with_counts(self) -> "DocumentQuerySet":
        """Passages that all sides see and how many are settled, for lists; no caucus text counts."""
        tabled = Q(sections__passages__tabled__isnull=False, sections__passages__dropped_at=None)
        return self.annotate(
            tabled_count=Count("sections__passages", filter=tabled, distinct=True),
            settled_count=Count(
                "sections__passages",
                filter=tabled & Q(sections__passages__state__in=["agreed", "frozen"]),
                distinct=True,
            ),
        )


class Document(SubmittedOnce):
    public_id = PublicIdField()
    group = models.ForeignKey(ThematicGroup, models.PROTECT, related_name="documents")
    kind = models.CharField(_("kind"), max_length=20, choices=DocumentKind.choices)
    title = models.CharField(_("title"), max_length=300)
    # As printed: a month or a day, "2025-11" or "2025-11-28".
    date = models.CharField(_("date"), max_length=10, blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    place = models.CharField(_("place"), max_length=160, blank=True)
    meeting = models.CharField(_("meeting"), max_length=300, blank=True)
    facilitated_by = models.CharField(_("facilitated by"), max_length=300, blank=True)
    state = models.CharField(max_length=12, choices=DocumentState.choices, default=DocumentState.DRAFTING)
    # Fixed at the freeze: whether who declined or did not answer is printed. The reason never is.
    prints_declined = models.BooleanField(_("print who declined or did not answer"), default=False)
    # Nothing is agreed until everything is agreed: set and lifted by the key of every side.
    package = models.BooleanField(_("nothing is agreed until everything is agreed"), default=False)
    # How many reservations to it stand: nothing is asked of them where there are none.
    reserved = models.PositiveIntegerField(default=0, editable=False)
    # Whether print says how far each side supports the recommendations: decided by the key of every side.
    prints_support = models.BooleanField(_("print the sides’ support of recommendations"), default=False)
    # Once a side has said it, or it is printed: nothing is asked of it before.
    has_support = models.BooleanField(default=False, editable=False)
    # Who drafts all its joint passages, while all keys have given them the pen.
    pen = models.ForeignKey("Pen", models.PROTECT, null=True, related_name="+")
    sign_in_order = models.BooleanField(_("sign one after the other"), default=False)
    signing_ends_at = models.DateTimeField(_("signing closes"), null=True, blank=True)
    # Every page and file of a specimen says that nobody signed it.
    specimen = models.CharField(max_length=200, blank=True)
    started_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = DocumentQuerySet.as_manager()

    # Of a locked document: what keeps words that are typed live from becoming a revision.
    unfit = ""

    class Meta:
        verbose_name = _("document")
        ordering = ("-started_at", "-pk")

    def __str__(self) -> str:
        return self.title

    def move_to(self, state: DocumentState) -> None:
        if state not in DOCUMENT_MOVES[DocumentState(self.state)]:
            raise ForbiddenMove(f"{self.state} → {state}")
        self.state = state
        self.save(update_fields=["state"])

    @property
    def is_drafted(self) -> bool:
        return self.state == DocumentState.DRAFTING

    @property
    def is_statement(self) -> bool:
        """One text under a masthead, without numbered chapters: a summary, too."""
        return self.kind in (DocumentKind.STATEMENT, DocumentKind.SUMMARY)

    @property
    def is_summary(self) -> bool:
        """The co-chairs issue it under their own responsibility: they alone sign, and it says that it is not agreed."""
        return self.kind == DocumentKind.SUMMARY

    def topic(self, side: Side | None = None) -> str:
        return f"document:{self.public_id}" + (f":side:{side.public_id}" if side else "")

    @property
    def final_text(self):
        return self.final_texts.filter(voided_at=None).first()


class SectionQuerySet(models.QuerySet["Section"]):
    def visible_to(self, user: User) -> "SectionQuerySet":
        """Sections as they are drafted: not for observers."""
        return self.filter(dropped_at=None, document__group__in=groups_where_texts_are_seen(user))

    @composed_once
    def opened_by(self, user: User) -> "SectionQuerySet":
        """What one sees, with all that the page of a section says about its place: one query for the whole frame.

        `place`, `paragraphs_before`, `recommendations_before`, `footnotes_before` count what all sides see; `read_at`
        is one's own mark.
        """
        from .reading import SectionReading

        mark = SectionReading.objects.filter(section=OuterRef("pk"), person=user)
        return (
            self.visible_to(user)
            .select_related("document__group__programme")
            .with_neighbours()
            .annotate(
                read_at=Subquery(mark.values("read_at")[:1]),
                unsent_comments=unsent_comments_of(user, document=OuterRef("document")),
            )
        )

    def with_neighbours(self) -> "SectionQuerySet":
        siblings = Section.objects.present().filter(document=OuterRef("document"))
        here = Q(position=OuterRef("position"))
        earlier = siblings.filter(Q(position__lt=OuterRef("position")) | here & Q(pk__lt=OuterRef("pk")))
        later = siblings.filter(Q(position__gt=OuterRef("position")) | here & Q(pk__gt=OuterRef("pk")))
        before = earlier.order_by("-position", "-pk")
        return self.annotate(
            place=_sum(earlier, Count("pk")) + 1,
            paragraphs_before=_sum(earlier, Sum("tabled_passages")),
            recommendations_before=_sum(earlier, _headings()),
            footnotes_before=_sum(earlier, Sum("footnotes")),
            previous_id=Subquery(before.values("public_id")[:1]),
            previous_title=Subquery(before.values("title")[:1]),
            next_id=Subquery(later.values("public_id")[:1]),
            next_title=Subquery(later.values("title")[:1]),
        )

    def present(self) -> "SectionQuerySet":
        return self.filter(dropped_at=None)

    def with_settled_passages(self) -> "SectionQuerySet":
        from .passages import Passage

        settled = Passage.objects.filter(section=OuterRef("pk"), state__in=["agreed", "frozen"])
        return self.annotate(has_settled=Exists(settled))


def unsent_comments_of(user: User, *, document: OuterRef) -> Coalesce:
    """How many comments wait in this person's own review of the document."""
    from .words import UnsentComment

    waiting = UnsentComment.objects.filter(writer=user, passage__section__document=document).order_by()
    counted = waiting.values("writer").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), 0)


def _sum(sections: models.QuerySet["Section"], figure: Any) -> Coalesce:
    """One figure over some sections, 0 when there are none."""
    return Coalesce(Subquery(sections.order_by().values("document").annotate(figure=figure).values("figure")), 0)


def _headings() -> Count:
    """Numbered recommendations: those with a heading."""
    tabled = Q(passages__tabled__text__content__0__type="heading", passages__dropped_at=None)
    return Count("passages", filter=tabled)


class Section(models.Model):
    """An ordered, titled part of a document. Its figures count what all sides see, never a caucus."""

    public_id = PublicIdField()
    document = models.ForeignKey(Document, models.PROTECT, related_name="sections")
    title = models.CharField(_("title"), max_length=200)
    position = models.PositiveIntegerField(default=0)
    # What kind of passages belong here; a hint for the page, not a rule.
    holds_recommendations = models.BooleanField(_("holds recommendations"), default=False)
    tabled_passages = models.PositiveIntegerField(default=0, editable=False)
    settled_passages = models.PositiveIntegerField(default=0, editable=False)
    open_threads = models.PositiveIntegerField(default=0, editable=False)
    footnotes = models.PositiveIntegerField(default=0, editable=False)
    open_brackets = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    dropped_at = models.DateTimeField(null=True, editable=False)

    objects = SectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("section")
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.title
