"""Whether a scenario asks anybody for consent, and for what (FRM Arts 6, 7, 8; PIPL Arts 13, 26)."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from deployments.models import ConsentMechanism, Scenario
from portal.law import enums
from portal.law.sources import FRM, PIPL, Cite


@dataclass(frozen=True)
class Asked:
    """What consent is asked for; the rest of the tab follows from it."""

    for_processing: bool
    for_storage: bool
    for_other_use: bool
    of_children: bool

    @property
    def at_all(self) -> bool:
        """Whether people are asked; rules for children are owed even where nobody is (FRM Art 7)."""
        return self.for_processing or self.for_storage or self.for_other_use

    @property
    def of_guardians(self) -> bool:
        """FRM Art 7: the consent of a parent or another guardian, where processing stands on consent."""
        return self.at_all and self.of_children


def asked(scenario: Scenario) -> Asked:
    """What is asked in this scenario as the register has it."""
    return Asked(
        for_processing=scenario.legal_basis == "consent",
        for_storage=scenario.storage_exception == "consent",
        # PIPL Art 26: another use of what is captured in public places.
        for_other_use=bool(scenario.other_use and scenario.other_use_consent),
        of_children="under_14" in scenario.subject_groups,
    )


@dataclass(frozen=True)
class Check:
    """Something that the consent of a scenario must have: whether and how it is there, and what asks for it."""

    name: str | Promise
    is_met: bool
    how: Any
    cite: Cite
    layer: str = "law"


def checklist(scenario: Scenario, mechanism: ConsentMechanism | None) -> list[Check]:
    """What is asked of the consent of a scenario; nothing where it asks nobody."""
    what, has = asked(scenario), mechanism or ConsentMechanism()
    kinds = [enums.CONSENT_KINDS.get(kind, kind) for kind in has.kinds]
    lines = [
        (what.at_all, Check(_("active cooperation"), bool(kinds), kinds, Cite("GBT-41819"), "standard")),
        (what.at_all, Check(_("asked separately"), has.is_separate, "", PIPL(29))),
        (what.at_all, Check(_("proof of how it is asked"), has.proof_id is not None, "", PIPL(69), "default")),
        (what.for_storage, Check(_("covers the storage"), has.covers_storage, "", FRM(8))),
        (
            what.at_all and scenario.cross_border,
            Check(_("covers the transfer abroad"), has.covers_cross_border, "", PIPL(39)),
        ),
        (has.needs_written, Check(_("in writing"), has.written_form_id is not None, has.written_law, FRM(6))),
        (what.at_all, Check(_("a way to withdraw"), bool(has.withdrawal_path), has.withdrawal_path, PIPL(15))),
        (what.of_guardians, Check(_("a guardian consents"), bool(has.guardian_how), has.guardian_how, FRM(7))),
        (
            what.of_children,
            Check(_("rules for children under 14"), has.children_rules_id is not None, has.children_rules_on, FRM(7)),
        ),
    ]
    return [check for applies, check in lines if applies]
