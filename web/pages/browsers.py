"""What a browser says that it is, in two words that its owner knows it by."""

# The first that is found counts: most call themselves by the names of others as well.
_PROGRAMS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Vivaldi", "Vivaldi"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chromium", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)


def browser_name(user_agent: str) -> str:
    """Like "Firefox, Linux"; what it says itself where neither is known."""
    found = [
        next((name for mark, name in known if mark in user_agent), "")
        for known in (_PROGRAMS, _SYSTEMS)
    ]
    return ", ".join(filter(None, found)) or user_agent[:60] or "?"
