"""One form a page: show it, refuse a stale tab, call the service, tell what happened."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import Model, QuerySet
from django.forms import Form, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from deployments.form_base import RegisterForm, shown_value
from portal.tenancy.session import giving_reason


@dataclass(frozen=True)
class FormPage:
    """The words around a form: title, breadcrumbs as (label, address), the button, and where Cancel leads."""

    title: str
    submit: str
    cancel: str
    crumbs: list[tuple[str, str]] = field(default_factory=list)
    note: str = ""
    template: str = "deployments/form.html"
    context: dict[str, Any] = field(default_factory=dict)


def for_writing(request: HttpRequest, rows: QuerySet) -> QuerySet:
    """The rows, held until the end of the request if it writes: the version that the form compares stays true."""
    return rows.select_for_update(of=("self",)) if request.method == "POST" else rows


def show(request: HttpRequest, page: FormPage, form: Form, *, status: int = 200, **context: Any) -> HttpResponse:
    """The page with its form."""
    return render(request, page.template, {"page": page, "form": form} | page.context | context, status=status)


def edit(
    request: HttpRequest,
    page: FormPage,
    form: RegisterForm,
    act: Callable[[dict[str, Any]], Any],
    *,
    to: str | Callable[[Any], str],
    said: str | Callable[[Any], str],
    twin: Callable[[dict[str, Any]], Model | None] | None = None,
) -> HttpResponse:
    """Show a form, or do what it asks.

    ``to`` and ``said``, address and message afterwards, may depend on what the service gave back. ``twin`` finds the
    row that has the same code, so that the second of two clicks leads to the first one's row.
    """
    if request.method != "POST":
        return show(request, page, form)
    if form.is_stale:
        return conflict(request, page, form)
    if form.is_valid():
        try:
            with giving_reason(form.cleaned_data.get("change_reason", "")):
                result = act(form.values)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, said(result) if callable(said) else said)
            return redirect(to(result) if callable(to) else to)
    same = twin(form.cleaned_data) if twin else None
    ask_for_files_again(request, form)
    return show(request, page, form, status=422, twin=same if same != form.instance else None)


def conflict(request: HttpRequest, page: FormPage, form: RegisterForm) -> HttpResponse:
    """Both versions side by side; what was typed stays in the form, which may now be saved over the other."""
    pairs = []
    for bound in form.visible_fields():
        if bound.name == "change_reason":
            continue
        stored, typed = (shown_value(bound.field, value) for value in (form.initial.get(bound.name), bound.value()))
        if stored != typed:
            pairs.append({"label": bound.label, "stored": stored, "typed": typed})
    data = request.POST.copy()
    data["version"] = form.stored_version
    fresh = type(form)(data, instance=form.instance, request=request)
    ask_for_files_again(request, fresh)
    return show(request, page, fresh, status=409, pairs=pairs, is_conflict=True)


def ask_for_files_again(request: HttpRequest, form: Form) -> None:
    """No browser sends a file a second time by itself: say so where one was chosen."""
    for name in request.FILES:
        is_wrong_itself = name in form.files and name in form.errors
        if name in form.fields and not is_wrong_itself:
            form.errors.pop(name, None)
            form.add_error(name, _("Choose this file again: the page came back without it."))


def add_errors(form: Form, error: ValidationError, *, called: Mapping[str, str] | None = None) -> None:
    """Show what a service refused at the fields it names; what the form doesn't show stands at its top.

    ``called`` gives the form's own name for a field of the service.
    """
    named = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
    for key, errors in named.items():
        name = (called or {}).get(key, key)
        form.add_error(name if name in form.fields else None, ValidationError(errors))


def same_code(model: type[Model], **of: Any) -> Callable[[dict[str, Any]], Model | None]:
    """Finds the row with the code, or serial number, that a form asked for."""
    key = "serial" if "serial" in {column.name for column in model._meta.fields} else "code"

    def find(values: dict[str, Any]) -> Model | None:
        return model.objects.filter(**of, **{key: values[key]}).first() if values.get(key) else None

    return find


def saved(changed: list[str]) -> str:
    """What an edit did."""
    return _("Saved.") if changed else _("Nothing was different; nothing was saved.")
