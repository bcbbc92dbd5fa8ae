"""What people say about a duty, and whom they want to read it."""

from collections.abc import Iterable, Sequence

from django.forms import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.obligations.models import Mention, Obligation, Remark
from portal.tenancy.session import service
from portal.workflow import StateConflict


def named_in(text: str, people: Sequence[User]) -> list[User]:
    """Those whom a text calls by ``@`` and their name or the first part of their address; the longest name wins."""
    calls = sorted(
        ((call.casefold(), person) for person in people for call in (person.name, person.email.split("@")[0]) if call),
        key=lambda pair: -len(pair[0]),
    )
    found: dict[int, User] = {}
    for piece in text.casefold().split("@")[1:]:
        called = next((person for call, person in calls if piece.startswith(call)), None)
        if called is not None:
            found[called.pk] = called
    return list(found.values())


@service("duty.remark")
def write_remark(
    duty: Obligation, text: str, *, by: User, readers: Sequence[User], chosen: Iterable[int] = ()
) -> Remark:
    """Say something about a duty. Of ``readers`` those named in the text and those chosen find it in their work.

    Of two clicks the second gets what the first made.
    """
    text = text.strip()
    if not text:
        raise ValidationError({"text": _("Write what you want to say.")})
    # Two who write take turns.
    Obligation.objects.select_for_update(of=("self",), no_key=True).get(pk=duty.pk)
    last = Remark.objects.filter(obligation=duty).order_by("-id").first()
    if last is not None and last.resolved_at is None and (last.by_id, last.text) == (by.pk, text):
        return last
    remark = Remark.objects.create(
        tenant_id=duty.tenant_id, pip_id=duty.pip_id, obligation=duty, text=text, by=by, at=timezone.now()
    )
    picked = set(chosen)
    mentioned = {person.pk for person in named_in(text, readers)} | {one.pk for one in readers if one.pk in picked}
    Mention.objects.bulk_create(
        Mention(tenant_id=duty.tenant_id, pip_id=duty.pip_id, remark=remark, user_id=pk)
        for pk in sorted(mentioned - {by.pk})
    )
    # Whoever answers has read what was said to him before.
    read_mentions(duty, by)
    return remark


def read_mentions(duty: Obligation, person: User) -> int:
    """Mark what was said to a person about a duty as read; how many remarks that were."""
    mine = Mention.objects.filter(remark__obligation=duty, user=person, read_at__isnull=True)
    return mine.update(read_at=timezone.now())


@service("duty.read_remarks")
def read_duty(duty: Obligation, *, by: User) -> int:
    """A person has read what was said to him about a duty."""
    return read_mentions(duty, by)


@service("duty.settle_remark")
def resolve(remark: Remark, *, by: User) -> None:
    """Settle a remark: it is folded away, and waits for nobody any more."""
    open_ones = Remark.objects.filter(pk=remark.pk, resolved_at__isnull=True)
    if open_ones.update(resolved_at=timezone.now(), resolved_by=by) != 1:
        raise StateConflict(_("This remark was settled already. Reload the page."))
    Mention.objects.filter(remark=remark, read_at__isnull=True).update(read_at=timezone.now())


@service("duty.reopen_remark")
def reopen(remark: Remark) -> None:
    """Take up a settled remark again."""
    settled = Remark.objects.filter(pk=remark.pk, resolved_at__isnull=False)
    if settled.update(resolved_at=None, resolved_by=None) != 1:
        raise StateConflict(_("This remark is open already. Reload the page."))
