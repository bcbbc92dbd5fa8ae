"""What every service of the register does with a row: check it, save it, say in words what a constraint refuses."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction
from django.forms import ValidationError
from django.utils.translation import gettext as _

from portal.tenancy.models import TenantOwned

Row = TypeVar("Row", bound=TenantOwned)


@contextmanager
def constraints_as_words(model: type[models.Model]) -> Iterator[None]:
    """Turn the refusal of a named constraint, such as of the second of two clicks, into its message for people."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        for constraint in model._meta.constraints:
            if constraint.name == name:
                raise ValidationError(constraint.get_violation_error_message(), code=name) from error
        raise


def add(row: Row) -> Row:
    """Check and insert a new row."""
    _check(row)
    with constraints_as_words(type(row)):
        row.save(force_insert=True)
    return row


def hold(row: Row) -> Row:
    """The row as it is stored now, held until the transaction ends: of two clicks the second sees the first's work."""
    return type(row).objects.select_for_update(of=("self",)).get(pk=row.pk)


def change(row: Row, changes: Mapping[str, Any]) -> list[str]:
    """Write those of the given values that differ from the stored ones; the names of what changed."""
    stored = hold(row)
    changed = [name for name, value in changes.items() if getattr(stored, name) != value]
    for name in changed:
        setattr(stored, name, changes[name])
    if changed:
        _check(stored)
        with constraints_as_words(type(row)):
            stored.save(update_fields=changed)
    for name, value in changes.items():
        setattr(row, name, value)
    return changed


def _check(row: TenantOwned) -> None:
    """Every rule of the model. What is frozen or filled in later may be empty: ``blank`` is a rule of forms."""
    filled_later = [
        field.name
        for field in row._meta.concrete_fields
        if isinstance(field, models.JSONField)
        or (field.null and not field.blank and getattr(row, field.attname) is None)
    ]
    row.full_clean(exclude=["tenant", *filled_later])


def require_of_pip(pip_id: int, **rows: Any) -> None:
    """Refuse rows of another PIP: a deployment, its scenario and its site belong to one legal entity."""
    wrong = [name for name, row in rows.items() if row is not None and row.pip_id != pip_id]
    if wrong:
        raise ValidationError({name: _("This belongs to another PIP. Choose one of the same PIP.") for name in wrong})


def require_not_after(today: date, **days: date | None) -> None:
    """Refuse days that have not come yet: the register says what is, not what is planned."""
    late = [name for name, day in days.items() if day is not None and day > today]
    if late:
        raise ValidationError({name: _("This day lies in the future. Enter it when it has come.") for name in late})
