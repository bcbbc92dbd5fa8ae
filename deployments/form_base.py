"""What the register's forms share: a row's version, its groups and citations, and rows chosen by their code."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import Model, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from deployments.versions import version_of
from portal.law.sources import Cite
from portal.tenancy.forms import TenantForm

# Names offered while typing; whoever has more sites writes the code.
SUGGESTED = 200


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class CodeField(forms.ModelChoiceField):
    """A row chosen by its code or its name, since a list of 200,000 sites is no list to choose from."""

    widget = forms.TextInput(attrs={"autocomplete": "off"})
    default_error_messages = {"invalid_choice": _("There is no %(value)s here. Give the code or the exact name.")}

    def __init__(self, queryset: QuerySet, *, names: tuple[str, ...] = ("code",), **kwargs: Any) -> None:
        self.names = names
        super().__init__(queryset, **kwargs)

    def to_python(self, value: Any) -> Model | None:
        if value in self.empty_values:
            return None
        if isinstance(value, Model):
            return value
        text = str(value).strip()
        for name in self.names:
            row = self.queryset.filter(**{name: text}).first()
            if row is not None:
                return row
        raise forms.ValidationError(
            self.error_messages["invalid_choice"], code="invalid_choice", params={"value": text[:60]}
        )

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Model):
            return value.code
        if isinstance(value, int):
            row = self.queryset.filter(pk=value).first()
            return row.code if row else ""
        return value

    @property
    def suggestions(self) -> list[tuple[str, str]]:
        """Code and name of the first rows, for the list that opens while typing."""
        return [(row.code, str(row)) for row in self.queryset[:SUGGESTED]]


class GroupsField(forms.MultipleChoiceField):
    """Several entries of one list, as boxes; for the register's lists of codes."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, choices: Any, **kwargs: Any) -> None:
        super().__init__(choices=choices, required=False, **kwargs)


class RegisterForm(TenantForm):
    """A form of one row; editing one, it carries the version it was made from and asks why."""

    groups: tuple[tuple[Any, tuple[str, ...]], ...] = ()
    laws: dict[str, Cite] = {}
    asks_reason = True
    # What duties and vendor files name the row by (docs/adr/0003): it is given once.
    lasting: tuple[str, ...] = ()
    version = forms.CharField(widget=forms.HiddenInput, required=False)
    change_reason = forms.CharField(
        label=_("Reason for the change"), required=False, max_length=300, help_text=_("Goes into the audit trail.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stored_version = ""
        if self.instance.pk is None:
            del self.fields["version"]
        else:
            self.stored_version = version_of(self.instance)
            self.initial["version"] = self.stored_version
            for name in self.lasting:
                self.fields[name].disabled = True
                self.fields[name].help_text = _("Given once: duties and vendor files go by it.")
        if self.instance.pk is None or not self.asks_reason:
            del self.fields["change_reason"]

    @property
    def is_stale(self) -> bool:
        """Whether the row changed since the form was shown."""
        return self.is_bound and bool(self.stored_version) and self.data.get("version") != self.stored_version

    @property
    def values(self) -> dict[str, Any]:
        """The cleaned values of the row's own fields."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("version", "change_reason")}

    def sections(self) -> Iterator[tuple[Any, list[tuple[Any, str]]]]:
        """Title and fields of each group, each field with the law that asks for it."""
        named = {name for _title, names in self.groups for name in names}
        rest = tuple(name for name in self.fields if name not in named and not self[name].is_hidden)
        for title, names in (*self.groups, ("", rest)):
            bound = [(self[name], self.law_of(name)) for name in names if name in self.fields]
            if bound:
                yield title, bound

    def law_of(self, name: str) -> str:
        """The citation behind a field, in the reader's language."""
        return self.laws[name].label.in_(get_language() or "en") if name in self.laws else ""

    def suggestions(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Id and entries of the lists that fields offer while typing."""
        return [
            (f"list-{name}", field.suggestions) for name, field in self.fields.items() if isinstance(field, CodeField)
        ]

    def offer(self, name: str, rows: QuerySet) -> None:
        """Let a field choose among these rows, with a list that opens while typing."""
        field = self.fields[name]
        field.queryset = rows
        if isinstance(field, CodeField):
            field.widget.attrs["list"] = f"list-{name}"


def dates(*names: str) -> dict[str, DateInput]:
    return {name: DateInput() for name in names}


def rows_of_text(**rows: int) -> dict[str, forms.Textarea]:
    return {name: forms.Textarea(attrs={"rows": number}) for name, number in rows.items()}


def shown_value(field: forms.Field, value: Any) -> str:
    """A field's value in words, for the page that shows two versions side by side."""
    if value in (None, "", []):
        return ""
    if isinstance(field, forms.MultipleChoiceField):
        words = dict(field.choices)
        return ", ".join(str(words.get(one, one)) for one in value)
    if isinstance(field, forms.ModelChoiceField):
        row = value if isinstance(value, Model) else field.queryset.filter(Q(pk=value)).first()
        return str(row or "")
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(value, value))
    return str(value)
