"""What the gallery shows: every part in invented words, with the letters and lengths that break a careless page."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator


@dataclass(frozen=True)
class SampleSide:
    name: str
    demonym: str
    colour: int


@dataclass(frozen=True)
class SamplePiece:
    kind: str
    text: str


@dataclass(frozen=True)
class SamplePerson:
    """Stands where the frame expects the signed-in person."""

    name: str = "Ülviyyə Əliyeva-Rəhimova"
    public_id: str = "gallery"
    is_authenticated: bool = True

    def __str__(self) -> str:
        return self.name


SIDES = [
    SampleSide("Northern Valley", "Northern", 1),
    SampleSide("Southern Shore", "Southern", 2),
    SampleSide("Eastern Plateau", "Eastern", 3),
    SampleSide("Western Isles", "Western", 4),
    SampleSide("Upper Canton", "Upper", 5),
    SampleSide("Lower Canton", "Lower", 6),
]
START = datetime(2027, 3, 12, 10, 0, tzinfo=UTC)
ZONES = ["Asia/Yerevan", "Asia/Baku", "Asia/Tbilisi", "Europe/Amsterdam", "America/New_York"]
SHA = sha256(b"the gallery").hexdigest()
PIECES = [
    SamplePiece("same", "Both sides agree that the crossing "),
    SamplePiece("removed", "should open"),
    SamplePiece("added", "opens on the first Monday of May"),
    SamplePiece("same", " and stays open in every season."),
]


class SampleForm(forms.Form):
    title = forms.CharField(label="Title of the section", help_text="As it will be printed.", max_length=120)
    text = forms.CharField(
        label="Words of the passage",
        widget=forms.Textarea(attrs={"class": "text", "data-count": "400"}),
        initial="From our perspective, the crossing is more than a road.",
    )
    kind = forms.ChoiceField(
        label="What kind of comment is it?",
        widget=forms.RadioSelect,
        choices=[("question", "A question"), ("fact", "A fact"), ("wording", "Wording"), ("red", "A red line")],
        help_text="The other side reads this word first.",
    )
    told = forms.MultipleChoiceField(
        label="Who is told",
        widget=forms.CheckboxSelectMultiple,
        choices=[("own", "My side"), ("all", "All sides")],
        required=False,
    )
    language = forms.ChoiceField(
        label="Language", choices=[("en", "English"), ("hy", "Հայերեն"), ("az", "Azərbaycanca"), ("ka", "ქართული")]
    )
    on = forms.DateField(label="Date", widget=forms.DateInput(attrs={"type": "date"}))
    at = forms.TimeField(
        label="Hour",
        widget=forms.TimeInput(format="%H:%M", attrs={"class": "short", "inputmode": "numeric"}),
        help_text="24 hours, Yerevan, for example 14:30.",
    )
    code = forms.CharField(
        label="Code from the mail",
        widget=forms.TextInput(attrs={"class": "code", "inputmode": "numeric", "autocomplete": "one-time-code"}),
        required=False,
    )
    paper = forms.FileField(label="Paper", required=False, help_text="PDF or Word, at most 10 MB.")
    agreed = forms.BooleanField(label="I have read the ground rules and keep to them.", help_text="Version 3.")


def context() -> dict[str, Any]:
    """All that the gallery's template needs."""
    page: Page = Paginator(range(95), 10).page(4)
    return {
        "sides": SIDES,
        "north": SIDES[0],
        "south": SIDES[1],
        "form": SampleForm(),
        "refused": SampleForm({"title": "", "text": "Too short", "kind": "", "language": "en"}, auto_id="wrong_%s"),
        "now": START,
        "later": START + timedelta(hours=2, minutes=30),
        "zones": ZONES,
        "due": date(2027, 4, 2),
        "sha": SHA,
        "pieces": PIECES,
        "page": page,
    }
