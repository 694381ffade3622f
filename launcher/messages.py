"""`make messages`: the Thai of every text, without gettext's binaries; and what `make check` wants of it.

Message ids are English, so that English needs no catalogue. The Thai one holds our own texts, and those of
libraries that people see and that the library leaves untranslated: a comment names the library.
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from gettext import GNUTranslations
from importlib.util import find_spec
from io import BytesIO, StringIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po
from django.utils.translation.template import templatize

from launcher.errors import LauncherError
from launcher.paths import PROJECT

LANGUAGE = "th"
CATALOGUE = PROJECT / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"

_NOT_OURS = {"benchmarks", "docs", "launcher", "locale", "static", "staticfiles", "tests"}
# What of a library people see here. Unfold's other contributed apps are not installed.
_LIBRARIES = {
    "unfold": (
        *("*.py", "mixins/*.py", "templates/**/*.html", "templatetags/*.py"),
        *("contrib/filters/**/*.py", "contrib/filters/**/*.html", "contrib/forms/**/*.html"),
    ),
    "django": (
        *("contrib/admin/*.py", "contrib/admin/views/*.py", "contrib/admin/templatetags/*.py"),
        *("contrib/auth/admin.py", "contrib/auth/forms.py", "contrib/auth/password_validation.py"),
        *("core/validators.py", "core/paginator.py", "forms/*.py", "contrib/postgres/forms/ranges.py"),
        *("db/models/base.py", "db/models/constraints.py", "db/models/fields/__init__.py"),
        *("utils/text.py", "utils/timesince.py"),
    ),
    "rest_framework": ("exceptions.py", "fields.py", "serializers.py", "validators.py"),
    "django_celery_beat": ("apps.py", "models.py"),
}
# What stands on every page and has a Thai in the library that is half English, or no Thai that one would say.
_WORDED_ANEW = {
    *(
        "Filters",
        " By %(filter_title)s ",
        "Toggle sorting",
        "Remove from sorting",
        "View",
        "Change",
        "Unknown",
    ),
    *("Sorting priority: %(priority_number)s", "%(counter)s result", "Clear selection", "No, take me back"),
    *("Run the selected action", "Models in the %(name)s application", "Save and continue editing"),
    *(
        "Select all %(total_count)s %(module_name)s",
        "Save and add another",
        "Change %s",
        "Select %s to change",
        "Select %s to view",
    ),
    *("Click here to select the objects across all pages", 'Method "{method}" not allowed.'),
    "Items must be selected in order to perform actions on them. No items have been changed.",
}
# How a text is marked in Python: how many contexts come first, and how many forms of the text follow.
_CALLS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), (0, 1)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (0, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), (1, 1)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), (1, 2)),
}
_NAMED = re.compile(r"%\(\w+\)[a-zA-Z]|\{\w+(?:[!:][^}]*)?\}")
_UNNAMED = re.compile(r"%[sdr]|\{\}")
_HEADER = [
    ("Language", LANGUAGE),
    ("Plural-Forms", "nplurals=1; plural=0;"),
    ("MIME-Version", "1.0"),
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Transfer-Encoding", "8bit"),
]
_COMMENT = "# Thai. `make messages` keeps it in step with the code, and compiles django.mo beside it."


class Thai(Catalog):
    """A catalogue whose header names neither dates nor versions: what has not changed is the same file."""

    def __init__(self, messages: Iterable[Message] = ()) -> None:
        super().__init__(locale=LANGUAGE, header_comment=_COMMENT, fuzzy=False)
        for message in messages:
            self[message.id] = message

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """The header, always the same."""
        return _HEADER


# ── what is to be translated ───────────────────────────────────────────────────
def our_files() -> Iterator[Path]:
    """Python and templates of the project, the tests and tools aside."""
    for folder in sorted(PROJECT.iterdir()):
        if folder.is_dir() and folder.name not in _NOT_OURS and not folder.name.startswith("."):
            found = (path for kind in ("*.py", "*.html", "*.txt") for path in sorted(folder.rglob(kind)))
            yield from (path for path in found if "migrations" not in path.parts)


def home_of(library: str) -> Path:
    """The folder that a library is installed in."""
    found = find_spec(library)
    if found is None or found.origin is None:
        raise LauncherError(f"{library} is not installed: run `make install`.")
    return Path(found.origin).parent


def texts_in(path: Path) -> Iterator[Message]:
    """Every text that a file of Python or a template marks for translation."""
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        yield from texts_of_python(source)
        return
    # Calls of gettext among blanked-out text, whose indentation means nothing.
    calls = "\n".join(line.lstrip() for line in templatize(source).splitlines())
    for _, text, _, context in extract("python", BytesIO(calls.encode()), DEFAULT_KEYWORDS):
        yield Message(text, context=context)


def texts_of_python(source: str) -> Iterator[Message]:
    """The texts in calls of gettext. Not by babel: it takes `gettext(names["one"])` for a text too."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        has_context, numbers = _CALLS.get(name, (0, 0))
        words = [one.value for one in node.args[: has_context + numbers] if isinstance(one, ast.Constant)]
        found = [word for word in words if isinstance(word, str)]
        if numbers and len(found) == has_context + numbers:
            context, text = "".join(found[:has_context]), found[has_context:]
            yield Message(text[0] if numbers == 1 else tuple(text), context=context or None)


def own_thai(library: str) -> set[tuple[str | None, str]]:
    """Context and id of what a library has in Thai itself."""
    known: set[tuple[str | None, str]] = set()
    for compiled in home_of(library).glob(f"**/locale/{LANGUAGE}/LC_MESSAGES/django.mo"):
        with compiled.open("rb") as file:
            entries: dict[str | tuple[str, int], str] = vars(GNUTranslations(file))["_catalog"]
        for entry in entries:
            context, _, text = (entry if isinstance(entry, str) else entry[0]).rpartition("\x04")
            known.add((context or None, text))
    return known


def library_texts() -> Iterator[Message]:
    """The texts of libraries that people see here and that lack a Thai, or a good one."""
    known = {text for library in ("django", "rest_framework") for text in own_thai(library)}
    for library, patterns in _LIBRARIES.items():
        home = home_of(library)
        for path in sorted({path for pattern in patterns for path in home.glob(pattern)}):
            for message in texts_in(path):
                key = key_of(message)
                if key not in known or key[1] in _WORDED_ANEW:
                    message.auto_comments = [library]
                    yield message


def texts_of_the_code() -> Thai:
    """Everything that the catalogue has to hold, untranslated."""
    found = Thai(message for path in our_files() for message in texts_in(path))
    ours = {key_of(message) for message in texts(found)}
    for message in library_texts():
        if key_of(message) not in ours:
            found[message.id] = message
    return found


# ── the catalogue ──────────────────────────────────────────────────────────────
def texts(catalogue: Catalog) -> list[Message]:
    """The messages without the header."""
    return [message for message in catalogue if message.id]


def key_of(message: Message) -> tuple[str | None, str]:
    """What a message is told apart by: its context, and its id in the singular."""
    return message.context, message.id if isinstance(message.id, str) else message.id[0]


def forms(value: str | Iterable[str] | None) -> list[str]:
    """The forms of an id or of a translation: one, or one for each number."""
    return [value] if isinstance(value, str) else list(value or ())


def read_catalogue(path: Path) -> Catalog:
    """The catalogue as it stands; empty if there is none."""
    if not path.exists():
        return Thai()
    try:
        return read_po(StringIO(path.read_text(encoding="utf-8")), locale=LANGUAGE, abort_invalid=True)
    except (PoFileError, ValueError) as error:
        raise LauncherError(f"{path.name} cannot be read: {error}") from None


def merge(wanted: Catalog, kept: Catalog) -> Thai:
    """The texts of the code with the translations that there are; what the code has no more is left out."""
    translated = {key_of(message): message for message in texts(kept)}
    merged = Thai()
    for message in texts(wanted):
        before = translated.get(key_of(message))
        first = next(iter(forms(before.string)), "") if before else ""
        merged.add(
            message.id,
            (first,) if message.pluralizable else first,
            flags={"fuzzy"} if before and before.fuzzy else (),
            auto_comments=message.auto_comments,
            user_comments=before.user_comments if before else (),
            context=message.context,
        )
    return merged


def render(catalogue: Catalog) -> str:
    """The catalogue as the text of django.po."""
    file = BytesIO()
    write_po(file, catalogue, width=0, no_location=True, sort_output=True, ignore_obsolete=True)
    return file.getvalue().decode().rstrip() + "\n"


def compiled(catalogue: Catalog) -> bytes:
    """The catalogue as django.mo, which Django reads."""
    file = BytesIO()
    write_mo(file, Thai(texts(catalogue)))
    return file.getvalue()


def messages() -> int:
    """Write both files anew, and say what is left to translate."""
    merged = merge(texts_of_the_code(), read_catalogue(CATALOGUE))
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    CATALOGUE.write_text(render(merged), encoding="utf-8")
    CATALOGUE.with_suffix(".mo").write_bytes(compiled(merged))
    left = [fault for message in texts(merged) for fault in faults_of(message)]
    print("\n".join([*left, f"{len(texts(merged))} messages, {len(left)} to look at in {CATALOGUE}."]))
    return 0


# ── the check ──────────────────────────────────────────────────────────────────
def placeholders(text: str) -> tuple[set[str], list[str]]:
    """What a text leaves open: by name, where neither order nor number matter; and by place."""
    text = text.replace("%%", "")
    return set(_NAMED.findall(text)), _UNNAMED.findall(text)


def faults_of(message: Message) -> Iterator[str]:
    """What is wrong with one entry of the catalogue, a line each."""
    name = f'"{key_of(message)[1]}"'
    if message.fuzzy:
        yield f"Fuzzy, look at it and remove the mark: {name}"
    thai = forms(message.string)
    if not all(thai) or not thai:
        yield f"Untranslated: {name}"
    # A translation is for all numbers, so that it has what the plural has.
    elif any(placeholders(form) != placeholders(forms(message.id)[-1]) for form in thai):
        yield f"Placeholders differ: {name}"


def faults(code: Catalog, catalogue: Catalog, binary: bytes) -> Iterator[str]:
    """What is wrong with a catalogue and its compiled form, a line each."""
    wanted = {key_of(message): message for message in texts(code)}
    found = {key_of(message): message for message in texts(catalogue)}
    for key, message in wanted.items():
        if key not in found or found[key].pluralizable != message.pluralizable:
            yield f'Missing, run `make messages` and translate it: "{key[1]}"'
    obsolete = [*(found.keys() - wanted.keys()), *(key_of(one) for one in catalogue.obsolete.values())]
    for _, text in sorted(obsolete, key=str):
        yield f'Obsolete, run `make messages`: "{text}"'
    for key in found.keys() & wanted.keys():
        yield from faults_of(found[key])
    if binary != compiled(catalogue):
        yield "django.mo is not what django.po compiles to: run `make messages`."


def check() -> int:
    """Show what is wrong with both files; 0 if everything is there in Thai."""
    binary = CATALOGUE.with_suffix(".mo")
    try:
        found = faults(
            texts_of_the_code(), read_catalogue(CATALOGUE), binary.read_bytes() if binary.exists() else b""
        )
        lines = sorted(found)
    except LauncherError as reason:
        lines = [str(reason)]
    for line in lines:
        print(f"{CATALOGUE.name}: {line}", flush=True)
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(check())
