"""The messages of the portal: found in code and templates, kept complete in Chinese."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import polib
from django.conf import settings
from django.utils.translation.template import templatize

PACKAGES = ("portal", "deployments", "assessments", "filings")
CATALOGUE = Path("locale/zh_Hans/LC_MESSAGES/django.po")
# Functions that mark a message, and which of their arguments are singular and plural.
ONE = {"_", "gettext", "gettext_lazy", "gettext_noop"}
MANY = {"ngettext", "ngettext_lazy"}
LITERAL = r"""u?('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
IN_TEMPLATE = re.compile(rf"\b(n?gettext|_)\(\s*{LITERAL}(?:\s*,\s*{LITERAL})?", re.S)
PLACE = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")


class Message(NamedTuple):
    """A text to translate; ``plural`` is empty for most."""

    singular: str
    plural: str = ""


def in_python(source: str) -> Iterator[Message]:
    """The messages of a module."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        if name in ONE and texts:
            yield Message(texts[0])
        elif name in MANY and len(texts) > 1:
            yield Message(texts[0], texts[1])


def in_template(source: str) -> Iterator[Message]:
    """The messages of a template, by Django's own reading of its tags."""
    for found in IN_TEMPLATE.finditer(templatize(source)):
        function, singular, plural = found.groups()
        is_plural = function == "ngettext" and plural is not None
        yield Message(ast.literal_eval(singular), ast.literal_eval(plural) if is_plural else "")


def messages() -> dict[str, Message]:
    """Every message of the portal by its singular."""
    found: dict[str, Message] = {}
    for package in PACKAGES:
        for path in sorted((settings.BASE_DIR / package).rglob("*")):
            if path.suffix not in (".py", ".html", ".txt") or "migrations" in path.parts:
                continue
            if path.suffix != ".py" and "templates" not in path.parts:
                continue
            read = in_python if path.suffix == ".py" else in_template
            for message in read(path.read_text()):
                if message.singular and (message.plural or message.singular not in found):
                    found[message.singular] = message
    return found


def catalogue() -> polib.POFile:
    """The Chinese catalogue as it stands."""
    return polib.pofile(str(settings.BASE_DIR / CATALOGUE), wrapwidth=110)


def update() -> tuple[int, int]:
    """Add the messages that are new, drop those that are gone or stand there twice; how many of each."""
    wanted, po = messages(), catalogue()
    gone = [entry for entry in po if entry.msgid not in wanted or wanted[entry.msgid].plural != entry.msgid_plural]
    gone += doubles([entry for entry in po if entry not in gone])
    kept = {entry.msgid: entry.msgstr or entry.msgstr_plural.get(0, "") for entry in gone}
    for entry in gone:
        po.remove(entry)
    present = {entry.msgid for entry in po}
    new = [message for message in wanted.values() if message.singular not in present]
    for message in new:
        text = kept.get(message.singular, "")
        if message.plural:
            po.append(polib.POEntry(msgid=message.singular, msgid_plural=message.plural, msgstr_plural={0: text}))
        else:
            po.append(polib.POEntry(msgid=message.singular, msgstr=text))
    po.sort(key=lambda entry: (entry.msgid.lower(), entry.msgid))
    po.save()
    return len(new), len(gone)


def doubles(entries: Iterable[polib.POEntry]) -> list[polib.POEntry]:
    """Entries whose message came before: a merge of two branches leaves such."""
    seen: set[str] = set()
    found = []
    for entry in entries:
        if entry.msgid in seen:
            found.append(entry)
        seen.add(entry.msgid)
    return found


def problems() -> list[str]:
    """What the catalogue lacks: a message that is missing, superfluous or doubled, a translation that lost a
    placeholder, the form in which it is written."""
    wanted, po = messages(), catalogue()
    entries = {entry.msgid: entry for entry in po}
    found = [f"not in the catalogue: {text!r}" for text in wanted if text not in entries]
    found += [f"not used any more: {text!r}" for text in entries if text not in wanted]
    found += [f"there twice: {entry.msgid!r}" for entry in doubles(po)]
    if f"{po}" != (settings.BASE_DIR / CATALOGUE).read_text():
        found.append("not written as manage.py messages writes it")
    for entry in po:
        text = entry.msgstr or entry.msgstr_plural.get(0, "")
        if not text:
            found.append(f"not translated: {entry.msgid!r}")
        elif set(PLACE.findall(text)) != set(PLACE.findall(entry.msgid)) and not entry.msgid_plural:
            found.append(f"placeholders differ: {entry.msgid!r} → {text!r}")
    return found
