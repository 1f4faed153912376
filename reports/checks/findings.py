"""Findings as a person reads them: where they stand, in which words, and whether every side lets them stand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _

from groups.models import Motion
from parley.programmes.models import Side
from reports.models import Document, Passage, WaivedFinding, Waiving

from .keeping import checked, checked_in_caucus
from .opening import NEVER_WAIVED
from .registry import Finding, Rule, rules
from .texts import Piece, Whole

# Name of the motion on several findings (reports.actions.checks).
WAIVING = "findings.waive"


@dataclass(frozen=True)
class Quoted:
    """Words of a passage, with the way to them. `number` is the paragraph's; 0 in a side's own words."""

    passage: str
    number: int
    words: str
    url: str

    @property
    def where(self) -> str:
        return _("Paragraph %(number)d") % {"number": self.number} if self.number else _("Passage")


@dataclass
class Found:
    finding: Finding
    fingerprint: str
    quoted: Sequence[Quoted]
    # The section that it is told under; "" for what concerns the whole.
    section: str = ""
    waived: WaivedFinding | None = None
    proposed: Motion | None = None
    # Its place on the page.
    number: int = 0
    # Waived once, in other words.
    lapsed: WaivedFinding | None = None

    @property
    def rule(self) -> Rule:
        return rules()[self.finding.rule]

    @property
    def says(self) -> str:
        return sentence(self.finding.rule, self.finding.case, self.finding.values, 0)

    @property
    def remedy(self) -> str:
        return sentence(self.finding.rule, self.finding.case, self.finding.values, 1)

    @property
    def is_open(self) -> bool:
        return self.waived is None

    @property
    def may_be_waived(self) -> bool:
        never = self.finding.rule == "open" and self.finding.case in NEVER_WAIVED
        return self.is_open and self.proposed is None and not never

    @property
    def holds(self) -> bool:
        """Keeps a freeze back; open items that no key waives do so by sentences of their own."""
        return self.is_open and not (self.finding.rule == "open" and self.finding.case in NEVER_WAIVED)


def sentence(rule: str, case: str, values: Mapping[str, object], which: int) -> str:
    """What a rule says (0) or proposes (1); of a rule that this release does not know, nothing."""
    known = rules().get(rule)
    if known is None or case not in known.says:
        return ""
    return " ".join((str(known.says[case][which]) % values).split())


@dataclass
class SectionFindings:
    title: str
    found: list[Found] = field(default_factory=list)


@dataclass
class Report:
    """All findings of a document, in reading order."""

    document: Document
    whole: Whole
    found: list[Found]

    @property
    def open(self) -> list[Found]:
        return [one for one in self.found if one.is_open]

    @property
    def holding(self) -> list[Found]:
        return [one for one in self.found if one.holds]

    @property
    def waived(self) -> list[Found]:
        return [one for one in self.found if not one.is_open]

    def waiting_for(self, side: Side | None) -> Motion | None:
        """The oldest proposal to let findings stand that wants this side's key."""
        motions = {one.proposed.pk: one.proposed for one in self.found if one.proposed}
        waiting = (motions[pk] for pk in sorted(motions))
        return next((m for m in waiting if side and all(key.side_id != side.pk for key in m.keys.all())), None)

    @property
    def by_section(self) -> list[SectionFindings]:
        """Sections that have any, after what concerns the whole; open ones first in each."""
        parts = {"": SectionFindings("")} | {id_: SectionFindings(title) for id_, title in self.whole.sections.items()}
        for one in self.found:
            parts[one.section].found.append(one)
        for part in parts.values():
            part.found.sort(key=lambda one: not one.is_open)
        told = [part for part in parts.values() if part.found]
        choosable = [one for part in told for one in part.found if one.may_be_waived]
        for number, one in enumerate(choosable):
            one.number = number
        return told


def report_of(document: Document) -> Report:
    """Of what lies before all sides: the same number of queries for any number of findings."""
    whole, findings = checked(document)
    report = Report(document, whole, _told(whole, findings))
    _with_waivers(report)
    return report


def report_for_side(document: Document, side: Side) -> Report:
    """Of a side's own words, for its own members: nothing of it is waived, counted or kept."""
    whole, findings = checked_in_caucus(document, side)
    return Report(document, whole, _told(whole, findings, numbered=False))


def _told(whole: Whole, findings: Iterable[Finding], *, numbered: bool = True) -> list[Found]:
    numbers = {piece.id: number for number, piece in enumerate(whole.pieces, 1)}
    pieces = {piece.id: piece for piece in whole.pieces}
    hashes = {piece.id: piece.sha256 for piece in whole.pieces}
    return [
        Found(
            finding,
            finding.fingerprint(hashes),
            [
                _quoted(finding, pieces[place.passage], numbers[place.passage] if numbered else 0, place.words)
                for place in finding.places
                if place.passage in pieces
            ],
            section=_section(finding, pieces),
        )
        for finding in findings
    ]


def _section(finding: Finding, pieces: Mapping[str, Piece]) -> str:
    return next((pieces[place.passage].section for place in finding.places if place.passage in pieces), "")


def _quoted(finding: Finding, piece: Piece, number: int, words: str) -> Quoted:
    """The way to the words; of a comment or a bracket to where one answers it."""
    url = f"{reverse('section', kwargs={'section': piece.section})}#p-{piece.id}"
    if "thread" in finding.values:
        url = reverse("thread", kwargs={"thread": finding.values["thread"]})
    elif "bracket" in finding.values:
        url = reverse("bracket", kwargs={"bracket": finding.values["bracket"]})
    return Quoted(piece.id, number, words, url)


def _with_waivers(report: Report) -> None:
    waivings = list(Waiving.objects.filter(document=report.document).with_findings())
    on_them = Motion.objects.filter(kind=WAIVING, target_id__in=[one.public_id for one in waivings])
    motions = {motion.target_id: motion for motion in on_them.with_keys()}
    waived: dict[str, WaivedFinding] = {}
    proposed: dict[str, Motion] = {}
    earlier: dict[tuple[str, ...], WaivedFinding] = {}
    for waiving in waivings:
        waiving.motion = motions.get(waiving.public_id)  # type: ignore[attr-defined]
        for one in waiving.findings.all():
            one.waiving = waiving
            if waiving.carried_at:
                waived.setdefault(one.fingerprint, one)
                earlier.setdefault(_alike(one.rule, one.case, one.places), one)
            elif waiving.motion and waiving.motion.state == Motion.State.OPEN:  # type: ignore[attr-defined]
                proposed.setdefault(one.fingerprint, waiving.motion)  # type: ignore[attr-defined]
    for found in report.found:
        finding = found.finding
        found.waived = waived.get(found.fingerprint)
        if found.waived is None:
            found.proposed = proposed.get(found.fingerprint)
            places = [[place.passage, place.words] for place in finding.places]
            found.lapsed = earlier.get(_alike(finding.rule, finding.case, places))


def _alike(rule: str, case: str, places: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The same kind of finding in the same passages, whatever their words."""
    return (rule, case, *sorted({passage for passage, _words in places}))


def passages_of(found: Iterable[Found]) -> list[Passage]:
    named = {quoted.passage for one in found for quoted in one.quoted}
    return list(Passage.objects.filter(public_id__in=named))
