"""Who takes part. Nobody here exists."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Someone:
    """A name as printed and, where it is written otherwise at home, in its own script; the zone of their city."""

    name: str
    own_script: str = ""
    zone: str = "Europe/Amsterdam"

    @property
    def email(self) -> str:
        plain = self.name.lower().translate(str.maketrans("əğışçöüéá ", "egiscouea."))
        return f"{plain}@demo.example"


@dataclass(frozen=True)
class Roster:
    """A group, its purpose, and its people by side, the co-chair first."""

    name: str
    purpose: str
    aldara: tuple[Someone, ...]
    vesmar: tuple[Someone, ...]
    observers: tuple[Someone, ...] = ()


def _aldaran(name: str, own_script: str = "") -> Someone:
    return Someone(name, own_script, "Asia/Tbilisi")


def _vesmarian(name: str, own_script: str = "") -> Someone:
    return Someone(name, own_script, "Asia/Yerevan")


FACILITATORS = (Someone("Femke van Dorn"), Someone("Tomasz Wilk", zone="Europe/Warsaw"))

WATER = Roster(
    "Water and Irrigation",
    "The Orla feeds both valleys and neither side measures it alone. The group describes what each side sees at its "
    "bank, and proposes how the river is measured, shared and kept clean.",
    (
        _aldaran("Nino Tsereli", "ნინო წერელი"),
        _aldaran("Givi Abanadze", "გივი აბანაძე"),
        _aldaran("Salome Orveli", "სალომე ორველი"),
        _aldaran("Davit Khorguani", "დავით ხორგუანი"),
        _aldaran("Eka Marutashvil", "ეკა მარუტაშვილ"),
    ),
    (
        _vesmarian("Arpine Sarkavan", "Արփինե Սարկավան"),
        _vesmarian("Hrant Zoravar", "Հրանտ Զորավար"),
        _vesmarian("Lusine Vardkes", "Լուսինե Վարդկես"),
        _vesmarian("Tigran Melikset", "Տիգրան Մելիքսեթ"),
        _vesmarian("Anahit Gorents", "Անահիտ Գորենց"),
    ),
    (Someone("Ingrid Solheim", zone="Europe/Oslo"),),
)
ROADS = Roster(
    "Roads and Crossings",
    "Nine roads crossed the line once; two do today. The group lists what can be opened first, and under which rules.",
    (
        _aldaran("Rəşad Qaraşlı", "Rəşad Qaraşlı"),
        _aldaran("Məryəm Ağayar", "Məryəm Ağayar"),
        _aldaran("Zurab Lomiat", "ზურაბ ლომიათ"),
        _aldaran("Ilia Charkvian", "ილია ჩარკვიან"),
    ),
    (
        _vesmarian("Vahagn Torosent", "Վահագն Տորոսենթ"),
        _vesmarian("Siranush Aghbal", "Սիրանուշ Աղբալ"),
        _vesmarian("Mikael Dzorap", "Միքայել Ձորափ"),
        _vesmarian("Olga Renskaya", "Ольга Ренская"),
    ),
)
SCHOOLS = Roster(
    "Schools and Memory",
    "What children on both banks are taught about each other, and what their teachers need to teach it differently.",
    (
        _aldaran("Tamar Jorbenat", "თამარ ჯორბენათ"),
        _aldaran("Könül İsgəndər", "Könül İsgəndər"),
        _aldaran("Archil Sanodze", "არჩილ სანოძე"),
        _aldaran("Irakli Beruat", "ირაკლი ბერუათ"),
    ),
    (
        _vesmarian("Narine Hakobent", "Նարինե Հակոբենթ"),
        _vesmarian("Pavel Ostrogin", "Павел Острогин"),
        _vesmarian("Gayane Tumas", "Գայանե Թումաս"),
        _vesmarian("Levon Arshaluys", "Լևոն Արշալույս"),
    ),
)
TRADE = Roster(
    "Trade and Markets",
    "The two markets at the bridge worked for eighty years. The group asks what it takes to hold one market day again.",
    (
        _aldaran("Şəbnəm Alıyar", "Şəbnəm Alıyar"),
        _aldaran("Otar Gvelesi", "ოთარ გველესი"),
        _aldaran("Lali Kiknat", "ლალი კიკნათ"),
        _aldaran("Beso Turman", "ბესო თურმან"),
    ),
    (
        _vesmarian("Ruben Kaghzvan", "Ռուբեն Կաղզվան"),
        _vesmarian("Sona Berdavan", "Սոնա Բերդավան"),
        _vesmarian("Irina Lebyazh", "Ирина Лебяж"),
        _vesmarian("Aram Khndzor", "Արամ Խնձոր"),
    ),
)
WOMEN = Roster(
    "Women of the Orla",
    "A platform of women from both banks. It issues statements that its members sign in their own names.",
    (
        _aldaran("Mzia Arabul", "მზია არაბულ"),
        _aldaran("Aygün Dəmirli", "Aygün Dəmirli"),
        _aldaran("Natia Shubit", "ნათია შუბით"),
        _aldaran("Keti Ramaz", "ქეთი რამაზ"),
    ),
    (
        _vesmarian("Hasmik Tsaghkunents", "Հասմիկ Ծաղկունենց"),
        _vesmarian("Vera Kolosova", "Вера Колосова"),
        _vesmarian("Zaruhi Sevak", "Զարուհի Սևակ"),
        _vesmarian("Anush Garnet", "Անուշ Գառնետ"),
    ),
)
ROSTERS = (WATER, ROADS, SCHOOLS, TRADE, WOMEN)
