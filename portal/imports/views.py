"""Pages of vendor files: the list, the upload, the batch with its rows, and what is done with it."""

import tempfile
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from portal.accounts.pages import page
from portal.imports import samples, services
from portal.imports.forms import BatchFilter, RecheckForm, UploadForm, column_label
from portal.imports.models import KINDS as KIND_CHOICES
from portal.imports.models import BatchState, ImportBatch
from portal.imports.reading.columns import KINDS
from portal.imports.reading.mended import broken, mended_csv, mended_xlsx
from portal.imports.reading.phrases import Judged, Problem
from portal.imports.reading.sheet import ENCODING_LABELS
from portal.imports.shown import Words
from portal.workflow import CaseError

PAGE = 50
MOST_SHEET_ROWS = 50_000
BUSY = (BatchState.UPLOADED, BatchState.CHECKING, BatchState.APPLYING)
TABS = {
    "changed": gettext_noop("Changed"),
    "new": gettext_noop("New"),
    "error": gettext_noop("Errors"),
    "stale": gettext_noop("Changed since the check"),
    "unchanged": gettext_noop("Unchanged"),
}
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def keyset(request: HttpRequest, rows: QuerySet, field: str, *, newest_first: bool = False) -> tuple[list, str]:
    """One page of rows behind ``?after=``, and the cursor of the next."""
    after = request.GET.get("after", "")
    if after.isdecimal() and len(after) < 19:
        rows = rows.filter(**{f"{field}__{'lt' if newest_first else 'gt'}": int(after)})
    found = list(rows.order_by(f"-{field}" if newest_first else field)[: PAGE + 1])
    more = f"after={getattr(found[PAGE - 1], field)}" if len(found) > PAGE else ""
    return found[:PAGE], more


def find(request: HttpRequest, reference: str) -> ImportBatch:
    """A batch that the person may see; any other is as if it weren't there."""
    rows = services.visible(request.access).select_related("tenant", "uploaded_by", "applied_by")
    return get_object_or_404(rows, reference=reference)


def own(request: HttpRequest, reference: str) -> ImportBatch:
    """A batch that the person may check again or discard: his own, or one that he might apply."""
    found = find(request, reference)
    if not may_handle(request, found):
        raise PermissionDenied
    return found


def may_handle(request: HttpRequest, batch: ImportBatch) -> bool:
    return batch.uploaded_by_id == request.user.pk or services.may_apply(batch, request.access)


@page("upload_import")
def batches(request: HttpRequest) -> HttpResponse:
    """The vendor files, newest first."""
    form = BatchFilter(request.GET)
    rows = services.visible(request.access).select_related("tenant", "uploaded_by")
    if form.is_valid():
        rows = rows.filter(**{name: value for name, value in form.cleaned_data.items() if value})
    found, more = keyset(request, rows, "id", newest_first=True)
    is_filtered = any(request.GET.get(name) for name in form.fields)
    return render(
        request,
        "imports/batches.html",
        {"form": form, "batches": found, "more": more, "is_filtered": is_filtered, "kinds": KIND_CHOICES},
    )


@page("upload_import", writes=True)
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a file; it is checked at once and changes nothing until it is applied."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        batch = services.upload(
            file.file, file.name, by=request.user, tenant_id=request.tenant.pk, choices=form.cleaned_data
        )
        return redirect(batch)
    status = 422 if request.method == "POST" else 200
    return render(request, "imports/upload.html", {"form": form, "kinds": described_kinds()}, status=status)


def described_kinds() -> list[dict[str, Any]]:
    """The kinds with their required columns, for the page of the templates."""
    labels = dict(KIND_CHOICES)
    return [
        {
            "name": kind.name,
            "label": labels[kind.name],
            "required": [column_label(column) for column in kind.columns if column.required],
        }
        for kind in KINDS.values()
    ]


@page("upload_import")
def template(request: HttpRequest, kind: str, form: str) -> HttpResponse:
    """An empty file for vendors."""
    if kind not in KINDS or form not in ("csv", "xlsx"):
        raise Http404
    if form == "xlsx":
        response = HttpResponse(samples.sample_xlsx(kind), content_type=SHEET_TYPE)
    else:
        response = HttpResponse(b"".join(samples.sample_csv(kind)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{kind}.{form}"'
    return response


@page("upload_import")
def batch(request: HttpRequest, reference: str) -> HttpResponse:
    """One vendor file: what was recognised, what each row would do or did, and what comes next."""
    found = find(request, reference)
    return render(request, "imports/batch.html", page_of(request, found, None))


def page_of(request: HttpRequest, found: ImportBatch, form: RecheckForm | None) -> dict[str, Any]:
    """What the batch's page shows."""
    context: dict[str, Any] = {
        "batch": found,
        "is_busy": found.state in BUSY,
        "may_apply": services.may_apply(found, request.access),
        "may_handle": may_handle(request, found),
        "to_write": found.new + found.changed,
        "apply_label": ngettext("Apply %(count)s row", "Apply %(count)s rows", found.new + found.changed)
        % {"count": f"{found.new + found.changed:,}"},
        "apply_words": what_happens(found),
        "refusal": found.refusal_zh if request.LANGUAGE_CODE.startswith("zh") else found.refusal_en,
    }
    if found.state not in (BatchState.CHECKED, BatchState.APPLIED):
        return context
    counts = {name: getattr(found, "errors" if name == "error" else name) for name in TABS}
    names = [name for name in TABS if counts[name]]
    tab = request.GET.get("tab") if request.GET.get("tab") in names else (names[0] if names else "")
    rows, more = keyset(request, found.import_rows.filter(tenant=request.tenant, result=tab), "row")
    words = Words(found)
    base = found.get_absolute_url()
    context |= {
        "tab": tab,
        "tabs": [
            {"label": _(TABS[name]), "url": f"{base}?tab={name}", "count": counts[name], "current": name == tab}
            for name in names
        ],
        "lines": [words.line(row) for row in rows],
        "more": more,
        "facts": facts_of(found),
        "respelled": [
            # Spaces that a page would swallow are shown.
            {**example, "header": header, "from": example["from"].replace("  ", " ␣")}
            for header, example in found.recognised.get("respelled", {}).items()
        ],
        "form": form or RecheckForm(batch=found),
        "gave_up": found.recognised.get("gave_up"),
    }
    return context


def what_happens(found: ImportBatch) -> str:
    """What the apply will do, in a sentence."""
    sentence = _("%(new)s rows are added and %(changed)s are changed in the register, each noted in the audit trail.")
    return sentence % {"new": f"{found.new:,}", "changed": f"{found.changed:,}"}


def facts_of(found: ImportBatch) -> list[tuple]:
    """What was recognised in the file."""
    headers = [header for header in found.recognised.get("headers", []) if header in found.mapping]
    remarks = found.recognised.get("remarks") or []
    return [
        (_("Kind"), found.get_kind_display()),
        (_("Encoding"), ENCODING_LABELS.get(found.encoding, found.encoding)),
        *([(_("Sheet"), found.sheet)] if found.sheet else []),
        (_("Row of the headings"), found.header_row),
        (_("Headings that are read"), len(headers), ", ".join(headers)),
        *([(_("Headings that are ignored"), ", ".join(found.ignored))] if found.ignored else []),
        *([(_("Rows taken for remarks"), ", ".join(map(str, remarks)))] if remarks else []),
        *(
            [(_("Headings explained earlier"), _("as in your last file with these headings"))]
            if found.choices.get("remembered")
            else []
        ),
        (_("SHA-256"), found.sha256[:16] + "…"),
    ]


@page("upload_import")
def progress(request: HttpRequest, reference: str) -> HttpResponse:
    """How far the check or the apply is; once it ended, the whole page is loaded anew."""
    found = find(request, reference)
    response = render(request, "imports/_progress.html", {"batch": found, "is_busy": found.state in BUSY})
    if found.state not in BUSY:
        response["HX-Refresh"] = "true"
    return response


@page("apply_import", writes=True)
def apply(request: HttpRequest, reference: str) -> HttpResponse:
    """Have the rows applied: the good ones, or all or none."""
    found = find(request, reference)
    if request.method != "POST":
        return redirect(found)
    services.order_apply(
        found, by=request.user, access=request.access, all_or_nothing=request.POST.get("mode") == "all"
    )
    return redirect(found)


@page("upload_import", writes=True)
def recheck(request: HttpRequest, reference: str) -> HttpResponse:
    """Check again, with what the reader says about the file."""
    found = own(request, reference)
    if request.method != "POST":
        return redirect(found)
    if "again" in request.POST:
        services.recheck(found, choices=found.choices)
        return redirect(found)
    form = RecheckForm(request.POST, batch=found)
    if not form.is_valid():
        return render(request, "imports/batch.html", page_of(request, found, form), status=422)
    services.recheck(found, choices=form.choices())
    return redirect(found)


@page("upload_import", writes=True)
def discard(request: HttpRequest, reference: str) -> HttpResponse:
    """Throw the file away."""
    found = own(request, reference)
    if request.method != "POST":
        return redirect(found)
    services.discard(found)
    messages.success(request, _("%(reference)s was discarded. The register is as it was.") % {"reference": reference})
    return redirect(reverse("imports:batches", args=[request.tenant.slug]))


@page("upload_import")
def errors(request: HttpRequest, reference: str, form: str) -> HttpResponse:
    """The rows with errors as a file to mend and send again, with the reasons beside them."""
    found = find(request, reference)
    if form not in ("csv", "xlsx") or not found.errors:
        raise Http404
    rows = found.import_rows.filter(tenant=request.tenant, result="error").order_by("row")
    judged = broken(
        Judged(row.row, row.cells, {}, tuple(Problem.from_json(stored) for stored in row.problems))
        for row in rows.iterator(chunk_size=2000)
    )
    headers = found.recognised["headers"]
    name = f"{found.reference}-errors.{form}"
    if form == "xlsx":
        if found.errors > MOST_SHEET_ROWS:
            sentence = _("A sheet holds up to %(most)s rows here. Take the rows as CSV.")
            raise CaseError(sentence % {"most": f"{MOST_SHEET_ROWS:,}"})
        response = HttpResponse(mended_xlsx(headers, judged), content_type=SHEET_TYPE)
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
    # Written while the request's scope is open; only then is it sent.
    spool = tempfile.SpooledTemporaryFile(max_size=4 * 2**20)  # noqa: SIM115 - the response closes it
    for line in mended_csv(headers, judged):
        spool.write(line)
    spool.seek(0)
    return FileResponse(spool, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")
