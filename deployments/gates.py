"""What must be right before face information is processed at a place: the gates of *active*, each with its article."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from deployments.models import Deployment, Device, Sign
from portal.law.engine import rule_by_id
from portal.obligations.models import Obligation, State

ASSESSMENT = "frm-09-pipia-before-use"
SIGN = "frm-13-sign"
PRIVATE_SPACE = "frm-13-private-space"


@dataclass(frozen=True)
class Gate:
    """One thing the law asks before use: whether it is done, and the sentence that says what to do."""

    rule: str
    is_open: bool
    sentence: str

    @property
    def article(self) -> str:
        """The first citation of the rule, as people write it."""
        return rule_by_id(self.rule).cites[0].label.in_(get_language() or "en")


def gates(
    deployment: Deployment, *, devices: Iterable[Device], signs: Iterable[Sign], obligations: Iterable[Obligation]
) -> list[Gate]:
    """The gates of a deployment, from rows that the caller has read."""
    in_use = [device for device in devices if device.removed_on is None]
    private = [device for device in in_use if device.is_in_private_space]
    found = [_private_space(private)]
    if deployment.scenario.is_in_scope:
        found.append(_assessment(deployment, obligations))
        if deployment.site.place_type == "public":
            hangs = any(sign.hangs for sign in signs)
            found.append(_sign(needed=bool(in_use), hangs=hangs))
    return found


def read_gates(deployment: Deployment) -> list[Gate]:
    """The gates of a deployment as the database has them now."""
    return gates(
        deployment,
        devices=Device.objects.filter(deployment=deployment, removed_on__isnull=True),
        signs=Sign.objects.filter(deployment=deployment, removed_on__isnull=True),
        obligations=Obligation.objects.filter(
            pip=deployment.pip_id, rule=ASSESSMENT, subject=f"scenario:{deployment.scenario.code}"
        ),
    )


def _private_space(private: list[Device]) -> Gate:
    if not private:
        return Gate(PRIVATE_SPACE, True, _("No device hangs in a private space."))
    named = ", ".join(device.serial for device in private)
    sentence = _("Devices hang in a private space: %(devices)s. Remove them and record the day of removal.")
    return Gate(PRIVATE_SPACE, False, sentence % {"devices": named})


def _assessment(deployment: Deployment, obligations: Iterable[Obligation]) -> Gate:
    # The assessment's rows live a storey above: its duty, kept by reconcile, tells whether one is approved.
    subject = f"scenario:{deployment.scenario.code}"
    states = [row.state for row in obligations if row.rule == ASSESSMENT and row.subject == subject]
    if any(state in (State.MET, State.WAIVED) for state in states):
        return Gate(ASSESSMENT, True, _("The impact assessment of the scenario is approved."))
    sentence = _("The scenario %(scenario)s has no approved impact assessment. Register the approved report first.")
    return Gate(ASSESSMENT, False, sentence % {"scenario": deployment.scenario.code})


def _sign(*, needed: bool, hangs: bool) -> Gate:
    if hangs:
        return Gate(SIGN, True, _("A sign is posted."))
    if not needed:
        return Gate(SIGN, True, _("No device is in use yet; post a sign before the first one."))
    return Gate(SIGN, False, _("No sign is posted at this public place. Post one and record it."))
