"""What the list of duties shows: the filters of its reader, and the ways into it from My work and from letters."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from portal.accounts.absences import stood_in_by
from portal.accounts.models import User
from portal.accounts.reach import free
from portal.desk.acts import KINDS, rules_of
from portal.desk.work import of_hands, urgency_column
from portal.law.engine import RULES
from portal.obligations.models import Delivery, Firmness, ObligationQuerySet, State
from portal.obligations.work import LATER, OVERDUE, UNDATED, URGENCIES, WEEK, Hands

# The parts of My work, under the names that they have in this list.
PARTS = {"past": OVERDUE, "week": WEEK, "later": LATER, "undated": UNDATED}
# As in My work: the reader's and those of whom he stands in for, nobody's that he can meet, or both.
HANDS = {"hands": "", "mine": "mine", "free": "free"}
MOST_ID = 2**63 - 1


class DutyFilter(forms.Form):
    """What the worklist shows; without a choice, what is open."""

    q = forms.CharField(label=gettext_lazy("Subject"), required=False, max_length=60)
    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=[("", gettext_lazy("open")), *State.choices[1:]]
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), required=False, choices=[("", gettext_lazy("all")), *KINDS.items()]
    )
    rule = forms.ChoiceField(label=gettext_lazy("Rule"), required=False)
    pip = forms.ChoiceField(label=gettext_lazy("PIP"), required=False)
    when = forms.ChoiceField(
        label=gettext_lazy("Urgency"),
        required=False,
        choices=[
            ("", gettext_lazy("all")),
            ("overdue", gettext_lazy("overdue")),
            ("critical", gettext_lazy("unlawful now")),
            ("past", URGENCIES[OVERDUE]),
            ("week", URGENCIES[WEEK]),
            ("later", URGENCIES[LATER]),
            ("dated", gettext_lazy("with a date")),
            ("undated", URGENCIES[UNDATED]),
        ],
    )
    firmness = forms.ChoiceField(
        label=gettext_lazy("Date"), required=False, choices=[("", gettext_lazy("all")), *Firmness.choices]
    )
    whose = forms.ChoiceField(label=gettext_lazy("Assigned to"), required=False)
    # What stands on a day of the calendar: as its last day, or as its safe date.
    due = forms.DateField(required=False, widget=forms.HiddenInput)
    safe = forms.DateField(required=False, widget=forms.HiddenInput)
    # What one letter told: its number.
    letter = forms.IntegerField(required=False, min_value=1, max_value=MOST_ID, widget=forms.HiddenInput)

    def __init__(self, *args: Any, request: HttpRequest, people: Sequence[User] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.access, self.reader = request.access, request.user
        others = [(f"{one.pk}", str(one)) for one in people if one.pk != request.user.pk]
        hands = [("hands", _("as in My work")), ("mine", _("mine, as in My work")), ("free", _("free, as in My work"))]
        # Two of the ways in from My work stand in the list only where one of them was taken.
        hands = hands[:1] + [one for one in hands[1:] if one[0] == self.data.get("whose")]
        choices = [("", _("all")), ("me", _("me")), ("nobody", _("nobody yet")), *hands, *others]
        self.fields["whose"].choices = choices
        pips = [(pip.uscc, pip.name) for pip in request.access.pips("view_pip")]
        self.fields["state"].choices = [("", _("open")), *State.choices[1:], ("all", _("all"))]
        titles = ((rule.id, rule.title.in_(get_language() or "en")) for rule in RULES)
        self.fields["rule"].choices = [("", _("all")), *sorted(titles, key=lambda pair: pair[1])]
        self.fields["pip"].choices = [("", _("all")), *pips]

    def narrow(self, rows: Any, today: Any) -> Any:
        """The rows that fit; a choice that isn't one narrows nothing."""
        self.is_valid()
        chosen = self.cleaned_data
        state = chosen.get("state") or State.OPEN
        if state != "all":
            rows = rows.filter(state=state)
        if chosen.get("q"):
            rows = rows.filter(subject__icontains=chosen["q"])
        if chosen.get("kind"):
            rows = rows.filter(rule__in=rules_of(chosen["kind"]))
        if chosen.get("rule"):
            rows = rows.filter(rule=chosen["rule"])
        if chosen.get("pip"):
            rows = rows.filter(pip__uscc=chosen["pip"])
        if chosen.get("firmness"):
            rows = rows.filter(firmness=chosen["firmness"])
        if chosen.get("whose"):
            rows = self.of(rows, chosen["whose"], today)
        if chosen.get("letter"):
            told = Delivery.objects.filter(tenant=self.access.tenant, letter=chosen["letter"])
            rows = rows.filter(pk__in=told.values("reminder__obligation"))
        if chosen.get("due"):
            rows = rows.filter(Q(due_on=chosen["due"]) | Q(due_on=None, safe_on=chosen["due"]))
        if chosen.get("safe"):
            rows = rows.filter(safe_on=chosen["safe"], due_on__isnull=False).exclude(due_on=chosen["safe"])
        return self.at(rows, chosen.get("when"), today)

    def of(self, rows: ObligationQuerySet, whose: str, today: date) -> ObligationQuerySet:
        """The rows of a person, of nobody, or as My work has them."""
        if whose in HANDS:
            people = (self.reader.pk, *stood_in_by(self.reader, today))
            return rows.filter(of_hands(Hands(self.access, today, people), HANDS[whose]))
        if whose == "nobody":
            return rows.filter(free("assignee", today))
        return rows.filter(assignee=self.reader.pk if whose == "me" else whose)

    def at(self, rows: ObligationQuerySet, when: str | None, today: date) -> ObligationQuerySet:
        """The rows of an urgency."""
        if when == "overdue":
            return rows.overdue(today)
        if when == "critical":
            return rows.filter(is_critical=True)
        if when == "dated":
            return rows.filter(safe_on__isnull=False)
        if when in PARTS:
            hands = Hands(self.access, today, (self.reader.pk,))
            return rows.annotate(urgency=urgency_column(hands)).filter(urgency=PARTS[when])
        return rows


def all_of(slug: str, rule: str, **narrowed: str) -> str:
    """The address of all duties of a rule, narrowed further."""
    query = urlencode({"rule": rule} | {name: value for name, value in narrowed.items() if value})
    return f"{reverse('desk:obligations', args=[slug])}?{query}"


def all_of_part(slug: str, rule: str, *, urgency: str, whose: str, pip: str) -> str:
    """The address of all that My work counts of a rule in one of its parts."""
    when = next(name for name, part in PARTS.items() if part == urgency)
    return all_of(slug, rule, when=when, whose=whose or "hands", pip=pip)
