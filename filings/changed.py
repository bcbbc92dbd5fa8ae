"""The changed items that a change filing carries, in the words of the portal's papers."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from filings.models import ChangeCase, Filing
from portal.law.change_words import differences
from portal.law.changes import BY_CODE
from portal.law.text import Text


@dataclass(frozen=True)
class ChangedItem:
    """One fact: as it was filed, as it is now, and from when."""

    case: ChangeCase
    label: Text
    old: Text
    new: Text

    @property
    def effective_on(self) -> date:
        return self.case.effective_on

    def frozen(self) -> dict[str, Any]:
        """As the snapshot keeps it."""
        return {
            "reference": self.case.reference,
            "item": self.case.item,
            "label": self.label.zh,
            "old": self.old.zh,
            "new": self.new.zh,
            "effective_on": self.effective_on,
        }


def changed_items(filing: Filing) -> list[ChangedItem]:
    """Every changed fact of the cases that the filing carries, the earliest first."""
    found = []
    for case in filing.changes.select_related("scenario").order_by("effective_on", "id"):
        place = Text(f" · {case.scenario.name}", f"（{case.scenario.name}）") if case.scenario else Text("", "")
        for one in differences(case.item, case.old or {}, case.judged or case.new or {}):
            label = Text(f"{one.label.en}{place.en}", f"{one.label.zh}{place.zh}")
            found.append(ChangedItem(case, label, one.old, one.new))
        if not found or found[-1].case is not case:
            title = BY_CODE[case.item].title
            nothing = Text("–", "–")
            found.append(ChangedItem(case, Text(f"{title.en}{place.en}", f"{title.zh}{place.zh}"), nothing, nothing))
    return found
