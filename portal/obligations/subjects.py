"""What duties are about: each app says in its ``ready`` how the subjects of its kind are found and called."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from portal.obligations.models import Obligation

PIP = "pip"


@dataclass(frozen=True)
class Subject:
    """What a duty is about, in a person's words: its name, its code where it has one, and its page."""

    name: str
    code: str
    url: str


@dataclass(frozen=True)
class SubjectKind:
    """A kind of subject: the rows with what name and address need, and the column that ``kind:CODE`` names."""

    rows: Callable[[], QuerySet[Any]]
    column: str
    name: Callable[[Any], str]
    open_label: str | Promise
    icon: str = "arrow-right"
    has_code: bool = True

    def subject(self, row: Any) -> Subject:
        """The row in a person's words."""
        return Subject(self.name(row), getattr(row, self.column) if self.has_code else "", row.get_absolute_url())


KINDS: dict[str, SubjectKind] = {}


def register(kind: str, found: SubjectKind) -> None:
    """Make a kind of subject known, from an app's ``ready``; the same kind twice is a mistake of ours."""
    if kind == PIP or (kind in KINDS and KINDS[kind] != found):
        raise ValueError(f"Two apps register the subject {kind}")
    KINDS[kind] = found


def split(subject: str) -> tuple[str, str]:
    """Kind and code of ``site:S1``."""
    kind, _colon, code = subject.partition(":")
    return kind, code


def row_of(duty: Obligation) -> Any:
    """The row that the duty is about; None once it is gone."""
    kind, code = split(duty.subject)
    if kind == PIP:
        return duty.pip
    known = KINDS.get(kind)
    return known.rows().filter(pip_id=duty.pip_id, **{known.column: code}).first() if known else None


def subjects_of(duties: Iterable[Obligation]) -> dict[int, Subject]:
    """The subjects of many duties by the duties' ids, in one look-up a kind; a row that is gone has no page."""
    duties = list(duties)
    wanted: dict[str, set[tuple[int, str]]] = {}
    for duty in duties:
        kind, code = split(duty.subject)
        if kind in KINDS:
            wanted.setdefault(kind, set()).add((duty.pip_id, code))
    found: dict[tuple[int, str], Subject] = {}
    for kind, keys in wanted.items():
        known = KINDS[kind]
        pips, codes = {pip_id for pip_id, _ in keys}, {code for _, code in keys}
        for row in known.rows().filter(pip_id__in=pips, **{f"{known.column}__in": codes}):
            found[row.pip_id, f"{kind}:{getattr(row, known.column)}"] = known.subject(row)
    made = {}
    for duty in duties:
        kind, code = split(duty.subject)
        if kind == PIP:
            made[duty.pk] = Subject(duty.pip.name, "", duty.pip.get_absolute_url())
        else:
            made[duty.pk] = found.get((duty.pip_id, duty.subject), Subject(code, "", ""))
    return made
