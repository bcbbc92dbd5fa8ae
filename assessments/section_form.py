"""One section of an assessment as a form: a field an answer, and beside it the version that it was made from."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.content import Content, Key
from assessments.services.writing import LONGEST
from deployments.form_base import DateInput
from portal.evidence.fields import EvidenceField
from portal.evidence.services import PAPERS
from portal.law.pipia import Question, Section
from portal.tenancy.choices import in_language


class Base(NamedTuple):
    """From which version of an answer a field was made, and the print of its text: whoever left it alone is known."""

    version: int
    print: str

    @classmethod
    def of(cls, version: int, text: str) -> "Base":
        return cls(version, hashlib.sha256(text.encode()).hexdigest()[:16])

    @classmethod
    def read(cls, given: str) -> "Base | None":
        """What a page sent back; None for nonsense."""
        version, _dash, fingerprint = given.partition("-")
        is_number = version.isascii() and version.isdigit() and len(version) < 8
        return cls(int(version), fingerprint) if is_number else None

    def __str__(self) -> str:
        return f"{self.version}-{self.print}"


def name_of(key: Key) -> str:
    """A question, and the scenario of which it is asked, as a part of names and addresses in the page."""
    question, scenario = key
    return question if scenario is None else f"{question}--{scenario}"


def yes_no(question: Question) -> forms.Field:
    return _radio([("yes", _("Yes")), ("no", _("No"))])


def choice(question: Question) -> forms.Field:
    return _radio(_choices(question))


def many(question: Question) -> forms.Field:
    return forms.MultipleChoiceField(
        choices=_choices(question), required=False, widget=forms.CheckboxSelectMultiple, label=question.code
    )


def day(question: Question) -> forms.Field:
    return forms.DateField(required=False, widget=DateInput())


def number(question: Question) -> forms.Field:
    return forms.IntegerField(required=False, min_value=0)


def text(question: Question) -> forms.Field:
    return forms.CharField(required=False, max_length=LONGEST, widget=forms.Textarea({"rows": 4}))


def _radio(choices: list[tuple[str, Any]]) -> forms.ChoiceField:
    return forms.ChoiceField(choices=choices, required=False, widget=forms.RadioSelect)


def _choices(question: Question) -> list[tuple[str, Any]]:
    return [(code, in_language(words)) for code, words in (question.choices or {}).items()]


KINDS: dict[str, Callable[[Question], forms.Field]] = {
    "text": text,
    "choice": choice,
    "many": many,
    "yesno": yes_no,
    "date": day,
    "number": number,
}


class SectionForm(forms.Form):
    """Every question of a section, also those that are not asked now: another answer may open them."""

    def __init__(self, content: Content, section: Section, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys: dict[Key, Question] = {
            (question.code, place): question
            for question in content.questions(section)
            for place in content.places(question)
        }
        for key, question in self.keys.items():
            name, standing = name_of(key), content.text(*key)
            field = KINDS[question.kind](question)
            field.label = str(in_language(question.text))
            field.initial = standing.split(",") if question.kind == "many" else standing
            self.fields[f"text-{name}"] = field
            self.fields[f"file-{name}"] = EvidenceField(allowed=PAPERS, required=False, label=_("Add a file"))

    def bound(self, key: Key, prefix: str = "text") -> forms.BoundField:
        return self[f"{prefix}-{name_of(key)}"]

    def typed(self, key: Key) -> str:
        """The answer in the form as it is stored."""
        value = self.cleaned_data.get(f"text-{name_of(key)}")
        if isinstance(value, list):
            return ",".join(value)
        return "" if value is None else str(value).replace("\r\n", "\n").strip()

    def sent(self, data: Mapping[str, str]) -> Iterator[tuple[Key, Base]]:
        """The answers that the page held, each with what it was made from."""
        for key in self.keys:
            base = Base.read(data.get(f"base-{name_of(key)}", ""))
            if base is not None:
                yield key, base
