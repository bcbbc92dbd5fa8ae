"""The wording of the two forms: an owner keeps labels, order and lengths as the filing system has them now."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from filings import services
from filings.forms_papers import WordingForm
from filings.layout import FIELDS, layout_in_force, position_of
from filings.models import FieldWording
from portal.accounts.pages import page
from portal.law.checklists import FORMS_CITES, WORKING_SHEET, material


@page("view_pip")
def forms(request: HttpRequest) -> HttpResponse:
    """Both forms, field by field, with what isn't the portal's default any more."""
    layout = layout_in_force()
    context = {
        "forms": [
            {"code": code, "title": material(code).title, "sections": layout.forms[code]} for code in layout.forms
        ],
        "may_word": request.access.can("manage_pips"),
        "notice": WORKING_SHEET,
        "cites": FORMS_CITES,
    }
    return render(request, "filings/forms.html", context)


@page("manage_pips", writes=True)
def field(request: HttpRequest, form: str, field: str) -> HttpResponse:
    """Word one field."""
    if field not in FIELDS.get(form, {}):
        raise Http404
    own = FIELDS[form][field]
    row = FieldWording.objects.filter(tenant=request.tenant, form=form, field=field).first()
    asked = WordingForm(request.POST if request.method == "POST" else None, instance=row, request=request)
    if request.method == "POST" and asked.is_valid():
        services.word_field(request.tenant, form, field, **asked.cleaned_data)
        messages.success(request, _("The field is worded. Fill the drafts of open dossiers again."))
        return redirect("filings:forms", request.tenant.slug)
    context = {
        "form": asked,
        "own": own,
        "title": material(form).title,
        "position": position_of(form, field),
    }
    return render(request, "filings/form_field.html", context, status=422 if asked.errors else 200)
