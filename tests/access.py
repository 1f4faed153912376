"""The access tables: who gets which answer at every address, who is told what, who hears what.

One line for each page and thing. A string has a letter for each role in the order of ROLES; blanks part the strangers,
those of the group without a side, side A and side B. The letters:

    o  the page opens              s  to the sign-in page        f  seen, but not allowed (403)
    d  done, and led on            p  to the proof page          n  hidden or unknown (404)
    x  not by this method (405)    u  to second factors           c  refused: it has changed (409)
    b  malformed (400)             i  filled in wrongly (422)    g  gone, and known to be (410)

People are signed in with a second factor shown, unless a test says otherwise; `key=True` marks what asks for it.
tests/test_access.py fails for an address, socket, topic, notice, mail, task or command without a line here;
docs/permissions.md is made from these tables (`python -m tests.permissions`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

STRANGERS = (
    "anonymous",
    "invitee",
    "outsider",
    "installer",
    "other_facilitator",
    "other_group_member",
    "ex_member_a",
)
WITHOUT_SIDE = ("observer", "facilitator")
SIDE_A = ("co_chair_a", "deputy_a", "member_a")
SIDE_B = ("co_chair_b", "member_b", "member_c")
ROLES = (*STRANGERS, *WITHOUT_SIDE, *SIDE_A, *SIDE_B)

# A method that a page does not have: the anonymous are led to the sign-in page before it is looked at.
NO_METHOD = "sxxxxxx xx xxx xxx"
NO_METHOD_FOR_ANYBODY = "xxxxxxx xx xxx xxx"

Sends = Callable[[Any], dict[str, Any]]


@dataclass(frozen=True)
class Page:
    """An address with one thing in it (`more` fills its other places), the answers to GET and POST, what is sent."""

    name: str
    of: str = ""
    get: str = NO_METHOD
    post: str = NO_METHOD
    sends: Sends | None = None
    key: bool = False
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return ": ".join(part for part in (self.name, self.of, *self.more.values()) if part)


@dataclass(frozen=True)
class Topic:
    """Who may watch a page: `o` hears what all hear, `a` and `b` their side's caucus too, `–` nothing."""

    name: str
    of: str
    hears: str


@dataclass(frozen=True)
class Notice:
    """Who is told when it happens (`t`), who else may see it when they are told (`v`), who never (`–`)."""

    kind: str
    of: str
    told: str
    facts: Sends | None = None


def form(**fields: Any) -> Sends:
    return lambda here: fields


HOST = form(
    **{
        "host-name": "The Host",
        "addresses-TOTAL_FORMS": "1",
        "addresses-INITIAL_FORMS": "0",
        "addresses-0-lines": "Street 1",
    }
)
PHASE = form(name="Drafting", starts="2030-01-01", ends="2030-02-01")
MILESTONE = form(title="Second draft", due="2030-01-01")
MEETING = form(
    title="Fourth round",
    mode="online",
    link="https://meet.example.org/x",
    day="2031-05-06",
    begins="09:00",
    finishes="12:00",
    zone="UTC",
)


def silence_form() -> dict[str, str]:
    day = (timezone.localdate() + timedelta(days=4)).isoformat()
    return {"day": day, "hour": "18:00", "zone": "UTC", "who": "all", "then": "sign"}


TERM = form(kind="avoid", name="the war party", instead="the army", reason="It blames.")
POLL = form(
    **{
        "poll-title": "Fifth round",
        "poll-zone": "UTC",
        "poll-deadline_day": "2031-03-01",
        "poll-deadline_hour": "10:00",
        "poll-seen_by": "members",
        "slots-TOTAL_FORMS": "3",
        "slots-INITIAL_FORMS": "0",
    },
    **{f"slots-{n}-day": f"2031-05-0{n + 1}" for n in range(3)},
    **{f"slots-{n}-begins": "10:00" for n in range(3)},
    **{f"slots-{n}-finishes": "12:00" for n in range(3)},
)


def yes_to_all(here: Any) -> dict[str, Any]:
    return {f"slot-{slot.public_id}": "yes" for slot in here["poll"].slots.all()}


PAGES = {
    "Coming in and going": (
        Page("home", get="ooooooo oo ooo ooo", post=NO_METHOD_FOR_ANYBODY),
        Page("help_page", get="ooooooo oo ooo ooo", post=NO_METHOD_FOR_ANYBODY),
        Page("search", get="soooooo oo ooo ooo"),
        Page(
            "account_login", get="odddddd dd ddd ddd", post="ddddddd dd ddd ddd", sends=form(login="nobody@example.org")
        ),
        Page(
            "account_request_login_code",
            get="sssssss ss sss sss",
            post="sssssss ss sss sss",
            sends=form(email="nobody@example.org"),
        ),
        Page(
            "account_confirm_login_code", get="ddddddd dd ddd ddd", post="ddddddd dd ddd ddd", sends=form(code="ABCDEF")
        ),
        Page("mfa_authenticate", get="sdddddd dd ddd ddd", post="sdddddd dd ddd ddd", sends=form(code="000000")),
        Page("mfa_login_webauthn", get="sdddddd dd ddd ddd", post="sdddddd dd ddd ddd", sends=form(credential="{}")),
        Page(
            "account_signup",
            get="odddddd dd ddd ddd",
            post="odddddd dd ddd ddd",
            sends=form(email="nobody@example.org"),
        ),
        Page("account_logout", get="doooooo oo ooo ooo", post="ddddddd dd ddd ddd"),
        Page("account_inactive", get="ooooooo oo ooo ooo", post=NO_METHOD_FOR_ANYBODY),
        Page("leave_quickly", get="ooooooo oo ooo ooo", post="ddddddd dd ddd ddd"),
        Page("account_left", get="ooooooo oo ooo ooo", post=NO_METHOD_FOR_ANYBODY),
        Page("set_language", get="xxxxxxx xx xxx xxx", post="ddddddd dd ddd ddd", sends=form(language="ru")),
        Page("account_welcome", get="sdddddd dd ddd ddd", post="sdddddd dd ddd ddd"),
        Page(
            "account_welcome_name",
            get="soooooo oo ooo ooo",
            post="sdddddd dd ddd ddd",
            sends=form(name="Somebody Else"),
        ),
        Page(
            "account_welcome_zone",
            get="soooooo oo ooo ooo",
            post="sdddddd dd ddd ddd",
            sends=form(time_zone="Asia/Tbilisi"),
        ),
        Page("invitation", "token", get="ooooooo oo ooo ooo", post="ddooooo oo ooo ooo"),
    ),
    "One’s own account": (
        Page(
            "settings",
            get="soooooo oo ooo ooo",
            post="sdddddd dd ddd ddd",
            sends=form(name="Somebody Else", language="en", time_zone="UTC"),
        ),
        Page("account_end_device", "device of A", post="snnnnnn nn nnd nnn"),
        Page("account_end_other_devices", post="sdddddd dd ddd ddd"),
        Page("account_my_data", get="soooooo oo ooo ooo"),
        Page(
            "account_address",
            get="soooooo oo ooo ooo",
            post="sdddddd dd ddd ddd",
            sends=form(email="new@example.org"),
        ),
        Page("account_address_confirm", get="sdddddd dd ddd ddd", post="sdddddd dd ddd ddd", sends=form(code="000000")),
        Page("account_prove", get="soooooo oo ooo ooo", post="soooooo oo ooo ooo", sends=form(code="000000")),
        Page("account_step_up", post="soooooo oo ooo ooo", sends=form(purpose="sign", sha256="0" * 64)),
        Page("mfa_index", get="soooooo oo ooo ooo"),
        Page("account_second_factor_done", post="sdddddd dd ddd ddd"),
        Page(
            "mfa_activate_totp",
            get="sdddddd dd ddd ddd",
            post="sdddddd dd ddd ddd",
            sends=form(code="000000"),
            key=True,
        ),
        Page("mfa_deactivate_totp", get="soooooo oo ooo ooo", post="suuuoou uo ouu ouu", key=True),
        Page(
            "mfa_add_webauthn",
            get="soooooo oo ooo ooo",
            post="soooooo oo ooo ooo",
            sends=form(name="Key", credential="{}"),
            key=True,
        ),
        Page("account_remove_passkey", "passkey of A", get="snnnnnn nn nno nnn", post="snnnnnn nn nnu nnn", key=True),
        Page("mfa_view_recovery_codes", get="snnnnnn nn nnn nnn"),
        Page("mfa_generate_recovery_codes", get="soooooo oo ooo ooo", post="sdddddd dd ddd ddd", key=True),
    ),
    "Notices and mail": (
        Page("updates", get="soooooo oo ooo ooo"),
        Page("updates_shown", "shelf", get="soooooo oo ooo ooo"),
        Page("mark_all_read", post="sdddddd dd ddd ddd"),
        Page("mark_read", "notice", post="snnnnnn nn dnn nnn"),
        Page("mark_done", "notice", post="snnnnnn nn dnn nnn"),
        Page("notification_settings", get="soooooo oo ooo ooo", post="siiiiii ii iii iii"),
        Page("leave_list", "way out of member A", get="ooooooo oo ooo ooo", post="iiiiiii ii iii iii"),
        Page("outbox", get="sffofff ff fff fff"),
        Page("requeue_delivery", "delivery", post="snndnnn nn nnn nnn"),
        Page("health", get="ooooooo oo ooo ooo", post=NO_METHOD_FOR_ANYBODY),
        Page("health_live", get="ooooooo oo ooo ooo", post=NO_METHOD_FOR_ANYBODY),
        Page("gallery", get="ooooooo oo ooo ooo", post=NO_METHOD_FOR_ANYBODY),
        Page("mailbox", get="nnnnnnn nn nnn nnn", post=NO_METHOD_FOR_ANYBODY),
    ),
    "Programmes": (
        Page("programmes", get="soooooo oo ooo ooo"),
        Page("board", "programme", get="snnnnfn fo fff fff"),
        Page("programme_start", get="sfffoff ff fff fff", post="sfffoff ff fff fff"),
        Page("programme", "programme", get="snnnnon oo ooo ooo"),
        Page(
            "programme_edit",
            "programme",
            get="snnnnfn fo fff fff",
            post="snnnnfn fd fff fff",
            sends=form(name="Renamed", language="en"),
        ),
        Page("programme_host", "programme", get="snnnnfn fo fff fff", post="snnnnfn fd fff fff", sends=HOST),
        Page("phase_add", "programme", get="snnnnfn fo fff fff", post="snnnnfn fd fff fff", sends=PHASE),
        Page("phase_change", "phase", get="snnnnfn fo fff fff", post="snnnnfn fd fff fff", sends=PHASE),
        Page("phase_remove", "phase", post="snnnnfn fd fff fff"),
        Page("ground_rules", "programme", get="snnnnon oo ooo ooo"),
        Page(
            "ground_rules_new",
            "programme",
            get="snnnnfn fo fff fff",
            post="snnnnfn fd fff fff",
            sends=form(text="We listen."),
        ),
        Page("ground_rules_accept", "ground rules", get="snnnnon oo ooo ooo", post="snnnndn dd ddd ddd"),
        Page("facilitator_end", "second facilitator", get="snnnnfn fo fff fff", post="snnnnfn fd fff fff"),
        Page(
            "facilitator_second_factor",
            "second facilitator",
            get="snnnnfn fo fff fff",
            post="snnnnfn fd fff fff",
            key=True,
        ),
        Page("facilitator_second_factor", "facilitator", get="snnnnfn ff fff fff", post="snnnnfn ff fff fff", key=True),
        Page("invitations", "programme", get="snnnnfn fo fff fff"),
        Page(
            "invite_facilitator",
            "programme",
            get="snnnnfn fo fff fff",
            post="snnnnfn fd fff fff",
            sends=form(email="new@example.org"),
        ),
        Page("invite_list", "programme", get="snnnnfn fo fff fff", post="snnnnfn fo fff fff"),
        Page("invite_listed", "programme", post="snnnnfn fd fff fff", sends=form(list="forged")),
        Page("invitation_renew", "invitation", post="snnnnnn nd fnn nnn"),
        Page("invitation_revoke", "invitation", post="snnnnnn nd fnn nnn"),
    ),
    "Groups and their people": (
        Page(
            "group_found",
            "programme",
            get="snnnnfn fo fff fff",
            post="snnnnfn fd fff fff",
            sends=form(name="Third group", kind="thematic"),
        ),
        Page("group", "group", get="snnnnnn oo ooo ooo"),
        Page("group", "other group", get="snnnnon no nnn nnn"),
        Page(
            "group_edit",
            "group",
            get="snnnnnn fo off off",
            post="snnnnnn fd dff dff",
            sends=form(name="Waters", purpose="The river."),
        ),
        Page("milestone_add", "group", get="snnnnnn fo off off", post="snnnnnn fd dff dff", sends=MILESTONE),
        Page("milestone_change", "milestone", get="snnnnnn fo off off", post="snnnnnn fd dff dff", sends=MILESTONE),
        Page("milestone_complete", "milestone", post="snnnnnn fd dff dff", sends=form(done="yes")),
        Page("milestone_remove", "milestone", post="snnnnnn fd dff dff"),
        Page("group_people", "group", get="snnnnnn fo ooo ooo"),
        Page("group_people", "other group", get="snnnnon no nnn nnn"),
        Page("seat", "seat of A", get="snnnnnn fo ooo ooo"),
        Page("seat", "proposed seat of A", get="snnnnnn fo ooo ooo"),
        Page("seat_confirm", "proposed seat of A", post="snnnnnn ff dff fff", key=True),
        Page("seat_decline", "proposed seat of A", post="snnnnnn fd dff fff"),
        Page("seat_end", "seat of A", get="snnnnnn fo ofo fff", post="snnnnnn fd dfd fff"),
        Page("seat_end", "seat of B", get="snnnnnn fo fff oof", post="snnnnnn fd fff ddf"),
        Page(
            "deputy_appoint",
            "seat of A",
            get="snnnnnn ff off fff",
            post="snnnnnn ff dff fff",
            sends=form(starts="2030-01-01", ends="2030-02-01"),
            key=True,
        ),
        Page(
            "deputy_appoint",
            "seat of B",
            get="snnnnnn ff fff off",
            post="snnnnnn ff fff dff",
            sends=form(starts="2030-01-01", ends="2030-02-01"),
            key=True,
        ),
        Page("deputy_end", "deputy", post="snnnnnn ff dff fff"),
        Page("member_second_factor", "seat of A", get="snnnnnn fo fff fff", post="snnnnnn fd fff fff", key=True),
        Page(
            "member_second_factor", "seat of a co-chair", get="snnnnnn ff fff fff", post="snnnnnn ff fff fff", key=True
        ),
        Page(
            "succession_ask",
            "seat of A",
            get="snnnnnn ff ooo fff",
            post="snnnnnn ff ddd fff",
            more={"kind": "successor"},
            key=True,
        ),
        Page(
            "succession_ask",
            "seat of B",
            get="snnnnnn ff fff ooo",
            post="snnnnnn ff fff ddd",
            more={"kind": "successor"},
            key=True,
        ),
        Page("succession", "succession of A", get="snnnnnn nn ooo nnn"),
        Page("succession_confirm", "succession of A", post="snnnnnn nn fdd nnn", key=True),
        Page("succession_withdraw", "succession of A", post="snnnnnn nn ffd nnn"),
        Page(
            "invite",
            "group",
            get="snnnnnn fo off off",
            post="snnnnnn fd dff dff",
            sends=form(email="new@example.org", role="observer"),
        ),
    ),
    "Motions and keys": (
        Page("motions", "group", get="snnnnnn fo ooo ooo"),
        Page("motions", "other group", get="snnnnon no nnn nnn"),
        Page("motion", "motion", get="snnnnnn no ooo ooo"),
        Page("motion", "motion on findings", get="snnnnnn no ooo ooo"),
        Page(
            "motion_turn",
            "motion",
            post="snnnnnn nf ddf dff",
            sends=lambda here: {"sha256": here["motion"].sha256},
            key=True,
        ),
        Page("house_style", "programme", get="snnnnon fo ooo ooo"),
        Page(
            "style_propose",
            "programme",
            post="snnnndn fd ddf dff",
            sends=form(what="safe_mail", after="off"),
            key=True,
        ),
        Page("safe_mail_on", "programme", post="snnnndn fd ddf dff", key=True),
        Page("glossary", "programme", get="snnnnon fo ooo ooo"),
        Page("term_add", "programme", get="snnnnon fo oof off", post="snnnndn fd ddf dff", sends=TERM, key=True),
        Page("term_change", "term", get="snnnnon no oof off", post="snnnndn nd ddf dff", sends=TERM, key=True),
        Page("term_retire", "term", post="snnnndn nd ddf dff", key=True),
        Page("style_ask", "change of a term", post="snnnndn nd ddf dff", key=True),
        Page("style_withdraw", "change of a term", post="snnnndn nd ddf dff", key=True),
        Page("style_ask", "change of the style", post="snnnndn nd ddf dff", key=True),
        Page("style_withdraw", "change of the style", post="snnnndn nd ddf dff", key=True),
        Page("motion_withdraw", "motion", post="snnnnnn nf ddf dff", sends=form(reason="")),
    ),
    "Documents": (
        Page("documents", get="soooooo oo ooo ooo"),
        Page(
            "start_document",
            "group",
            get="snnnnnn ff off off",
            post="snnnnnn ff dff dff",
            sends=form(kind="joint_report", title="Another report"),
        ),
        Page("document", "document", get="snnnnnn no ooo ooo"),
        Page("document", "released document", get="snnnnnn oo ooo ooo"),
        Page("document", "document to sign", get="snnnnnn no ooo ooo"),
        Page("document", "other group’s document", get="snnnnon no nnn nnn"),
        Page("whole_text", "document", get="snnnnnn no ooo ooo"),
        Page("whole_text", "released document", get="snnnnnn fo ooo ooo"),
        Page(
            "document_details",
            "document",
            get="snnnnnn nf off off",
            post="snnnnnn nf dff dff",
            sends=form(title="Retitled"),
        ),
        Page(
            "arrange",
            "document",
            get="snnnnnn nf off off",
            post="snnnnnn nf dff dff",
            sends=form(title="A new section"),
        ),
        Page("order_sections", "released document", post="snnnnnn ff cff cff"),
        Page("propose_section_order", "document", post="snnnnnn nf ccf cff", sends=form(order="nothing"), key=True),
        Page("comment_queue", "document", get="snnnnnn no ooo ooo"),
        Page("settle", "document", get="snnnnnn nf oof off", post="snnnnnn nf ddf dff", key=True),
        Page("ledger", "document", get="snnnnnn no ooo ooo"),
        Page("export_document", "document", get="snnnnnn no ooo ooo"),
        Page("import_document", "group", get="snnnnnn fo fff fff", post="snnnnnn fo fff fff"),
    ),
    "Sections and passages": (
        Page("section", "section", get="snnnnnn no ooo ooo"),
        Page("read_section", "section", post="snnnnnn nd ddd ddd"),
        Page(
            "rename_section",
            "empty section",
            get="snnnnnn nf off off",
            post="snnnnnn nf dff dff",
            sends=form(title="Renamed"),
        ),
        Page("drop_section", "empty section", get="snnnnnn nf off off", post="snnnnnn nf dff dff"),
        Page("arrange_passages", "section", get="snnnnnn nf off off"),
        Page("order_passages", "section", post="snnnnnn nf dff dff"),
        Page("propose_passage_order", "section", post="snnnnnn nf ccf cff", sends=form(order="nothing"), key=True),
        Page(
            "add_passage",
            "section",
            get="snnnnnn nf ooo ooo",
            post="snnnnnn nf ddd ddd",
            sends=form(voice="view", source="A new view."),
        ),
        Page(
            "import_passages",
            "section",
            get="snnnnnn nf ooo ooo",
            post="snnnnnn nf ooo ooo",
            sends=form(voice="view", words="A new view."),
        ),
        Page(
            "import_into",
            "joint passage",
            get="snnnnnn nf ooo ooo",
            post="snnnnnn nf ooo ooo",
            sends=form(where="below", words="Other words."),
        ),
        Page(
            "import_into",
            "view of A",
            get="snnnnnn nf ooo fff",
            post="snnnnnn nf ooo fff",
            sends=form(where="below", words="Other words."),
        ),
        Page(
            "import_into",
            "caucus of A",
            get="snnnnnn nn ooo nnn",
            post="snnnnnn nn ooo nnn",
            sends=form(where="below", words="Other words."),
        ),
        Page("writers", "joint passage", get="snnnnnn no ooo ooo"),
        Page("writers", "view of A", get="snnnnnn nn ooo nnn"),
        Page("writers", "view of B", get="snnnnnn nn nnn ooo"),
        Page("writers", "caucus of A", get="snnnnnn nn ooo nnn"),
        Page("writers", "rewritten view of A", get="snnnnnn nn ooo nnn"),
        Page(
            "import_into",
            "caucus of B",
            get="snnnnnn nn nnn ooo",
            post="snnnnnn nn nnn ooo",
            sends=form(where="below", words="Other words."),
        ),
        Page("import_into", "agreed passage", get="snnnnnn nf fff fff", post="snnnnnn nf ccc ccc"),
        Page(
            "restore_passage",
            "section",
            post="snnnnnn nf ddd ccc",
            sends=lambda here: {"passage": here.key("dropped caucus of A")},
        ),
        Page(
            "write",
            "joint passage",
            get="snnnnnn nf ooo ooo",
            post="snnnnnn nf ddd ddd",
            sends=form(source="Other words.", version=1),
        ),
        Page(
            "write",
            "view of A",
            get="snnnnnn nf ooo fff",
            post="snnnnnn nf ddd fff",
            sends=form(source="Other words.", version=2),
        ),
        Page(
            "write",
            "caucus of A",
            get="snnnnnn nn ooo nnn",
            post="snnnnnn nn ddd nnn",
            sends=form(source="Other words.", version=1),
        ),
        Page(
            "write",
            "caucus of B",
            get="snnnnnn nn nnn ooo",
            post="snnnnnn nn nnn ddd",
            sends=form(source="Other words.", version=1),
        ),
        Page(
            "write",
            "agreed passage",
            get="snnnnnn nf fff fff",
            post="snnnnnn nf ccc ccc",
            sends=form(source="Other words.", version=1),
        ),
        Page(
            "write",
            "dropped caucus of A",
            get="snnnnnn nn nnn nnn",
            post="snnnnnn nn nnn nnn",
            sends=form(source="Other words.", version=1),
        ),
        Page(
            "reply", "view of A", get="snnnnnn nf ddd ooo", post="snnnnnn nf ddd ddd", sends=form(source="We answer.")
        ),
        Page(
            "reply", "view of B", get="snnnnnn nf ooo ddd", post="snnnnnn nf ddd ddd", sends=form(source="We answer.")
        ),
        Page(
            "reply", "caucus of A", get="snnnnnn nn fff nnn", post="snnnnnn nn fff nnn", sends=form(source="We answer.")
        ),
        Page(
            "table",
            "caucus of A",
            get="snnnnnn nn oof nnn",
            post="snnnnnn nn ddf nnn",
            sends=lambda here: {"sha256": here["caucus of A"].caucus_copy.sha256},
            key=True,
        ),
        Page(
            "table",
            "caucus of B",
            get="snnnnnn nn nnn off",
            post="snnnnnn nn nnn dff",
            sends=lambda here: {"sha256": here["caucus of B"].caucus_copy.sha256},
            key=True,
        ),
        Page("table", "joint passage", get="snnnnnn nf fff fff", post="snnnnnn nf fff fff", key=True),
        Page("drop_passage", "joint passage", get="snnnnnn nf ooo ooo", post="snnnnnn nf ccc ccc"),
        Page("drop_passage", "caucus of A", get="snnnnnn nn ooo nnn", post="snnnnnn nn ddd nnn"),
        Page("drop_passage", "caucus of B", get="snnnnnn nn nnn ooo", post="snnnnnn nn nnn ddd"),
        Page("propose_drop", "joint passage", post="snnnnnn nf ccf cff", sends=form(sha256="0" * 64), key=True),
        Page("propose_drop", "caucus of A", post="snnnnnn nn ccf nnn", sends=form(sha256="0" * 64), key=True),
        Page("revisions", "joint passage", get="snnnnnn no ooo ooo"),
        Page("revisions", "view of A", get="snnnnnn no ooo ooo"),
        Page("revisions", "caucus of A", get="snnnnnn nn ooo nnn"),
        Page("revisions", "caucus of B", get="snnnnnn nn nnn ooo"),
        Page(
            "withdraw_agreement",
            "agreed passage",
            get="snnnnnn nf oof off",
            post="snnnnnn nf ddf dff",
            sends=form(reason="We think again."),
            key=True,
        ),
        Page(
            "withdraw_agreement",
            "settled view of B",
            get="snnnnnn nf fff off",
            post="snnnnnn nf fff dff",
            sends=form(reason="We think again."),
            key=True,
        ),
        Page(
            "withdraw_agreement",
            "caucus of A",
            get="snnnnnn nn fff nnn",
            post="snnnnnn nn fff nnn",
            sends=form(reason="We think again."),
            key=True,
        ),
    ),
    "Agreement ad referendum": (
        Page("referral", "referral of B", get="snnnnnn no ooo ooo"),
        Page(
            "confirm_referral",
            "referral of B",
            post="snnnnnn nf fff dff",
            sends=lambda here: {"sha256": here["referral of B"].sha256},
            key=True,
        ),
        Page(
            "prolong_referral",
            "referral of B",
            post="snnnnnn nf fff dff",
            sends=lambda here: {"until": (timezone.localdate() + timedelta(days=20)).isoformat()},
            key=True,
        ),
        Page(
            "package",
            "document",
            get="snnnnnn nf oof off",
            post="snnnnnn nf ddf dff",
            sends=form(package="on"),
            key=True,
        ),
    ),
    "Views and replies": (
        Page("coverage", "document", get="snnnnnn no ooo ooo"),
        Page("coverage", "released document", get="snnnnnn fo ooo ooo"),
        Page("coverage", "other group’s document", get="snnnnon no nnn nnn"),
        Page(
            "no_reply",
            "view of A",
            get="snnnnnn nf fff off",
            post="snnnnnn nf fff dff",
            sends=lambda here: {"sha256": here["view of A"].tabled.sha256},
            key=True,
        ),
        Page("no_reply", "caucus of A", get="snnnnnn nn fff nnn", post="snnnnnn nn fff nnn", key=True),
        Page("no_reply", "joint passage", get="snnnnnn nf fff fff", post="snnnnnn nf fff fff", key=True),
        Page("take_back_no_reply", "no reply of A", post="snnnnnn nf ddf fff", key=True),
        Page(
            "mark_points",
            "view of A",
            get="snnnnnn nf ooo fff",
            post="snnnnnn nf ddd fff",
            sends=lambda here: {"sha256": here["view of A"].tabled.sha256, "line": "0-23"},
        ),
        Page("mark_points", "caucus of A", get="snnnnnn nn fff nnn", post="snnnnnn nn fff nnn"),
        Page("name_points", "reply of A in caucus", get="snnnnnn nn ooo nnn", post="snnnnnn nn ddd nnn"),
        Page("name_points", "view of B", get="snnnnnn nf fff fff", post="snnnnnn nf fff fff"),
    ),
    "Checks": (
        Page("checks", "document", get="snnnnnn no ooo ooo"),
        Page("checks", "document to sign", get="snnnnnn no ooo ooo"),
        Page("checks", "released document", get="snnnnnn fo ooo ooo"),
        Page("glossary_words", "joint passage", get="snnnnnn no ooo ooo"),
        Page("glossary_words", "caucus of A", get="snnnnnn nn ooo nnn"),
        Page("check_own_words", "document", get="snnnnnn nf ooo ooo"),
        Page("check_own_words", "released document", get="snnnnnn ff ooo ooo"),
        Page(
            "waive_findings",
            "document",
            post="snnnnnn nf ddf dff",
            sends=lambda here: {"f": [here["finding"]], "reason": "We mean it so."},
            key=True,
        ),
    ),
    "Brackets": (
        Page(
            "open_bracket",
            "joint passage",
            get="snnnnnn nf ooo ooo",
            post="snnnnnn nf ddd ddd",
            sends=form(words="one river", reason="We see two."),
        ),
        Page("open_bracket", "view of A", get="snnnnnn nf fff fff", post="snnnnnn nf fff fff"),
        Page("open_bracket", "caucus of A", get="snnnnnn nn fff nnn", post="snnnnnn nn fff nnn"),
        Page("open_bracket", "agreed passage", get="snnnnnn nf fff fff", post="snnnnnn nf fff fff"),
        Page("bracket", "bracket of A", get="snnnnnn no ooo ooo"),
        Page("answer_bracket", "bracket of A", post="snnnnnn nf ddd ddd", sends=form(leave_out="on")),
        Page(
            "close_bracket",
            "bracket of A",
            get="snnnnnn nf oof off",
            post="snnnnnn nf ddf dff",
            sends=form(how="kept"),
            key=True,
        ),
        Page("withdraw_bracket", "bracket of A", get="snnnnnn nf oof fff", post="snnnnnn nf ddf fff", key=True),
        Page("mend_brackets", "disputed passage", post="snnnnnn nf ddd ddd"),
        Page("mend_brackets", "caucus of A", post="snnnnnn nn fff nnn"),
    ),
    "Reservations before the freeze": (
        Page("reservations", "disputed document", get="snnnnnn no ooo ooo"),
        Page(
            "reserve_on_document",
            "disputed document",
            get="snnnnnn nf ooo ooo",
            post="snnnnnn nf ddd ddd",
            sends=form(words="Too short."),
        ),
        Page(
            "reserve_on_document_for_side",
            "disputed document",
            get="snnnnnn nf oof off",
            post="snnnnnn nf ddf dff",
            sends=form(words="Too short."),
            key=True,
        ),
        Page(
            "reserve_on_passage",
            "disputed passage",
            get="snnnnnn nf ooo ooo",
            post="snnnnnn nf ddd ddd",
            sends=form(words="We count two."),
        ),
        Page("reserve_on_passage", "caucus of A", get="snnnnnn nn fff nnn", post="snnnnnn nn fff nnn"),
        Page(
            "reserve_on_passage_for_side",
            "disputed passage",
            get="snnnnnn nf oof off",
            post="snnnnnn nf ddf dff",
            sends=form(words="We count two."),
            key=True,
        ),
        Page("reserve_on_passage_for_side", "caucus of B", get="snnnnnn nn nnn fff", post="snnnnnn nn nnn fff"),
        Page("reservation", "reservation of B", get="snnnnnn no ooo ooo"),
        Page("reservation", "own reservation of a member of A", get="snnnnnn no ooo ooo"),
        Page(
            "reword_reservation",
            "reservation of B",
            get="snnnnnn nf fff off",
            post="snnnnnn nf fff dff",
            sends=form(words="We count three.", number="1"),
            key=True,
        ),
        Page(
            "reword_reservation",
            "own reservation of a member of A",
            get="snnnnnn nf ffo fff",
            post="snnnnnn nf ffd fff",
            sends=form(words="I count three.", number="1"),
        ),
        Page("withdraw_reservation", "reservation of B", get="snnnnnn nf fff off", post="snnnnnn nf fff dff", key=True),
        Page(
            "withdraw_reservation",
            "own reservation of a member of A",
            get="snnnnnn nf ffo fff",
            post="snnnnnn nf ffd fff",
        ),
    ),
    "Support of recommendations": (
        Page("supports", "disputed document", get="snnnnnn no ooo ooo"),
        Page(
            "state_support",
            "recommended words",
            get="snnnnnn nf oof off",
            post="snnnnnn nf ddf dff",
            sends=lambda here: {"level": "full", "sha256": here["recommended words"].tabled.sha256},
            key=True,
        ),
        Page("state_support", "joint passage", get="snnnnnn nf fff fff", post="snnnnnn nf fff fff"),
        Page("state_support", "caucus of A", get="snnnnnn nn fff nnn", post="snnnnnn nn fff nnn"),
        Page(
            "print_support",
            "disputed document",
            get="snnnnnn nf oof off",
            post="snnnnnn nf ddf dff",
            sends=form(print="on"),
            key=True,
        ),
    ),
    "The pen": (
        Page(
            "give_pen_on_document",
            "document",
            get="snnnnnn nf oof off",
            post="snnnnnn nf ddf dff",
            sends=lambda here: {"holder": here.people["facilitator"].public_id},
            key=True,
        ),
        Page(
            "give_pen_on_passage",
            "joint passage",
            get="snnnnnn nf oof off",
            post="snnnnnn nf ddf dff",
            sends=lambda here: {"holder": here.people["member_b"].public_id},
            key=True,
        ),
        Page("give_pen_on_passage", "view of A", get="snnnnnn nf fff fff", post="snnnnnn nf fff fff"),
        Page("give_pen_on_passage", "caucus of A", get="snnnnnn nn fff nnn", post="snnnnnn nn fff nnn"),
        Page("pen", "pen of A", get="snnnnnn no ooo ooo"),
        Page("draft_under_pen", "penned passage", get="snnnnnn nd ddd ddd"),
        Page("draft_under_pen", "caucus of A", get="snnnnnn nn ddd nnn"),
        Page(
            "write", "penned passage", get="snnnnnn nf fff fff", post="snnnnnn nf ccc ccc", sends=form(source="Mine.")
        ),
        Page("release_pen", "pen of A", post="snnnnnn nf ffc fff", sends=form(reason="As we said.")),
        Page("return_pen", "pen of A", get="snnnnnn nf ffo fff", post="snnnnnn nf ffd fff"),
        Page("take_pen", "pen of A", post="snnnnnn nf ddf dff", key=True),
    ),
    "Comments": (
        Page(
            "comment",
            "joint passage",
            get="snnnnnn no ooo ooo",
            post="snnnnnn nd ddd ddd",
            sends=form(kind="fact", readers="all", source="A fact."),
        ),
        Page(
            "comment",
            "caucus of A",
            get="snnnnnn nn ooo nnn",
            post="snnnnnn nn ddd nnn",
            sends=form(kind="fact", readers="own", source="A fact."),
        ),
        Page(
            "comment",
            "caucus of B",
            get="snnnnnn nn nnn ooo",
            post="snnnnnn nn nnn ddd",
            sends=form(kind="fact", readers="own", source="A fact."),
        ),
        Page("thread", "comment", get="snnnnnn no ooo ooo"),
        Page("thread", "caucus comment of A", get="snnnnnn nn ooo nnn"),
        Page("thread", "caucus comment of B", get="snnnnnn nn nnn ooo"),
        Page("thread", "comment in A’s caucus", get="snnnnnn nn ooo nnn"),
        Page("answer", "comment", post="snnnnnn nd ddd ddd", sends=form(source="Indeed.")),
        Page("answer", "caucus comment of A", post="snnnnnn nn ddd nnn", sends=form(source="Indeed.")),
        Page("dispose", "comment", post="snnnnnn nf ddd ddd", sends=form(disposition="taken")),
        Page("dispose", "caucus comment of A", post="snnnnnn nn ddd nnn", sends=form(disposition="taken")),
        Page("reopen", "comment", post="snnnnnn nf ddd ddd"),
        Page("reopen", "caucus comment of A", post="snnnnnn nn ddd nnn"),
        Page("take_suggestion", "suggestion of B", post="snnnnnn nf ddd ddd"),
        Page("take_suggestion", "suggestion in A’s caucus", post="snnnnnn nn ddd nnn"),
        Page("take_suggestion", "comment", post="snnnnnn nf fff fff"),
        Page("commented_words", "joint passage", get="snnnnnn no ooo ooo"),
        Page("commented_words", "caucus of A", get="snnnnnn nn ooo nnn"),
        Page("review", "document", get="snnnnnn no ooo ooo", post="snnnnnn nd ddd ddd"),
        Page("review", "released document", get="snnnnnn fo ooo ooo", post="snnnnnn fd ddd ddd"),
        Page(
            "unsent",
            "unsent comment of A",
            get="snnnnnn nn nno nnn",
            post="snnnnnn nn nnd nnn",
            sends=form(kind="fact", readers="own", source="Better said."),
        ),
        Page("discard_unsent", "unsent comment of A", post="snnnnnn nn nnd nnn"),
        Page("table_thread", "caucus comment of A", get="snnnnnn nn oof nnn", post="snnnnnn nn ddf nnn", key=True),
        Page("table_thread", "comment", get="snnnnnn nf fff fff", post="snnnnnn nf fff fff", key=True),
    ),
    "Drafts, prints and the final text": (
        Page(
            "release",
            "document",
            get="snnnnnn no oof off",
            post="snnnnnn nd ddf dff",
            sends=form(sha256="0" * 64),
            key=True,
        ),
        Page("drafts", "document", get="snnnnnn no ooo ooo"),
        Page("drafts", "released document", get="snnnnnn oo ooo ooo"),
        Page("draft", "draft", get="snnnnnn oo ooo ooo"),
        Page("print_draft", "draft", post="snnnnnn dd ddd ddd"),
        Page("print_redline", "draft", post="snnnnnn dd ddd ddd"),
        Page("draft_comments", "draft", get="snnnnnn fo ooo ooo"),
        Page("print_draft_comments", "draft", post="snnnnnn fd ddd ddd"),
        Page("comment_table", "document", get="snnnnnn no ooo ooo"),
        Page("comment_table", "released document", get="snnnnnn fo ooo ooo"),
        Page("print_comment_table", "document", post="snnnnnn nd ddd ddd"),
        Page("print_comment_table", "released document", post="snnnnnn fd ddd ddd"),
        Page("print_ledger", "document", post="snnnnnn nd ddd ddd"),
        Page("print_ledger", "released document", post="snnnnnn fd ddd ddd"),
        Page("print_document", "document", get="snnnnnn no ooo ooo", post="snnnnnn nd ddd ddd"),
        Page("rendition", "print of the text", get="snnnnnn no ooo ooo"),
        Page("rendition", "print of the draft", get="snnnnnn oo ooo ooo"),
        Page("rendition", "redline of the draft", get="snnnnnn oo ooo ooo"),
        Page("rendition", "print of the draft’s comments", get="snnnnnn no ooo ooo"),
        Page("rendition_file", "print of the comments", get="snnnnnn no ooo ooo"),
        Page("rendition_file", "print of the ledger", get="snnnnnn no ooo ooo"),
        Page("rendition_file", "redline of the draft", get="snnnnnn oo ooo ooo"),
        Page("rendition_file", "print of the draft’s comments", get="snnnnnn no ooo ooo"),
        Page("print_again", "print of the text", post="snnnnnn nd ddd ddd"),
        Page("print_again", "print of the draft", post="snnnnnn dd ddd ddd"),
        Page("print_again", "print of the draft’s comments", post="snnnnnn nd ddd ddd"),
        Page("rendition_progress", "print of the text", get="snnnnnn no ooo ooo"),
        Page("rendition_progress", "print of the draft", get="snnnnnn oo ooo ooo"),
        Page("rendition_file", "print of the text", get="snnnnnn no ooo ooo"),
        Page("rendition_file", "print of the draft", get="snnnnnn oo ooo ooo"),
        Page(
            "freeze",
            "document",
            get="snnnnnn nf oof off",
            post="snnnnnn nf ddf dff",
            sends=form(sha256="0" * 64),
            key=True,
        ),
        Page(
            "unfreeze",
            "document to sign",
            get="snnnnnn nf oof off",
            post="snnnnnn nf ddf dff",
            sends=form(reason="A word is wrong.", sha256="0" * 64),
            key=True,
        ),
        Page(
            "unfreeze",
            "document",
            get="snnnnnn nf fff fff",
            post="snnnnnn nf fff fff",
            sends=form(reason="A word is wrong.", sha256="0" * 64),
            key=True,
        ),
    ),
    "The silence procedure": (
        Page(
            "propose_silence",
            "document to initial",
            get="snnnnnn nf oof off",
            post="snnnnnn nf ddf dff",
            sends=lambda here: {"sha256": here["text to initial"].sha256, **silence_form()},
            key=True,
        ),
        Page("silence", "silence", get="snnnnnn no ooo ooo"),
        Page("open_silence", "silence", post="snnnnnn nf ddd ddd"),
        Page("break_silence", "silence", post="snnnnnn nf ddd ddd", sends=form(reason="Not in our name.")),
        Page("silence_bounced", "place in the silence", post="snnnnnn nd fff fff"),
    ),
    "Signing and publishing": (
        Page(
            "sign",
            "document to sign",
            get="snnnnnn no ooo ooo",
            post="snnnnnn nd ddo ood",
            sends=lambda here: {"choice": "decline", "reason": "Not mine.", "sha256": here["text to sign"].sha256},
        ),
        Page("sign", "document", get="snnnnnn no ooo ooo", post="snnnnnn no ooo ooo", sends=form(choice="sign")),
        Page(
            "initial",
            "document to initial",
            get="snnnnnn nf ood odd",
            post="snnnnnn nf ood odd",
            sends=lambda here: {"sha256": here["text to initial"].sha256},
        ),
        Page(
            "reserve",
            "document to sign",
            get="snnnnnn nf dod ddd",
            post="snnnnnn nf dod ddd",
            sends=lambda here: {"reservation": "I read it otherwise.", "sha256": here["text to sign"].sha256},
        ),
        Page(
            "unreserve",
            "document to sign",
            get="snnnnnn nf odd ddd",
            post="snnnnnn nf odd ddd",
            sends=lambda here: {"sha256": here["text to sign"].sha256},
        ),
        Page("remind_signatories", "document to sign", post="snnnnnn nd ddf dff"),
        Page("receipt", "document to sign", get="snnnnnn nd ood odo"),
        Page("publish", "document to sign", get="snnnnnn no ooo ooo"),
        Page("preview_publication", "document to sign", get="snnnnnn no ooo ooo"),
        Page(
            "authorise",
            "document to sign",
            post="snnnnnn nf ddf dff",
            sends=form(**{"authorise-day": "2031-01-01", "authorise-hour": "10:00"}),
            key=True,
        ),
        Page(
            "publish_document",
            "published document",
            post="snnnnnn nd fff fff",
            sends=form(**{"publish-title": "A published text", "publish-day": "", "publish-hour": ""}),
            key=True,
        ),
        Page(
            "withdraw",
            "published document",
            post="snnnnnn nf ddf dff",
            sends=form(**{"withdraw-reason": "It was wrong."}),
            key=True,
        ),
        Page(
            "hide_publication",
            "publication",
            post="snnnnnn nd fff fff",
            sends=form(**{"hide-reason": "Somebody is in danger."}),
        ),
        Page("show_publication", "publication", post="snnnnnn nd fff fff"),
        Page("published_list", get="ooooooo oo ooo ooo", post=NO_METHOD_FOR_ANYBODY),
        Page("published", "code", get="ooooooo oo ooo ooo", post=NO_METHOD_FOR_ANYBODY),
        Page("published", "unknown", get="nnnnnnn nn nnn nnn", post=NO_METHOD_FOR_ANYBODY),
        Page("published_pdf", "code", get="ooooooo oo ooo ooo", post=NO_METHOD_FOR_ANYBODY),
        Page("published_pdf", "code of copies", get="ddddddd dd ddd ddd", post=NO_METHOD_FOR_ANYBODY),
        Page(
            "published_copy",
            "code of copies",
            more={"side": "sou"},
            get="ooooooo oo ooo ooo",
            post=NO_METHOD_FOR_ANYBODY,
        ),
        Page("published_copy", "code", more={"side": "sou"}, get="nnnnnnn nn nnn nnn", post=NO_METHOD_FOR_ANYBODY),
        Page("verify", get="ooooooo oo ooo ooo", post="ooooooo oo ooo ooo", sends=form(code="nothing")),
    ),
    "Register of recommendations": (
        Page("register", "programme", get="snnnnon oo ooo ooo"),
        Page("register_csv", "programme", get="snnnnon oo ooo ooo"),
        Page("public_register", "programme", get="ooooooo oo ooo ooo", post=NO_METHOD_FOR_ANYBODY),
        Page("public_register", "unknown", get="nnnnnnn nn nnn nnn", post=NO_METHOD_FOR_ANYBODY),
        Page("public_register_csv", "programme", get="ooooooo oo ooo ooo", post=NO_METHOD_FOR_ANYBODY),
        Page("recommendation", "recommendation", get="snnnnon oo ooo ooo"),
        Page(
            "follow_up",
            "recommendation",
            post="snnnnfn fd fff fff",
            sends=lambda here: {"on": timezone.localdate().isoformat(), "status": "done", "words": "It sails."},
        ),
        Page("label_recommendation", "recommendation", post="snnnnfn fd fff fff", sends=form(labels="trade")),
        Page(
            "correct_follow_up",
            "follow-up",
            get="snnnnfn fo fff fff",
            post="snnnnfn fd fff fff",
            sends=lambda here: {"on": timezone.localdate().isoformat(), "status": "done", "words": "It sails."},
        ),
        Page(
            "correct_follow_up",
            "follow-up that waits",
            get="snnnnnn no fff fff",
            post="snnnnnn nd fff fff",
            sends=lambda here: {"on": timezone.localdate().isoformat(), "status": "done", "words": "It sails."},
        ),
        Page("ask_follow_up", "follow-up that waits", post="snnnnnn nd fff fff"),
        Page("register_off", "programme", post="snnnndn fd ddf dff", key=True),
    ),
    "Other words for a passage": (
        Page("proposals", "document", get="snnnnnn no ooo ooo"),
        Page(
            "propose_words",
            "joint passage",
            get="snnnnnn no ooo ooo",
            post="snnnnnn nd ddd ddd",
            sends=lambda here: {
                "source": "Other words.",
                "proposer": "self",
                "base": here["joint passage"].tabled.public_id,
            },
        ),
        Page(
            "propose_words",
            "view of A",
            get="snnnnnn no ooo ooo",
            post="snnnnnn no ddd ddd",
            sends=lambda here: {
                "source": "Other words.",
                "proposer": "side",
                "base": here["view of A"].tabled.public_id,
            },
        ),
        Page("propose_words", "agreed passage", get="snnnnnn no ooo ooo", post="snnnnnn no ooo ooo"),
        Page("propose_words", "caucus of A", get="snnnnnn nn fff nnn", post="snnnnnn nn fff nnn"),
        Page("propose_words", "caucus of B", get="snnnnnn nn nnn fff", post="snnnnnn nn nnn fff"),
        Page("proposal", "offer of A", get="snnnnnn no ooo ooo"),
        Page("proposal", "offer for A’s view", get="snnnnnn no ooo ooo"),
        Page("proposal", "offer for agreed words", get="snnnnnn no ooo ooo"),
        Page("proposal", "caucus proposal of A", get="snnnnnn nn ooo nnn"),
        Page("proposal", "caucus proposal of B", get="snnnnnn nn nnn ooo"),
        Page("proposal", "own proposal of A", get="snnnnnn nn nno nnn"),
        Page(
            "write_proposal",
            "offer of A",
            get="snnnnnn nf ooo fff",
            post="snnnnnn nf ddd fff",
            sends=lambda here: {
                "source": "Newer words.",
                "version": 2,
                "base": here["joint passage"].tabled.public_id,
            },
        ),
        Page(
            "write_proposal",
            "caucus proposal of B",
            get="snnnnnn nn nnn ooo",
            post="snnnnnn nn nnn ddd",
            sends=lambda here: {
                "source": "Newer words.",
                "version": 1,
                "base": here["joint passage"].tabled.public_id,
            },
        ),
        Page(
            "write_proposal",
            "own proposal of A",
            get="snnnnnn nn nno nnn",
            post="snnnnnn nn nnc nnn",
            sends=lambda here: {
                "source": "Newer words.",
                "version": 0,
                "base": here["joint passage"].tabled.public_id,
            },
        ),
        Page(
            "offer_proposal",
            "caucus proposal of A",
            get="snnnnnn nn oof nnn",
            post="snnnnnn nn ddf nnn",
            sends=lambda here: {"sha256": here["caucus proposal of A"].newest.sha256, "reason": "It is shorter."},
            key=True,
        ),
        Page(
            "offer_proposal",
            "own proposal of A",
            get="snnnnnn nn nno nnn",
            post="snnnnnn nn nnd nnn",
            sends=lambda here: {"sha256": here["own proposal of A"].newest.sha256, "reason": "It is shorter."},
        ),
        Page(
            "offer_proposal",
            "offer of A",
            get="snnnnnn nf oof fff",
            post="snnnnnn nf ccf fff",
            sends=form(sha256="0" * 64, reason="It is shorter."),
            key=True,
        ),
        Page(
            "take_proposal",
            "offer of A",
            post="snnnnnn nf ddd ddd",
            sends=lambda here: {"sha256": here["hash of the offer of A"]},
        ),
        Page(
            "take_proposal",
            "offer for A’s view",
            post="snnnnnn nf ddd fff",
            sends=lambda here: {"sha256": here["hash of the offer for A’s view"]},
        ),
        Page("take_proposal", "offer for agreed words", post="snnnnnn nf fff fff"),
        Page("take_proposal", "caucus proposal of A", post="snnnnnn nn fff nnn"),
        Page("amend_proposal", "offer of A", post="snnnnnn nf fff fff", key=True),
        Page(
            "amend_proposal",
            "offer for agreed words",
            post="snnnnnn nf ddf dff",
            sends=lambda here: {"sha256": here["hash of the offer for agreed words"]},
            key=True,
        ),
        Page(
            "decline_proposal",
            "offer of A",
            get="snnnnnn nf oof off",
            post="snnnnnn nf ddf dff",
            sends=form(reason="We see it otherwise."),
            key=True,
        ),
        Page(
            "decline_proposal",
            "offer for A’s view",
            get="snnnnnn nf oof fff",
            post="snnnnnn nf ddf fff",
            sends=form(reason="We see it otherwise."),
            key=True,
        ),
        Page("withdraw_proposal", "offer of A", get="snnnnnn nf oof fff", post="snnnnnn nf ddf fff"),
        Page("withdraw_proposal", "caucus proposal of A", get="snnnnnn nn ooo nnn", post="snnnnnn nn ddd nnn"),
        Page("withdraw_proposal", "own proposal of A", get="snnnnnn nn nno nnn", post="snnnnnn nn nnd nnn"),
    ),
    "Meetings": (
        Page("meetings", get="soooooo oo ooo ooo"),
        Page("announce_meeting", "group", get="snnnnnn fo off off", post="snnnnnn fd dff dff", sends=MEETING),
        Page("meeting", "meeting", get="snnnnnn no ooo ooo"),
        Page("change_meeting", "meeting", get="snnnnnn no off off", post="snnnnnn nd dff dff", sends=MEETING),
        Page(
            "cancel_meeting",
            "meeting",
            get="snnnnnn no off off",
            post="snnnnnn nd dff dff",
            sends=form(because="The road is closed."),
        ),
        Page("remind_of_meeting", "meeting", get="snnnnnn no off off", post="snnnnnn nd dff dff"),
        Page("answer_meeting", "meeting", post="snnnnnn nd ddd ddd", sends=form(coming="yes")),
        Page("meeting_calendar", "meeting", get="snnnnnn no ooo ooo"),
        Page("meeting", "draft of a meeting", get="snnnnnn no onn onn"),
        Page("announce_draft", "draft of a meeting", get="snnnnnn no onn onn", post="snnnnnn nd dnn dnn"),
        Page("build_agenda", "meeting", get="snnnnnn no off off", post="snnnnnn nd dff dff"),
        Page(
            "travel",
            "meeting in person",
            get="snnnnnn no ooo ooo",
            post="snnnnnn nd ddd ddd",
            sends=form(nationality="Northern"),
        ),
        Page("letter", "meeting in person", post="snnnnnn nd ddd ddd", sends=form(kind="of no kind")),
        Page("calendar", get="soooooo oo ooo ooo"),
        Page("calendar_feed", get="soooooo oo ooo ooo", post="soooooo oo ooo ooo", sends=form(discreet="on")),
        Page("feed", "secret of a feed", get="ooooooo oo ooo ooo", post=NO_METHOD_FOR_ANYBODY),
        Page("feed", "unknown", get="nnnnnnn nn nnn nnn", post=NO_METHOD_FOR_ANYBODY),
        Page("meeting_customs", "programme", get="snnnnfn fo fff fff", post="snnnnfn fd fff fff"),
    ),
    "Date polls": (
        Page("open_poll", "group", get="snnnnnn fo off off", post="snnnnnn fd dff dff", sends=POLL),
        Page("poll", "poll", get="snnnnnn no ooo ooo"),
        Page("answer_poll", "poll", post="snnnnnn nf ddd ddd", sends=lambda here: yes_to_all(here)),
        Page(
            "enter_answer",
            "poll",
            get="snnnnnn no fff fff",
            post="snnnnnn nd fff fff",
            sends=lambda here: {**yes_to_all(here), "person": here["seat of A"].public_id},
        ),
        Page(
            "change_poll",
            "poll",
            get="snnnnnn no off off",
            post="snnnnnn nd dff dff",
            sends=form(title="Later", deadline_day="2031-03-01", deadline_hour="10:00"),
        ),
        Page("cancel_poll", "poll", get="snnnnnn no off off", post="snnnnnn nd dff dff"),
        Page("choose_date", "date", get="snnnnnn no off off", post="snnnnnn nd dff dff", sends=MEETING),
        Page(
            "answer_by_link",
            "link of B",
            get="ooooooo oo ooo ooo",
            post="ooooooo oo ooo ooo",
            sends=lambda here: yes_to_all(here),
        ),
        Page("answer_by_link", "unknown", get="nnnnnnn nn nnn nnn", post="nnnnnnn nn nnn nnn"),
    ),
}

# Each route of a socket, and what opens it. What is heard on it is a matter of topics.
SOCKETS = {
    "updates_socket": "a session; who is signed out is let in, told so (4401) and closed",
    "section_socket": (
        "who may read the section; a passage's live text who owns its voice, of shared ones every reader; a proposal's "
        "those alone who write it"
    ),
}

TOPICS = (
    Topic("group", "group", "––––––– oo aaa bbb"),
    Topic("document", "document", "––––––– –o aaa bbb"),
    Topic("document", "released document", "––––––– –o aaa bbb"),
    Topic("meeting", "meeting", "––––––– –o ooo ooo"),
    Topic("poll", "poll", "––––––– –o ooo ooo"),
)

NOTICES = (
    Notice("programmes.ground_rules", "ground rules", "–––––t– tt ttt ttt"),
    Notice("groups.seat_to_confirm", "proposed seat of A", "––––––– –v tvv vvv"),
    Notice(
        "groups.plan_moved",
        "milestone",
        "––––––– tt ttt ttt",
        lambda here: {"was": "2031-01-01"},
    ),
    Notice(
        "groups.unconfirmed_chair",
        "seat of a co-chair",
        "––––––– –v vvv tvv",
        lambda here: {"reader": here.people["co_chair_b"].public_id},
    ),
    Notice("groups.seat_opened", "seat of A", "––––––– –v ttt ttt"),
    Notice("groups.seating_ended", "seat of A", "––––––– –v ttt ttt"),
    Notice("groups.key_wanted", "motion", "––––––– –v ttv vvv"),
    Notice("groups.motion_carried", "motion", "––––––– –v tvv tvv"),
    Notice("groups.motion_lapsed", "motion", "––––––– –v tvv tvv"),
    Notice("groups.style_changed", "change of a term", "–––––t– –t ttt ttt"),
    Notice("groups.style_changed", "change of the style", "–––––t– –t ttt ttt"),
    Notice("groups.succession_asked", "succession of A", "––––––– –– vtt –––"),
    Notice("groups.succession_carried", "succession of A", "––––––– –v ttt ttt"),
    Notice("reports.passage_tabled", "view of A", "––––––– –v ttt ttt"),
    Notice("reports.agreement_withdrawn", "agreed passage", "––––––– –v ttt ttt"),
    Notice("reports.confirmation_wanted", "referral of B", "––––––– –v vvv tvv"),
    Notice("reports.confirmation_due", "referral of B", "––––––– –v vvv tvv"),
    Notice("reports.referral_confirmed", "referral of B", "––––––– –v ttt ttt"),
    Notice("reports.referral_prolonged", "referral of B", "––––––– –v ttt ttt"),
    Notice("reports.referral_passed", "referral of B", "––––––– –v ttt ttt"),
    Notice("reports.package_waits", "document", "––––––– –v ttt ttt", form(count=2)),
    Notice("reports.no_reply_stated", "no reply of A", "––––––– –v ttt ttt"),
    Notice("reports.package_agreed", "document", "––––––– –v ttt ttt"),
    Notice("reports.reservation_entered", "reservation of B", "––––––– –v ttt ttt"),
    Notice("reports.reservation_reworded", "reservation of B", "––––––– –v ttt ttt"),
    Notice("reports.reservation_withdrawn", "own reservation of a member of A", "––––––– –v ttt ttt"),
    Notice("reports.signed_reservation_withdrawn", "reservation", "––––––– –v ttt ttt"),
    Notice("reports.support_stated", "recommended words", "––––––– –v ttt ttt"),
    Notice("reports.pen_given", "pen of A", "––––––– –v ttt ttt"),
    Notice("reports.pen_ended", "pen of A", "––––––– –v ttt ttt"),
    Notice("reports.pen_draft_released", "pen of A", "––––––– –v ttt ttt"),
    Notice("reports.bracket_opened", "bracket of A", "––––––– –v vvv ttt"),
    Notice("reports.alternative_made", "bracket of A", "––––––– –v ttt ttt"),
    Notice("reports.bracket_withdrawn", "bracket of A", "––––––– –v ttt ttt"),
    Notice("reports.commented", "comment", "––––––– –v tvv ttv"),
    Notice("reports.commented", "caucus comment of A", "––––––– –– tvt –––"),
    Notice("reports.commented", "caucus comment of B", "––––––– –– ––– ttv"),
    Notice("reports.commented", "comment in A’s caucus", "––––––– –– ttt –––"),
    Notice("reports.review_sent", "review", "––––––– –v tvv tvt", form(count=1)),
    Notice("reports.review_sent", "review in A’s caucus", "––––––– –– tvt –––", form(count=1)),
    Notice(
        "reports.named",
        "comment",
        "––––––– –v tvv tvv",
        lambda here: {"named": [here.people[role].public_id for role in ("co_chair_a", "co_chair_b")]},
    ),
    Notice(
        "reports.named",
        "caucus comment of A",
        "––––––– –– vvt –––",
        lambda here: {"named": [here.people["member_a"].public_id]},
    ),
    Notice("reports.thread_disposed", "comment", "––––––– –v tvv ttv"),
    Notice("reports.thread_disposed", "caucus comment of A", "––––––– –– tvt –––"),
    Notice("reports.words_proposed", "offer of A", "––––––– –v vvv tvv"),
    Notice("reports.words_proposed", "offer for A’s view", "––––––– –v ttt vvv"),
    Notice("reports.proposal_answered", "offer of A", "––––––– –v ttt vvv"),
    Notice("reports.proposal_answered", "offer for A’s view", "––––––– –v vvv vtv"),
    Notice("reports.draft_released", "draft", "––––––– tv ttt ttt"),
    Notice("reports.frozen", "text to sign", "––––––– –v ttt ttt"),
    Notice("reports.unfrozen", "text to sign", "––––––– –v ttt ttt"),
    *(
        Notice(f"reports.silence_{name}", "silence", "––––––– –v ttt ttt")
        for name in ("announced", "due", "moved", "broken", "adopted", "over")
    ),
    Notice("reports.silence_unreached", "silence", "––––––– –t tvv tvv", form(missing=1)),
    Notice("reports.silence_begun", "silence", "––––––– –t tvv tvv"),
    Notice("reports.silence_bounced", "silence", "––––––– –t tvv tvv"),
    Notice("reports.to_initial", "text to initial", "––––––– –v tvv tvv"),
    Notice("reports.initialled", "text to sign", "––––––– –t tvv tvv"),
    Notice("reports.to_sign", "text to sign", "––––––– –v vvt ttv"),
    Notice("reports.answered", "text to sign", "––––––– –t tvv tvv"),
    Notice("reports.reservation", "reservation", "––––––– –v ttv vvv"),
    Notice("reports.signing_closed", "text to sign", "––––––– –v ttt ttt"),
    Notice("reports.authorised", "text to sign", "––––––– –t tvv tvv"),
    Notice("reports.published", "publication", "––––––– –v ttt ttt"),
    Notice("reports.withdrawn", "publication", "––––––– –v ttt ttt"),
    Notice("reports.hidden", "publication", "––––––– –v ttt ttt"),
    Notice("reports.shown_again", "publication", "––––––– –v ttt ttt"),
    Notice("reports.follow_up_added", "follow-up", "––––––– –v ttt ttt"),
    Notice("reports.follow_up_confirmed", "follow-up that waits", "––––––– –v ttt ttt"),
    Notice("meetings.announced", "meeting", "––––––– –t ttt ttt"),
    Notice("meetings.moved", "meeting", "––––––– –t ttt ttt"),
    Notice("meetings.answer_wanted", "meeting", "––––––– –v ttt tvt"),
    Notice("meetings.changed", "meeting", "––––––– –t ttt ttt"),
    Notice("meetings.cancelled", "meeting", "––––––– –t ttt ttt"),
    Notice("meetings.tomorrow", "meeting", "––––––– –t ttt ttt"),
    Notice("meetings.poll_opened", "poll", "––––––– –v ttt ttt"),
    Notice("meetings.poll_reminder", "poll", "––––––– –v ttt tvt"),
    Notice("meetings.poll_changed", "poll", "––––––– –v ttt ttt"),
    Notice(
        "meetings.poll_answer_entered",
        "poll",
        "––––––– –v vvv vtv",
        facts=lambda here: {"person": here.made.member_b.public_id},
    ),
    Notice("meetings.poll_ended", "poll", "––––––– –t tvv tvv"),
    Notice("meetings.poll_cancelled", "poll", "––––––– –v ttt ttt"),
)

# Mails to an address alone: who gets them is who the address belongs to.
MAILS = {
    "account_address": "whoever changes their address: to the new one, unless it has an account",
    "account_code": "whoever types an address that may sign in: to that address",
    "account_security": "the person whose sign-in has changed",
    "account_taken": "whoever has the address that another person wants to use: to that address",
    "account_unknown": "whoever types an address that has no account: to that address",
    "invitation": "the invited address alone; the link stands nowhere else",
}

# Tasks take ids and read everything else as it is then.
TASKS = {
    "notifications.drain": "sends mail; asks of each reader whether they may still see its subject",
    "notifications.tick": "due rows, then the same",
    "reports.render": "prints a rendition that was asked for at a door; into a file behind a door",
    "reports.render_waiting": "the same, for those whose worker died",
}
DUE = {
    "notifications.recheck": "takes from a person’s bell what they may no longer see",
    "programmes.facilitator_ended": "ends the pens of a facilitator who reads the texts no more",
    "notifications.outage_ended": "moves the end of silence procedures; all members are told",
    "groups.seat_ended": "closes signing, begins or ends a silence that waited for who has left; ends their pens",
    "groups.key_changed": "tells who holds a side’s key now what waits for that side’s word",
    "reports.referral_ends": "opens a passage again on which a side’s principals have not answered in time",
    "reports.referral_ends_soon": "reminds a side’s key holders that their principals have not answered",
    "reports.quiet_minute": "makes a revision of what was typed live, before all sides or in the side’s caucus",
    "reports.signing_ends": "closes signing; all members are told",
    "reports.signing_ends_soon": "reminds those who have not answered",
    "reports.silence_begins": "begins a silence procedure when all are reached; tells key holders and facilitators",
    "reports.silence_ends": "adopts a text at its hour, unless an outage moves it; all members are told",
    "reports.silence_reminds": "reminds those who may object",
    "reports.embargo_opens": "opens a publication at its hour; all members are told",
    "meetings.tomorrow": "reminds members and facilitators of a meeting",
    "meetings.doors_open": "tells open pages of a meeting that its link may be shown now",
    "meetings.forget_particulars": "deletes what people said of needs and passports, thirty days after the meeting",
    "meetings.poll_reminder": "reminds those who have not answered a date poll: twice at the most",
    "meetings.poll_ends": "tells those who choose the date that a poll is over",
}

# Commands run with the rights of the server’s account, which can read the database anyway.
COMMANDS = {
    "backup": "everything, for whoever keeps backups: the whole database and its files",
    "rebuild_search": "a number of rows, no content",
    "restore": "everything, from a backup",
    "demo": "makes an invented programme; refused where people work for real",
    "doctor": "states of the installation, no content",
    "export_document": "the tabled text of a document as JSON or PDF; no caucus",
    "first_facilitator": "lets one address start programmes; no content",
    "flush": "Django’s own, made to work beside the record’s guards; tests only",
    "import_document": "reads a file into a group; views wait in their side’s caucus or as the file tabled them",
    "make_seal": "makes a key and a self-made certificate in the data folder; no content",
    "serve": "the server itself",
    "verify": "what the verification page says of a file or a code",
    "verify_chain": "sequence numbers and hashes of a record, no content",
}

# What a person takes home: each part is about themselves alone.
OWN_DATA = ("account",)
