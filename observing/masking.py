"""The last line of defence in a text that is about to leave: what looks personal or secret is masked.

The first line is that such things are never logged: only listed keys pass (see `observing.logs`).
"""

import re

# A text of ours is a sentence; whatever is longer came from elsewhere.
LONGEST = 2000
# Letters alone that are too few for any of the secrets.
SHORTEST = 12

# What an e-mail's parts are made of: by what they are not, as Thai vowels are no letters to a regex's \w.
_PART = r"[^\s@,;:<>()\"']+"
_PATTERNS = {
    "secret": (
        r"\bnadmor_[0-9A-Za-z]{4,}_[0-9A-Za-z_]+"  # an API key (apikeys.secrets)
        r"|\bwh[sp]k?(?:ec)?_[0-9A-Za-z+/=_-]{8,}"  # webhook secrets and keys of Standard Webhooks
        r"|\beyJ[\w-]{5,}\.[\w-]+(?:\.[\w-]*)?"  # a JWT (RFC 7519): {" in base64url
        r"|\b(?:bearer|apikey|basic|token)[ =:]+[^\s,;]{8,}"
        r"|\b\d{6,12}:[\w-]{30,}"  # a Telegram bot's token
        r"|(?<=://)[^/\s@]*:[^/\s@]*(?=@)"  # user and password in a URL
    ),
    "email": rf"(?<![^\s,;:<>()\"'=]){_PART}@{_PART}\.{_PART}",
    # A Thai national id (13 digits), a phone number, and whatever else has nine digits or more; not a date.
    "number": r"(?<![\w-])(?!\d{4}-\d\d-\d\d)\+?\(?\d(?:(?:[ .-]|\) ?)?\d){8,17}(?![\w-])",
}
_BACKSTOP = re.compile("|".join(f"(?P<{name}>{regex})" for name, regex in _PATTERNS.items()), re.IGNORECASE)
# Line breaks and whatever else a terminal or a reader of logs takes for more than text.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def masked(text: str) -> str:
    """A text on one line, at most `LONGEST` long, with a word in place of what looks personal or secret."""
    if len(text) < SHORTEST and text.isalpha():
        return text
    text = _BACKSTOP.sub(lambda found: f"[{found.lastgroup}]", text[:LONGEST])
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
