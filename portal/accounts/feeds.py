"""The secret address of a person's calendar: shown once, kept as a hash, withdrawn at will."""

import hashlib
from datetime import datetime
from uuid import UUID, uuid4

from portal.accounts.models import FeedAddress, Membership
from portal.tenancy.session import service


def hash_of(secret: UUID) -> str:
    """What is stored, and what ``door_feed`` looks for: SHA-256 of the secret as it stands in the address."""
    return hashlib.sha256(str(secret).encode()).hexdigest()


@service("feed.make")
def make_feed(membership: Membership, *, covers_all: bool, now: datetime) -> UUID:
    """A new secret for the person's own duties, or for all that he sees; the one before stops working at once."""
    secret = uuid4()
    FeedAddress.objects.filter(membership=membership, covers_all=covers_all).delete()
    FeedAddress.objects.create(
        tenant_id=membership.tenant_id,
        membership=membership,
        covers_all=covers_all,
        secret_hash=hash_of(secret),
        made_at=now,
    )
    return secret


@service("feed.revoke")
def revoke_feed(membership: Membership, *, covers_all: bool) -> bool:
    """Withdraw an address; whether there was one."""
    return FeedAddress.objects.filter(membership=membership, covers_all=covers_all).delete()[0] > 0
