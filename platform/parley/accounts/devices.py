"""What a person recognises their browser by: a name and a system, never an address of the network."""

Marks = tuple[tuple[str, str], ...]

# In this order: most browsers also name the ones they descend from.
BROWSERS: Marks = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS: Marks = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


def browser_and_system(user_agent: str) -> tuple[str, str]:
    """Names such as ("Firefox", "Android"); empty where the browser does not tell."""
    return _first(BROWSERS, user_agent), _first(SYSTEMS, user_agent)


def _first(marks: Marks, user_agent: str) -> str:
    return next((name for mark, name in marks if mark in user_agent), "")
