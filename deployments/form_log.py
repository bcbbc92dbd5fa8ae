"""Forms of rows that are only ever added: they know the newest one, so that a second click adds no second row."""

from typing import Any

from django import forms
from django.db.models import Model

from deployments.form_base import RegisterForm


class LogForm(RegisterForm):
    """A form that adds a row to a log. It carries the newest row's key; one added meanwhile is shown first.

    ``log`` names the fields that make up the log which the new row belongs to.
    """

    asks_reason = False
    log: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"] = forms.CharField(widget=forms.HiddenInput, required=False)
        self.newest = self._newest()
        self.stored_version = str(self.newest.pk if self.newest else "none")
        self.initial["version"] = self.stored_version

    def _newest(self) -> Model | None:
        of = {name: getattr(self.instance, name) for name in self.log}
        rows = type(self.instance).objects.filter(tenant=self.request.tenant, **of)
        return rows.order_by("-pk").first()
