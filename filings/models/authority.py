"""AuthorityEntry: how a provincial cyberspace authority is reached, as one operator read it and another confirmed."""

from django.conf import settings
from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.tenancy.choices import province_choices

ON_THE_WEB = URLValidator(
    schemes=["http", "https"], message=_("Give an address that begins with http:// or https://.")
)
NUMBERS = RegexValidator(
    r"^[0-9０-９+()（）\-－ ,，、;；转]{5,60}$", _("Give telephone numbers: digits, spaces and hyphens.")
)


class AuthorityEntry(models.Model):
    """A version of a province's row in the directory. Shared by all tenants; holds nothing of any.

    No text publishes such a list, so it is empty at first; of a province the newest confirmed version counts.
    """

    province = models.CharField(_("province"), max_length=2, choices=province_choices)
    phone = models.CharField(_("telephone"), max_length=60, blank=True, validators=[NUMBERS])
    hours = models.CharField(_("hours"), max_length=120, blank=True)
    notice_url = models.CharField(
        _("address of the filing guide or notice"), max_length=300, blank=True, validators=[ON_THE_WEB]
    )
    remark = models.CharField(_("what callers should know"), max_length=300, blank=True)
    source = models.CharField(_("where it was read"), max_length=300)
    seen_on = models.DateField(_("read on"))
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        default_permissions = ()
        ordering = ["province", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(phone="") | ~Q(notice_url=""), name="authority_entry_reaches_it"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("entered_by")),
                name="authority_entry_confirmed_by_another",
            ),
        ]
        indexes = [
            models.Index(fields=["province", "-id"], name="authority_entry_confirmed", condition=~Q(confirmed_by=None))
        ]

    def __str__(self) -> str:
        return f"{self.get_province_display()} · {self.phone or self.notice_url}"


def entry_of(province: str) -> AuthorityEntry | None:
    """How the authority of a province is reached, if anybody entered and confirmed it."""
    return AuthorityEntry.objects.filter(province=province, confirmed_by__isnull=False).order_by("-id").first()
