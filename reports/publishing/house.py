"""The house's own design: fonts, templates, style sheets, and a digest of them all."""

import ctypes
import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve().parent
FONTS = HERE / "fonts"
ROOT = HERE.parents[1]
# In a wheel the templates lie inside the package `parley`, beside this one.
TEMPLATES = next(folder for folder in (ROOT / "templates/pdf", ROOT / "parley/templates/pdf") if folder.is_dir())

# One family name per font file: WeasyPrint names a PDF font by family, weight and style, merges two files of one name
# into one font, and the letters come out wrong without a warning. So nothing here is chosen by weight or style.
FACES = {
    "Parley Serif": "NotoSerif-400.ttf",
    "Parley Serif Italic": "NotoSerif-400i.ttf",
    "Parley Serif Semibold": "NotoSerif-600.ttf",
    "Parley Serif Semibold Italic": "NotoSerif-600i.ttf",
    "Parley Serif Armenian": "NotoSerifArmenian-400.ttf",
    "Parley Serif Armenian Semibold": "NotoSerifArmenian-600.ttf",
    "Parley Serif Georgian": "NotoSerifGeorgian-400.ttf",
    "Parley Serif Georgian Semibold": "NotoSerifGeorgian-600.ttf",
    "Parley Sans": "NotoSans-400.ttf",
    "Parley Sans Semibold": "NotoSans-600.ttf",
    "Parley Sans Armenian": "NotoSansArmenian-400.ttf",
    "Parley Sans Armenian Semibold": "NotoSansArmenian-600.ttf",
    "Parley Sans Georgian": "NotoSansGeorgian-400.ttf",
    "Parley Sans Georgian Semibold": "NotoSansGeorgian-600.ttf",
}
# The families that print one kind of text together, by the name that the style sheets use. Armenian and Georgian have
# no italics: their upright letters stand among slanted Latin ones, as in their own printing tradition.
STACKS = {
    "serif": ("Parley Serif", "Parley Serif Armenian", "Parley Serif Georgian"),
    "serif-italic": ("Parley Serif Italic", "Parley Serif Armenian", "Parley Serif Georgian"),
    "serif-semibold": ("Parley Serif Semibold", "Parley Serif Armenian Semibold", "Parley Serif Georgian Semibold"),
    "serif-semibold-italic": (
        "Parley Serif Semibold Italic",
        "Parley Serif Armenian Semibold",
        "Parley Serif Georgian Semibold",
    ),
    "sans": ("Parley Sans", "Parley Sans Armenian", "Parley Sans Georgian"),
    "sans-semibold": ("Parley Sans Semibold", "Parley Sans Armenian Semibold", "Parley Sans Georgian Semibold"),
}
# Beside our own code: how two texts are compared decides the bytes of a redline.
COMPARING = (ROOT / "reports/text/difference.py", ROOT / "reports/text/notes.py")
PACKAGES = (
    "weasyprint",
    "diff-match-patch",
    "pydyf",
    "tinycss2",
    "tinyhtml5",
    "cssselect2",
    "fonttools",
    "Pyphen",
    "Django",
    "segno",
)
LIBRARIES = {"libpango-1.0.so.0": "pango_version_string", "libharfbuzz.so.0": "hb_version_string"}


def fonts_css() -> str:
    """The @font-face rules and, as custom properties, the stacks: `font-family: var(--serif)`."""
    faces = [
        f'@font-face {{ font-family: "{family}"; font-weight: 400; font-style: normal; src: url(kit:fonts/{name}) }}'
        for family, name in FACES.items()
    ]
    stacks = [f"--{name}: {_family_list(families)};" for name, families in STACKS.items()]
    return "\n".join([*faces, "html {", *stacks, "}"])


def _family_list(families: tuple[str, ...]) -> str:
    return ", ".join(f'"{family}"' for family in families)


@cache
def printable() -> frozenset[int]:
    """The code points that every stack can print, so that a name looks right in a heading as well as in the text."""
    return frozenset.intersection(*(frozenset().union(*map(_covered, families)) for families in STACKS.values()))


@cache
def _covered(family: str) -> frozenset[int]:
    from fontTools.ttLib import TTFont  # costs 0.2 s: not for the processes that only order a print

    with TTFont(FONTS / FACES[family], lazy=True) as font:
        return frozenset(font.getBestCmap())


@cache
def edition() -> str:
    """SHA-256 over all but the text that decides the bytes: our code, templates and fonts, and the libraries."""
    digest = hashlib.sha256()
    for path in sorted(
        [*HERE.rglob("*.py"), *COMPARING, *FONTS.glob("*.*"), *TEMPLATES.rglob("*.html"), *TEMPLATES.rglob("*.css")]
    ):
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    for name in PACKAGES:
        digest.update(f"{name}={version(name)}\n".encode())
    for library, function in LIBRARIES.items():
        digest.update(f"{library}={_library_version(library, function)}\n".encode())
    return digest.hexdigest()


def _library_version(library: str, function: str) -> str:
    try:
        ask = getattr(ctypes.CDLL(library), function)
    except (OSError, AttributeError):
        return "absent"
    ask.restype = ctypes.c_char_p
    return ask().decode()
