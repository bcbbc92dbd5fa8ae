"""Somebody stands before a sign and says what he sees."""

from datetime import date, datetime
from typing import IO
from uuid import UUID

from django.forms import ValidationError
from django.utils.translation import gettext as _

from deployments.choices import VALID_RESULTS
from deployments.models import Sign, SignInspection
from deployments.services.rows import add, change
from portal.accounts.models import User
from portal.evidence.photos import keep_photo
from portal.tenancy.models import touch
from portal.tenancy.session import service


@service("sign.inspect")
def inspect_sign(
    sign: Sign,
    *,
    ticket: UUID,
    result: str,
    photo: IO[bytes] | None = None,
    note: str = "",
    by: User,
    today: date,
    now: datetime,
) -> SignInspection:
    """Write down what somebody saw of a sign; the first look at one that was only printed is its posting.

    The same ticket again, from a second tap or a line that broke, gives the inspection that it made.
    """
    held = Sign.objects.select_for_update(of=("self",)).select_related("pip").get(pk=sign.pk)
    made = SignInspection.objects.filter(ticket=ticket).first()
    if made is not None:
        _require_same(made, held, result)
        return made
    _require_possible(held, result, has_photo=bool(photo))
    kept = keep_photo(photo, pip=held.pip, by=by) if photo else None
    if held.posted_on is None:
        change(held, {"posted_on": today, "photo": kept})
    row = SignInspection(
        pip_id=held.pip_id,
        sign=held,
        ticket=ticket,
        inspected_on=today,
        result=result,
        photo=kept,
        note=note,
        inspected_at=now,
        inspected_by=by,
    )
    touch(held.pip_id)
    return add(row)


def _require_same(made: SignInspection, sign: Sign, result: str) -> None:
    # A page out of the browser's history is not a second tap.
    if (made.sign_id, made.result) != (sign.pk, result):
        raise ValidationError(_("This page was sent already. Open it again for another inspection."))


def _require_possible(sign: Sign, result: str, *, has_photo: bool) -> None:
    if sign.removed_on is not None:
        raise ValidationError(_("This sign was taken down. Record a new sign if one hangs here."))
    if result in VALID_RESULTS and not has_photo:
        # A finding is never held up by a camera that fails; a good result is nothing without its proof.
        raise ValidationError({"photo": _("Take a photo first: it proves that the sign can be seen.")})
    if sign.posted_on is None and result not in VALID_RESULTS:
        raise ValidationError(_("This sign was not posted yet. Post it, then take its photo."))
