"""The foreign key of tenant-owned rows."""

from typing import Any

from django.db import models


class TenantKey(models.ForeignKey):
    """A foreign key to another row of the same tenant.

    The database constraint is the composite ``(tenant_id, x_id) → (tenant_id, id)`` that ``Fence`` adds, so that
    a row can't point at another tenant's parent; Django's own single-column constraint would only double the work.
    """

    def __init__(self, to: Any, on_delete: Any = models.PROTECT, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        # Most keys are the first column of a constraint or of a named index already; a second index only costs writes.
        kwargs.setdefault("db_index", False)
        super().__init__(to, on_delete=on_delete, **kwargs)

    def deconstruct(self) -> tuple:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("db_constraint", None)
        if not kwargs.get("db_index", True):
            del kwargs["db_index"]
        return name, path, args, kwargs

    def formfield(self, **kwargs: Any) -> Any:
        """No choices at import time, when no tenant is in scope; TenantForm gives each form its tenant's."""
        kwargs.setdefault("queryset", self.related_model._base_manager.none())
        return super().formfield(**kwargs)
