"""Invented final texts: countries, people and sentences that exist nowhere, in the scripts that the house prints."""

from typing import Any

from reports.publishing.canonical import canonical, sha256
from reports.publishing.labels import bracket_labels, copy_labels

MADE = "2031-04-05T06:07:08+00:00"
COUNTRIES = [
    ("ve", "Veldania", "Veldanian"),
    ("ko", "Korsia", "Korsian"),
    ("ma", "Maresh", "Mareshi"),
    ("to", "Tolvia", "Tolvian"),
]
CHAIRS = [
    ("Ilvane Dar-Oskelan", "Իլվանե Դար-Օսկելան"),
    ("Əsmərxan Qızılgüloğlu-Şahverdizadə", ""),
    ("Tamvar Belikadze-Ortvilashvili", "თამვარ ბელიქაძე-ორთვილაშვილი"),
    ("Yelmira Podgornova", "Ельмира Подгорнова"),
]
SENTENCE = "The valley road was closed in the autumn, and nobody on either bank has measured what the closure cost. "


def text_of(*nodes: dict) -> dict:
    return {"type": "doc", "content": list(nodes)}


def paragraph(*content: str | dict) -> dict:
    nodes = [{"type": "text", "text": each} if isinstance(each, str) else each for each in content]
    return {"type": "paragraph", "content": nodes}


def marked(words: str, *marks: str, **link: str) -> dict:
    found: list[dict[str, Any]] = [{"type": mark} for mark in marks]
    return {"type": "text", "text": words, "marks": found + ([{"type": "link", "attrs": link}] if link else [])}


def footnote(words: str) -> dict:
    return {"type": "footnote", "content": [{"type": "text", "text": words}]}


def listed(kind: str, item: str, *words: str) -> dict:
    return {"type": kind, "content": [{"type": item, "content": [paragraph(each)]} for each in words]}


def item(
    number: int, *nodes: dict, voice: str = "joint", side: str | None = None, answers: int | None = None, **more: Any
) -> dict:
    """A passage with the id `passage<number>`; `answers` is the number of the passage that it answers."""
    plain = {"label": "", "attribution": "", "heading": None, "revision": 1, "sha256": "0" * 64}
    answered = None if answers is None else f"passage{answers}"
    known = {"id": f"passage{number}", "voice": voice, "side": side, "answers": answered, "number": str(number)}
    return plain | known | {"text": text_of(*nodes)} | more


def view(number: int, side: int, *nodes: dict, answers: int | None = None) -> dict:
    code, name, demonym = COUNTRIES[side]
    label = f"{demonym} reply" if answers else f"{demonym} perspective"
    attribution = "" if answers else f"From {name}’s perspective:"
    voice = "reply" if answers else "view"
    return item(number, *nodes, voice=voice, side=code, answers=answers, label=label, attribution=attribution)


def recommendation(number: int, title: str, *nodes: dict, **heading: str) -> dict:
    words = {"number": f"R{number}", "text": title, "addressee": "", "horizon": ""}
    labels = {"addressee_label": "Addressee", "horizon_label": "Horizon"}
    return item(number + 90, *nodes, voice="recommendation", heading=words | labels | heading)


def section(number: int, title: str, *items: dict) -> dict:
    return {"id": f"section{number}", "number": str(number) if title else "", "title": title, "items": list(items)}


def roster(sides: int, members: int) -> list[dict]:
    parts = []
    for (code, name, _), (chair, own_script) in list(zip(COUNTRIES, CHAIRS, strict=True))[:sides]:
        people: list[dict] = [{"name": chair, "own_script": own_script, "role": "co-chair", "role_printed": "Co-chair"}]
        people += [
            {
                "name": f"{name[:-1]}o Member-Number {place}",
                "own_script": "",
                "role": "member",
                "role_printed": "",
            }
            for place in range(1, members)
        ]
        people.append({"withheld": f"a member from {name}", "commitment": "c" * 64})
        parts.append({"side": code, "heading": f"Members from {name}", "people": people})
    return parts


def final_text(sections: list[dict], sides: int = 2, members: int = 3, **more: Any) -> dict:
    people = roster(sides, members)
    signatories = [
        {
            "id": f"signatory{place}",
            "name": person["name"],
            "side": part["side"],
            "role_printed": person["role_printed"],
        }
        for place, (part, person) in enumerate((part, person) for part in people for person in part["people"])
        if "name" in person
    ]
    host = {
        "name": "Lantern House",
        "website": "www.lantern-house.example",
        "email": "office@lantern-house.example",
        "addresses": [{"label": "Secretariat", "lines": ["1 Quay Street", "Port Amity"]}],
        "about": ["Lantern House lends a table to those who would not meet elsewhere."],
        "funder": "With the support of the Harbour Fund.",
    }
    return {
        "form": 1,
        "kind": "joint_report",
        "language": "en",
        "document": {
            "id": "h4k7m2q9r3tv",
            "title": "Report of the Thematic Group on the River",
            "date": "2031-04",
            "date_printed": "April 2031",
            "status": "",
        },
        "programme": {"name": "The River Dialogue"},
        "group": {"name": "Thematic Group on the River", "kind": "thematic"},
        "host": host,
        "sides": [{"id": code, "name": name, "demonym": demonym} for code, name, demonym in COUNTRIES[:sides]],
        "labels": {},
        "roster": people,
        "statement": None,
        "sections": sections,
        "signatories": signatories,
        "rules": {"print_declined": False},
    } | more


def report(sides: int = 2) -> dict:
    """Everything that a report can hold, with a view that each other side answers."""
    replies = [
        view(4 + place, place, paragraph(f"Reply of side {place}. " + SENTENCE * 3), answers=4)
        for place in range(1, sides)
    ]
    introduction = [
        item(
            1,
            paragraph(
                "One joint sentence, with ",
                marked("bold", "bold"),
                ", ",
                marked("italic", "italic"),
                " and ",
                marked("both", "bold", "italic"),
                ".",
            ),
        ),
        item(
            2,
            paragraph(
                "A measured claim",
                footnote("Gauge readings of Lower Weir, spring."),
                " and ",
                marked("a source", href="https://gauge.example/weir"),
                ".",
            ),
        ),
    ]
    perspectives = [
        item(3, paragraph("Both banks agree that the bridge matters.")),
        view(
            4,
            0,
            paragraph("The bridge came first. " + SENTENCE * 9, footnote("A note inside a view.")),
            paragraph("A second paragraph."),
        ),
        *replies,
        item(9, paragraph("A joint sentence stands between.")),
        view(10, 1, paragraph("A view that nobody answers. " + SENTENCE)),
    ]
    recommendations = [
        recommendation(
            1,
            "Reopen the ferry",
            paragraph("The ferry could run if:"),
            listed("options", "option", "the landing is rebuilt;", "the fare is agreed."),
            addressee="Both harbour offices",
            horizon="Within a year",
        ),
        item(
            11,
            paragraph("Lists:"),
            listed("bulletList", "listItem", "salt", "timber"),
            listed("orderedList", "listItem", "survey", "dredge"),
            voice="recommendation",
        ),
        recommendation(2, "Count the salmon", paragraph("Together, each spring.")),
    ]
    scripts = [
        item(
            12,
            paragraph(
                "Մենք համաձայն ենք և կշարունակենք։ ",
                "ჩვენ თანახმა ვართ. ",
                "Biz razıyıq, İçərişəhər ğüşöç. ",
                "Мы согласны.",
                footnote("Ծանոթագրություն, შენიშვნა, примечание, qeyd."),
            ),
        )
    ]
    sections = [section(1, "Introduction", *introduction), section(2, "Perspectives", *perspectives)]
    return final_text(
        [*sections, section(3, "Recommendations", *recommendations), section(4, "Voices", *scripts)], sides
    )


def statement() -> dict:
    paragraphs = [item(number, paragraph(f"Sentence number {number}. " + SENTENCE)) for number in range(1, 6)]
    facts = {
        "place": "Port Amity",
        "meeting": "Third meeting of the Platform",
        "facilitator": "Lantern House",
        "lead": "The members of the Platform, having met:",
    }
    text = final_text([section(1, "", *paragraphs)], kind="joint_statement", statement=facts)
    return text | {"document": text["document"] | {"title": "Joint Statement on the Bridge"}}


def disputed() -> dict:
    """A draft in which words of a joint passage and of a recommendation are not agreed."""
    code, other = COUNTRIES[0][0], COUNTRIES[1][0]
    bracketed = [in_bracket("x1", "one bridge", "bold"), footnote("Survey of the bridges."), in_bracket("x1", " only")]
    mine = {"id": "x1", "side": code, "reason": "We see two.", "alternatives": []}
    mine["alternatives"] += [{"side": code, "text": text_of(paragraph("two bridges"))}, {"side": other, "text": None}]
    theirs = {"id": "x2", "side": other, "reason": "A date can be kept.", "alternatives": []}
    joint = item(1, paragraph("Both banks share ", *bracketed, "."), brackets=[mine])
    advice = recommendation(1, "Measure", paragraph(in_bracket("x2", "Soon")), brackets=[theirs])
    sections = [section(1, "Introduction", joint), section(2, "Recommendations", advice)]
    return final_text(sections, labels=bracket_labels())


def in_copies(text: dict) -> dict:
    """The text of a programme under the alternat."""
    rules = {"precedence": "alternat", **text["rules"]}
    return text | {"labels": text["labels"] | copy_labels(), "rules": rules}


def in_bracket(bracket: str, words: str, *marks: str) -> dict:
    found = marked(words, *marks)
    return found | {"marks": [{"type": "bracket", "attrs": {"id": bracket}}, *found["marks"]]}


def records(text: dict) -> dict:
    """Everybody signed, the third with a reservation, but for the last, who declined."""
    signed = [
        {key: signatory[key] for key in ("name", "side", "role_printed")}
        | {"signatory": signatory["id"], "at": MADE, "at_printed": f"5 April 2031, 06:{place:02d} UTC"}
        | {"method_printed": "Passkey, confirmed again", "reference": f"ACT-{place}", "reservation": None}
        for place, signatory in enumerate(text["signatories"])
    ]
    signed[2]["reservation"] = "R1"
    reservation = {
        "call": "R1",
        "name": signed[2]["name"],
        "side": signed[2]["side"],
        "text": "I do not share passage 3.",
        "sha256": "a" * 64,
    }
    declined = {
        "name": signed[-1]["name"],
        "side": signed[-1]["side"],
        "role_printed": "",
        "answer_printed": "Declined",
    }
    return {
        "text_sha256": sha256(canonical(text)),
        "initials": [{"name": CHAIRS[0][0], "at_printed": "4 April 2031"}],
        "signatures": signed[:-1],
        "reservations": [reservation | {"at_printed": "5 April 2031", "passage": "passage3"}],
        "declined": [declined],
        "chain_head": {"seq": 7, "hash": "b" * 64},
        "verify_url": "https://parley.example/verify/h4k7m2q9r3tv",
        "code": "H4K7-M2Q9",
    }


def order(text: dict, *, signed: bool = False, draft: str = "", specimen: str = "") -> dict:
    """A render input; without signatures that of a draft or a preview."""
    template = "statement" if text["kind"] == "joint_statement" else "report"
    kept = records(text) if signed else None
    return {"text": text, "records": kept, "specimen": specimen, "draft": draft, "made": MADE, "template": template}
