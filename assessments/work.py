"""What impact assessments ask of people: to approve, or to go on with what was sent back."""

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.models import Assessment, Author
from portal.obligations.work import MOST, Hands, Work


def assessments(hands: Hands) -> list[Work]:
    """Submitted ones in which the reader did not write, and returned ones that he, or nobody else, wrote."""
    wrote = Author.objects.filter(assessment=OuterRef("pk"), user=hands.access.user.pk)
    to_approve = Q(state="submitted", is_author=False, pip_id__in=hands.pips("approve_assessment")) & ~Q(
        written_by=hands.access.user.pk
    )
    sent_back = Q(state="returned", pip_id__in=hands.pips("write_assessment"))
    rows = hands.access.rows(Assessment).annotate(is_author=Exists(wrote)).filter(to_approve | sent_back)
    slug = hands.access.tenant.slug
    return [
        Work(
            kind="assessment",
            what=_("Go on with the impact assessment that was sent back")
            if row.state == "returned"
            else _("Approve the impact assessment, or send it back"),
            url=reverse("assessments:assessment", args=[slug, row.reference]),
            pip_id=row.pip_id,
            pip=row.pip.name,
            about=row.title,
            code=row.reference,
            holder=row.written_by_id if row.state == "returned" and row.written_by_id in hands.people else None,
            badge="returned" if row.state == "returned" else "in_review",
            undated=_("before use"),
        )
        for row in rows.select_related("pip").order_by("id")[:MOST]
    ]
