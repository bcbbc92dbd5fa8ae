"""Forms whose choices are the tenant's own, and only those that the person may use."""

from typing import Any

from django import forms
from django.http import HttpRequest

from portal.tenancy.models import Pip


class TenantForm(forms.ModelForm):
    """A ModelForm that rebinds every choice of rows to the request's tenant.

    ``permission`` is the one that the person must hold on a PIP for its rows to be offered.
    """

    permission = "edit_register"

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = self.rows(field.queryset.model)

    def rows(self, model: type) -> Any:
        """The rows of a model that this form may offer."""
        allowed = self.request.access.pip_ids(self.permission)
        key = "pk__in" if model is Pip else "pip_id__in"
        return model.objects.filter(tenant=self.request.tenant, **{key: allowed})
