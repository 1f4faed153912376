"""Invented documents in the exchange format."""

from copy import deepcopy


def report(**changes):
    """A report of two invented sides with everything that the format knows."""
    return {**deepcopy(REPORT), **changes}


def statement(**changes):
    kept = {name: REPORT[name] for name in ("programme", "title", "date", "host", "sides")}
    return {**deepcopy(kept), **deepcopy(STATEMENT), **changes}


REPORT = {
    "source": "typed by hand",
    "kind": "report",
    "programme": "The Valley Dialogue",
    "group": "Water and Land",
    "title": "Report of the Thematic Group on Water and Land",
    "date": "2031-04",
    "host": {
        "name": "The Host",
        "website": "www.host.example",
        "email": "office@host.example",
        "addresses": [["Quay 1", "1000 Harbour"], {"label": "Post", "lines": ["Box 7"]}],
        "about": ["The Host hosts.", "It does so quietly."],
    },
    "sides": [
        {
            "name": "Northland",
            "demonym": "Northern",
            "members": [{"name": "Ada North", "role": "co-chair"}, {"name": "Ben North", "role": "member"}],
        },
        {"name": "Southland", "demonym": "Southern", "members": [{"name": "Cora South", "role": "co-chair"}]},
    ],
    "sections": [
        {"title": "Introduction", "passages": [{"voice": "joint", "text": "Both sides agree to write this report."}]},
        {
            "title": "Perspectives",
            "passages": [
                {"voice": "Northland", "text": "From Northland's perspective, the river is shared.\n\nIt always was."},
                {"voice": "Southland", "text": "The Southern side sees it otherwise.", "responds_to": 0},
                {"voice": "Southland", "text": "The dam stands.", "attribution": "in text"},
                {"voice": "Northland", "text": "The dam leaks.", "responds_to": 2},
                {"voice": "joint", "text": "A *fact*^[Read [here](https://dam.example/).].", "format": "markup"},
            ],
        },
        {"title": "Recommendations", "recommendations": [
            {
                "heading": "Water",
                "addressee": "both governments",
                "horizon": "2033",
                "passages": [
                    {"voice": "joint", "text": "Options include:", "options": ["to measure;", "to share."]},
                    {"voice": "joint", "text": "First line\nsecond line"},
                ],
            },
            {"heading": "Land", "passages": [{"voice": "joint", "text": "Map it."}]},
        ]},
    ],
}  # fmt: skip
STATEMENT = {
    "kind": "statement",
    "group": "Platform",
    "place": "Harbour",
    "meeting": "Third meeting",
    "facilitator": "The Host",
    "paragraphs": [
        "We met.",
        {"text": "We **agree**.", "format": "markup"},
        {"text": "We may:", "options": ["a", "b"]},
    ],
}
