"""The field through which files come in: judged by their content before a form is valid."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from portal.evidence.photos import IMAGES, look
from portal.evidence.services import ANY, require_acceptable
from portal.evidence.sniff import safe_name


class EvidenceField(forms.FileField):
    """A file of an allowed kind, whose content agrees with its name."""

    def __init__(self, *, allowed: Collection[str] = ANY, **kwargs: Any) -> None:
        self.allowed = allowed
        kwargs.setdefault("max_length", 400)
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("accept", ",".join(f".{ending}" for ending in sorted(allowed)))

    def clean(self, data: Any, initial: Any = None) -> UploadedFile | None:
        upload = super().clean(data, initial)
        if upload:
            require_acceptable(upload.file, name=safe_name(upload.name), allowed=self.allowed)
        return upload


class PhotoField(EvidenceField):
    """A photo, taken with the phone's camera where there is one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allowed=IMAGES, **kwargs)
        self.widget.attrs["capture"] = "environment"

    def clean(self, data: Any, initial: Any = None) -> UploadedFile | None:
        upload = super().clean(data, initial)
        if upload:
            look(upload.file)
        return upload
