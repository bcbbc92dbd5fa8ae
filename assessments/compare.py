"""What differs between two versions of an assessment, question by question and word by word, in both languages."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from assessments.report import WORDS, find, said, title_of, weighed
from portal.documents.sheet import Language
from portal.law.pipia import CONCLUSIONS, template

# A sentence of either language with its end; then a word, a Chinese character, or what stands between.
SENTENCE = re.compile(r"[^\n.!?。！？；]*[\n.!?。！？；]+\s*|[^\n.!?。！？；]+")
WORD = re.compile(r"[A-Za-z0-9À-ɏ]+|\s+|.", re.DOTALL)
# Above it a passage is shown as removed and added as a whole: nobody reads it word by word.
MOST_WORDS = 1500


@dataclass(frozen=True)
class Piece:
    """A run of text that both versions have, or only the old or the new one."""

    text: str
    kind: str = ""


@dataclass(frozen=True)
class Difference:
    """One question, risk or field that two versions answer differently."""

    section: str
    label: str
    pieces: tuple[Piece, ...]


def words(old: str, new: str) -> tuple[Piece, ...]:
    """The runs of two texts: sentences first, then words within the sentences that differ."""
    found: list[Piece] = []
    before, after = SENTENCE.findall(old), SENTENCE.findall(new)
    for is_same, left, right in _runs(before, after):
        gone, come = "".join(left), "".join(right)
        if is_same:
            found.append(Piece(gone))
            continue
        old_words, new_words = WORD.findall(gone), WORD.findall(come)
        if not old_words or not new_words or max(len(old_words), len(new_words)) > MOST_WORDS:
            found += _both(gone, come)
            continue
        for is_equal, one, other in _runs(old_words, new_words):
            found += [Piece("".join(one))] if is_equal else _both("".join(one), "".join(other))
    return tuple(found)


def _runs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[bool, Sequence[str], Sequence[str]]]:
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield tag == "equal", old[i1:i2], new[j1:j2]


def _both(gone: str, come: str) -> list[Piece]:
    return [*([Piece(gone, "old")] if gone else []), *([Piece(come, "new")] if come else [])]


def differences(old: Mapping[str, Any], new: Mapping[str, Any], language: Language) -> list[Difference]:
    """What two frozen contents say differently, in the order of the report."""
    before, after = dict(_said(old, language)), dict(_said(new, language))
    return [
        Difference(section, label, words(before.get((section, label), ""), after.get((section, label), "")))
        for section, label in dict.fromkeys((*after, *before))
        if before.get((section, label), "") != after.get((section, label), "")
    ]


def _said(content: Mapping[str, Any], language: Language) -> Iterator[tuple[tuple[str, str], str]]:
    """Everything that a version says, as ((section, label), text)."""
    structure = template(content["template"])
    overview = WORDS["overview"].in_(language)
    yield (overview, WORDS["title"].in_(language)), content["title"]
    for one in content["scenarios"]:
        yield (overview, f"{WORDS['scenarios'].in_(language)} [{one['code']}]"), f"{one['name']} {one['sha256'][:12]}"
    yield (overview, WORDS["third_party"].in_(language)), content["third_party"]
    yield (overview, WORDS["part"].in_(language)), content["third_party_part"]
    titles = {one.code: f"{one.number} {one.title.in_(language)}" for one in structure.sections}
    for section in content["sections"]:
        for given in section["answers"]:
            label = given[f"text_{language}"] + (f" [{given['scenario']}]" if given["scenario"] else "")
            answer = said(find(structure, given["question"]), given["answer"], language)
            yield (titles[section["code"]], label), " ".join(filter(None, (answer, given["evidence_name"])))
    for risk in content["risks"]:
        yield (WORDS["risks"].in_(language), title_of(risk, language)), _risk(risk, language)
    conclusion = CONCLUSIONS[content["conclusion"]].in_(language) if content["conclusion"] else ""
    yield (WORDS["conclusion"].in_(language), WORDS["result"].in_(language)), conclusion


def _risk(risk: Mapping[str, Any], language: Language) -> str:
    lines = [
        risk["harm"],
        weighed(risk["likelihood"], risk["severity"], language),
        weighed(risk["likelihood_after"], risk["severity_after"], language),
        *(
            " · ".join(filter(None, (one["title"], one["owner"], one["due_on"], one["done_on"])))
            for one in risk["measures"]
        ),
    ]
    return "\n".join(filter(None, lines))
