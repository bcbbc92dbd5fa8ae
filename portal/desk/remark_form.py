"""The form of a remark: the words, and who finds it in his work."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User


class RemarkForm(forms.Form):
    """What is said, with ``@name`` in the text or ticks beside names."""

    text = forms.CharField(
        label=_("Remark"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Write @ and a name, or tick names below: those people find it in My work."),
    )
    people = forms.MultipleChoiceField(label=_("For whom"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, readers: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = [(str(one.pk), str(one)) for one in readers]

    @property
    def chosen(self) -> list[int]:
        """The ids of the people who were ticked."""
        return [int(pk) for pk in self.cleaned_data["people"]]
