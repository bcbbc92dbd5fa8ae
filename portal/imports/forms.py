"""What people say about a vendor file: the file itself, and what overrules what was recognised."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from portal.imports.models import KINDS as KIND_CHOICES
from portal.imports.models import BatchState, ImportBatch
from portal.imports.reading.columns import KINDS, Column
from portal.imports.reading.limits import MAX_BYTES

AS_RECOGNISED = [("", gettext_lazy("as recognised"))]
ENCODINGS = [("utf-8", "UTF-8"), ("gb18030", "GB18030 / GBK"), ("utf-16", "UTF-16")]


class OverrideForm(forms.Form):
    """What overrules what would be recognised."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of file"), required=False, choices=[*AS_RECOGNISED, *KIND_CHOICES]
    )
    encoding = forms.ChoiceField(
        label=gettext_lazy("Encoding of a CSV"), required=False, choices=[*AS_RECOGNISED, *ENCODINGS]
    )
    sheet = forms.CharField(
        label=gettext_lazy("Sheet of a workbook"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("Empty: the first sheet that is not empty."),
    )


class UploadForm(OverrideForm):
    """A vendor's file."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        max_length=255,
        help_text=gettext_lazy("CSV or XLSX, up to 50 MB and 500,000 rows. No names, identity numbers or pictures."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
    )
    field_order = ("file", "kind", "encoding", "sheet")

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise ValidationError(
                _("The file has %(size)s MB; at most %(limit)s MB are read. Split it into several files.")
                % {"size": -(-file.size // 2**20), "limit": MAX_BYTES // 2**20}
            )
        return file


class RecheckForm(OverrideForm):
    """The same for a batch, with the column that each heading of the file means."""

    def __init__(self, *args: Any, batch: ImportBatch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.batch = batch
        for name in ("kind", "encoding", "sheet"):
            self.fields[name].initial = batch.choices.get(name, "")
        sheets = batch.recognised.get("sheets") or []
        if sheets:
            self.fields["sheet"] = forms.ChoiceField(
                label=_("Sheet of a workbook"),
                required=False,
                choices=[*AS_RECOGNISED, *((name, name) for name in sheets)],
                initial=batch.choices.get("sheet", ""),
            )
            del self.fields["encoding"]
        else:
            del self.fields["sheet"]
        self.headers = {}
        kind = KINDS.get(batch.kind)
        samples = batch.recognised.get("samples", {})
        for position, header in enumerate(batch.recognised.get("headers", []) if kind else []):
            name = f"column_{position}"
            self.headers[name] = header
            sample = samples.get(header, "")
            self.fields[name] = forms.ChoiceField(
                label=header,
                required=False,
                choices=[("", _("not read")), *((column.name, column_label(column)) for column in kind.columns)],
                initial=batch.mapping.get(header, ""),
                help_text=_("for example %(sample)s") % {"sample": sample} if sample else "",
            )

    @property
    def columns(self) -> list[forms.BoundField]:
        """The fields of the headings."""
        return [self[name] for name in self.headers]

    @property
    def overrides(self) -> list[forms.BoundField]:
        """The other fields."""
        return [self[name] for name in ("kind", "encoding", "sheet") if name in self.fields]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.same_kind(cleaned):
            self.check_columns(cleaned)
        return cleaned

    def same_kind(self, cleaned: dict[str, Any]) -> bool:
        """Whether the headings still mean columns of the kind that the form shows."""
        return bool(self.headers) and cleaned.get("kind", "") in ("", self.batch.kind)

    def check_columns(self, cleaned: dict[str, Any]) -> None:
        """Refuse here what would refuse the file whole: two headings for a column, or none for a required one."""
        chosen: dict[str, str] = {}
        for name, header in self.headers.items():
            column = cleaned.get(name)
            if column and column in chosen:
                sentence = _("The columns %(first)s and %(second)s mean the same. Keep one of them.")
                self.add_error(name, sentence % {"first": chosen[column], "second": header})
            elif column:
                chosen[column] = header
        missing = [c for c in KINDS[self.batch.kind].columns if c.required and c.name not in chosen]
        if missing:
            names = ", ".join(column_label(column) for column in missing)
            self.add_error(None, _("No heading is chosen for: %(columns)s.") % {"columns": names})

    def choices(self) -> dict[str, Any]:
        """The overrides as the reader takes them; headings only where they were explained."""
        cleaned = self.cleaned_data
        chosen: dict[str, Any] = {name: cleaned.get(name, "") for name in ("kind", "encoding", "sheet")}
        if not self.same_kind(cleaned):
            return chosen
        mapping = {header: cleaned.get(name, "") for name, header in self.headers.items()}
        read = {header: column for header, column in mapping.items() if column}
        if read != self.batch.mapping or self.batch.choices.get("mapping"):
            chosen["mapping"] = mapping
        return chosen


class BatchFilter(forms.Form):
    """Which vendor files to list."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=[("", gettext_lazy("all")), *BatchState.choices]
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), required=False, choices=[("", gettext_lazy("all")), *KIND_CHOICES]
    )


def column_label(column: Column) -> str:
    """A column in the reader's language, with the other header beside it."""
    if (get_language() or "").startswith("zh"):
        return f"{column.zh} ({column.name})"
    return f"{column.name} ({column.zh})"
