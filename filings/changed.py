"""What a change filing changes, in the words of the portal's papers: filed items, and who is a member."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from filings import wording_joint
from filings.joint import uses_of
from filings.models import ChangeCase, Filing
from portal.law.change_words import differences
from portal.law.changes import BY_CODE
from portal.law.text import Text


@dataclass(frozen=True)
class ChangedItem:
    """One fact: as it was filed, as it is now, from when, and the case in which it was decided on."""

    label: Text
    old: Text
    new: Text
    effective_on: date
    case: ChangeCase | None = None

    def frozen(self) -> dict[str, Any]:
        """As the snapshot keeps it."""
        return {
            "reference": self.case.reference if self.case else "",
            "item": self.case.item if self.case else "members",
            "label": self.label.zh,
            "old": self.old.zh,
            "new": self.new.zh,
            "effective_on": self.effective_on,
        }


def changed_items(filing: Filing) -> list[ChangedItem]:
    """Every changed fact of the cases that the filing carries, the earliest first; then members that come and go."""
    found = []
    for case in filing.changes.select_related("scenario", "pip").order_by("effective_on", "id"):
        place = place_of(case, filing)
        facts = differences(case.item, case.old or {}, case.judged or case.new or {})
        found += [
            ChangedItem(
                Text(f"{one.label.en}{place.en}", f"{one.label.zh}{place.zh}"),
                one.old,
                one.new,
                case.effective_on,
                case,
            )
            for one in facts
        ]
        if not facts:
            title, nothing = BY_CODE[case.item].title, Text("–", "–")
            label = Text(f"{title.en}{place.en}", f"{title.zh}{place.zh}")
            found.append(ChangedItem(label, nothing, nothing, case.effective_on, case))
    return [*found, *changed_members(filing)]


def place_of(case: ChangeCase, filing: Filing) -> Text:
    """Whose fact it is, where it isn't one of the PIP that files: the member's, the scenario's."""
    names = [case.pip.name] if case.pip_id != filing.pip_id else []
    names += [case.scenario.name] if case.scenario else []
    if not names:
        return Text("", "")
    return Text(" · " + " · ".join(names), f"（{'，'.join(names)}）")


def changed_members(filing: Filing) -> Iterator[ChangedItem]:
    """Members that the former filing didn't cover, and those that this one covers no longer."""
    if filing.follows is None:
        return
    before = {use.pip_id: use.pip for use in uses_of(filing.follows)}
    now = {use.pip_id: use.pip for use in uses_of(filing)}
    for pk, pip in (before | now).items():
        if (pk in before) == (pk in now):
            continue
        name = Text(f"{pip.name} ({pip.uscc})", f"{pip.name}（{pip.uscc}）")
        old, new = (name, wording_joint.NO_LONGER) if pk in before else (wording_joint.NOT_YET, name)
        yield ChangedItem(wording_joint.JOINED, old, new, filing.arose_on)
