"""What they write. The valleys, the river and the dispute are invented."""

from dataclasses import dataclass, field

JOINT, ALDARA, VESMAR = "joint", "aldara", "vesmar"


@dataclass(frozen=True)
class Words:
    """A passage in the plain form's markup. `answers`: the key of the view it replies to; `caucus`: not tabled yet."""

    voice: str
    source: str
    key: str = ""
    answers: str = ""
    caucus: bool = False
    heading: str = ""
    addressee: str = ""
    horizon: str = ""


@dataclass(frozen=True)
class Part:
    title: str
    words: tuple[Words, ...]
    recommendations: bool = False


@dataclass(frozen=True)
class Comment:
    """On the passage of this index among the tabled ones; by a person's e-mail."""

    on: int
    kind: str
    by: str
    source: str
    own_side_only: bool = False
    answers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Answered:
    """What became of the comment of this index, said by a person's e-mail, with the reason."""

    comment: int
    disposition: str
    by: str
    why: str


@dataclass(frozen=True)
class Later:
    """The passage of this index among the tabled ones in other words, written after the first draft was released."""

    on: int
    source: str


@dataclass(frozen=True)
class OtherWords:
    """Proposed for the passage of this index among the tabled ones, by a side; its key holder offers them."""

    on: int
    side: str
    source: str
    why: str


@dataclass(frozen=True)
class Disputed:
    """Words in a bracket of one side, and what each would say instead."""

    words: str
    side: str
    reason: str
    instead: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Text:
    title: str
    parts: tuple[Part, ...]
    comments: tuple[Comment, ...] = field(default=())
    other_words: tuple[OtherWords, ...] = field(default=())
    disputed: tuple[Disputed, ...] = field(default=())
    answered: tuple[Answered, ...] = field(default=())
    later: tuple[Later, ...] = field(default=())
    # What the second side adds to the first recommendation, and what one member says of the whole.
    reservation: str = ""
    own_reservation: str = ""


@dataclass(frozen=True)
class Term:
    """Of the glossary; `names`: what each side says."""

    kind: str
    name: str
    why: str
    names: tuple[tuple[str, str], ...] = ()
    others: tuple[str, ...] = ()
    instead: str = ""


TERMS = (
    Term(
        "avoid",
        "the war years",
        "For some families the war has not ended: name the years that you mean.",
        instead="the years from 1991 to 1994",
    ),
    Term(
        "contested",
        "the crossing at Tash",
        "Each bank gave the crossing a name of its own when it was closed.",
        names=((ALDARA, "Gate of Tash"), (VESMAR, "Lower Gate")),
    ),
)

WATER = Text(
    "Report of the Thematic Group on Water and Irrigation",
    (
        Part(
            "Introduction",
            (
                Words(
                    JOINT,
                    "The Orla rises in the hills of Aldara, crosses the line at the old weir of Tash and waters the "
                    "fields of Vesmar before it reaches the lake. For thirty-one years nobody has measured it on both "
                    "banks in the same week.",
                ),
                Words(
                    JOINT,
                    "This report sets out what each side sees, what each makes of the other’s account, and five things "
                    "that both sides can begin without waiting for anything else.^[The group met in Batumi in March "
                    "and online in May and September.]",
                ),
            ),
        ),
        Part(
            "Perspectives",
            (
                Words(
                    JOINT,
                    "Both sides agree that the weir at Tash is in danger, and that neither can mend it alone: its gates "
                    "stand on one bank and its motors on the other.",
                ),
                Words(
                    ALDARA,
                    "The reservoir above Tash was built to hold the spring flood, not to hold back anybody’s water. In "
                    "dry years we release more than the treaty of 1978 asks of us, and every release is written in the "
                    "log of the dam, which we are ready to open.",
                    key="reservoir",
                ),
                Words(
                    VESMAR,
                    "We do not doubt the log; we cannot see it. For the farmer at the end of the canal the question is "
                    "on which day the water comes, and for eleven summers nobody has told him. A log that is opened "
                    "*after* the season helps a court, not a harvest.",
                    answers="reservoir",
                ),
                Words(
                    VESMAR,
                    "Since the pumping stations were moved, a third of the lower fields lies dry from July on. People "
                    "leave. Those who stay drill wells, and the wells turn salty. This is what “irrigation” means for "
                    "us: whether a village is still there in ten years.",
                    key="villages",
                ),
                Words(
                    ALDARA,
                    "The moving of the stations was a decision of the war years, and it was wrong. We would not defend "
                    "it today. But the salt came before: the surveys of 1969 and 1983 already name it.^[Hydrological "
                    "surveys of the Orla basin, sheets 12 and 14.]",
                    answers="villages",
                ),
                Words(
                    ALDARA,
                    "Upstream people are asked for water, downstream people for peace and quiet. We have heard the first "
                    "request for thirty years and seldom the second.",
                    key="requests",
                    caucus=True,
                ),
            ),
        ),
        Part(
            "Regional dimension",
            (
                Words(
                    JOINT,
                    "The lake has a third shore. Whatever is agreed on the Orla is felt there within two seasons, and "
                    "the fishermen’s unions of all three shores have asked to be heard.",
                ),
                Words(
                    VESMAR,
                    "No joint commission has ever lasted longer than the government that set it up. We would rather "
                    "begin with two engineers and one gauge than with another signature.",
                    key="commissions",
                ),
            ),
        ),
        Part(
            "Recommendations",
            (
                Words(
                    JOINT,
                    "Two gauges of the same make are set, one on each bank below the weir. They are read at six in the "
                    "morning, and both readings are published the same day, unaltered:\n\n"
                    "a) by the two water offices, on one page;\n\n"
                    "b) by the village councils of Tash and Lower Orla, on the board at the bridge.",
                    heading="Measure the river together",
                    addressee="The water offices of both sides",
                    horizon="Within three months",
                ),
                Words(
                    JOINT,
                    "Between May and September the dam at Upper Orla announces each change of release **three days "
                    "before** it happens, by telephone and on the page of the gauges.",
                    heading="Announce every release",
                    addressee="The dam authority",
                    horizon="From the next season on",
                ),
                Words(
                    JOINT,
                    "Two engineers from each side inspect the weir together and say what it costs to make it safe. They "
                    "travel with one permit, issued by both sides.",
                    heading="Inspect the weir at Tash",
                    addressee="Both governments",
                    horizon="Before the spring flood",
                ),
            ),
            recommendations=True,
        ),
    ),
    (
        Comment(
            2,
            "wording",
            "hrant.zoravar@demo.example",
            "“In danger” is weak. The engineers wrote *unsafe above 4.2 metres*. Could we say that?",
            answers=(("givi.abanadze@demo.example", "We can say it if we name the engineers’ note as the source."),),
        ),
        Comment(3, "fact", "lusine.vardkes@demo.example", "Which log: the dam’s own, or the one kept at the weir?"),
        Comment(
            3,
            "question",
            "salome.orveli@demo.example",
            "Before we answer: does the ministry know that we offer the log? Ask Davit.",
            own_side_only=True,
        ),
        Comment(
            8, "red-line", "tigran.melikset@demo.example", "Unaltered, yes, and *by both*. Not one office for all."
        ),
    ),
    other_words=(
        OtherWords(
            2,
            VESMAR,
            "Both sides agree that the weir at Tash is unsafe whenever the water stands above 4.2 metres, and that "
            "neither can mend it alone: its gates stand on one bank and its motors on the other.",
            "The engineers’ note gives the figure. A figure can be checked, a danger can be denied.",
        ),
    ),
    reservation="We read “together” as each side with its own gauges, compared once a month.",
    own_reservation="I miss a word for those who fish here and were not asked.",
    disputed=(
        Disputed(
            "three days before",
            VESMAR,
            "Whoever waters by a canal needs a week to clear it and to agree on turns with the neighbours.",
            (
                (VESMAR, "**seven days before**"),
                (ALDARA, "**as soon as the forecast allows, and three days before at the latest,**"),
            ),
        ),
        Disputed(
            "the same day",
            ALDARA,
            "On holidays nobody is in the office to publish anything.",
            ((ALDARA, "within two working days"),),
        ),
    ),
    answered=(
        Answered(
            0,
            "in-part",
            "givi.abanadze@demo.example",
            "A proposal of other words names the height and the engineers’ note; “in danger” stays until it is answered.",
        ),
    ),
    later=(
        Later(
            0,
            "The Orla rises in the hills of Aldara, crosses the line at the old weir of Tash and waters the "
            "fields of Vesmar before it reaches the lake. For thirty-one years nobody has measured it on both "
            "banks in the same week; the last gauging that both sides trust is of October 1994.",
        ),
    ),
)

ROADS = Text(
    "Report of the Thematic Group on Roads and Crossings",
    (
        Part(
            "Introduction",
            (
                Words(
                    JOINT,
                    "Of the nine roads that crossed the line, two are open, both to lorries only. An ambulance from Tash "
                    "to the hospital of Vesmar city drives four hours for what lies twenty minutes away.",
                ),
            ),
        ),
        Part(
            "Perspectives",
            (
                Words(
                    ALDARA,
                    "A road is opened once and then has to be guarded every day. Before we speak of five crossings we "
                    "want to see one that works: with lights, with a telephone, and with somebody who answers it.",
                    key="one",
                ),
                Words(
                    VESMAR,
                    "One crossing is one point of failure. When it closed last winter for nine days, nobody could say who "
                    "had closed it. Two at least, so that the second is open when the first is not.",
                    answers="one",
                ),
            ),
        ),
        Part(
            "Recommendations",
            (
                Words(
                    JOINT,
                    "The bridge road at Lower Orla is opened to ambulances and to people over seventy and under "
                    "sixteen, on any day, without a fee.",
                    heading="Open the bridge road to those who cannot wait",
                    addressee="Both border services",
                    horizon="Within six months",
                ),
                Words(
                    JOINT,
                    "Both services name one duty officer for each shift and exchange their numbers. A closing is "
                    "announced with its reason and its expected end.",
                    heading="Name a duty officer",
                    addressee="Both border services",
                    horizon="At once",
                ),
            ),
            recommendations=True,
        ),
    ),
)

SCHOOLS = Text(
    "Report of the Thematic Group on Schools and Memory",
    (
        Part(
            "Introduction",
            (
                Words(
                    JOINT,
                    "Eleven schools stand within sight of the other bank. Their pupils can name the football clubs over "
                    "there, and hardly anything else.",
                ),
            ),
        ),
        Part(
            "Perspectives",
            (
                Words(
                    VESMAR,
                    "Our textbooks give the war four pages and the eighty years of the common market one line. A teacher "
                    "who wants to say more does so at her own risk.",
                    key="books",
                ),
            ),
        ),
    ),
)

STATEMENT = Text(
    "Joint Statement on the Families of the Missing",
    (
        Part(
            "Statement",
            (
                Words(
                    JOINT,
                    "We, women from both banks of the Orla, met to listen to each other. Among us are mothers, sisters "
                    "and daughters of people who have been missing for more than thirty years.",
                ),
                Words(
                    JOINT,
                    "We ask both sides to open what they hold: lists, maps, the logs of hospitals. Not to judge anybody, "
                    "but so that families may know, bury and mourn.",
                ),
                Words(
                    JOINT,
                    "We ask that families be told first, before any newspaper, in their own language and by somebody "
                    "who stays for as long as they need.",
                ),
                Words(
                    JOINT,
                    "We will come back to this table every spring until each name on both lists has an answer.",
                ),
                Words(
                    JOINT,
                    "Both commissions open one shared list, to which each adds what it knows, and tell a family before they "
                    "tell anybody else.",
                    heading="Open one list of the missing",
                    addressee="Both commissions on missing persons",
                    horizon="Before next spring",
                ),
            ),
            recommendations=True,
        ),
    ),
)

SUMMARY = Text(
    "What the Co-chairs Heard on Roads and Crossings",
    (
        Part(
            "What was discussed",
            (
                Words(
                    JOINT,
                    "The members spoke for two days about the bridge road and the crossing at Tash. The co-chairs heard "
                    "that nobody is against opening them, and that nobody wants to be the first to say so.",
                ),
            ),
        ),
        Part(
            "Next steps",
            (
                Words(
                    JOINT,
                    "The co-chairs will ask both border services for the number of closings in each of the last three "
                    "winters, and bring the answers to the next meeting.",
                ),
            ),
        ),
    ),
)

MARKET = Text(
    "Joint Statement on One Market Day",
    (
        Part(
            "Statement",
            (
                Words(
                    JOINT,
                    "We know the two markets at the bridge from our parents. We have agreed to ask for one day: a "
                    "Saturday in spring, from eight in the morning until two, on the old square beside the weir.",
                ),
                Words(
                    JOINT,
                    "Whoever sells there brings what they grew or made. Nobody asks for a passport, and nobody makes a "
                    "speech.",
                ),
            ),
        ),
    ),
)
FIRST_STEP = "Both commissions met in Tash and named one person each who answers for the list."
SECOND_STEP = "The shared list is open with two hundred and eleven names. Maps are not in it yet."
