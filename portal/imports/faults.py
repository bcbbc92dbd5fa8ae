"""What the register says against a row, in words: what is wrong, and what to write instead."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext_noop as _

from portal.imports.reading.columns import KINDS
from portal.imports.reading.phrases import Judged, Phrase, Problem, shortened

LONGER = "longer_than_"
WORDS: dict[str, tuple[str, str]] = {
    "pip_uscc_unknown": (
        _("No PIP with this code is open to you here."),
        _("Compare the code with the business licence, or ask the compliance officer to register the PIP."),
    ),
    "scenario_code_unknown": (
        _("This PIP has no scenario with this code."),
        _("Write the code of a scenario in the register, or ask the compliance officer to add it first."),
    ),
    "deployment_code_unknown": (
        _("This PIP has no deployment with this code."),
        _("Write the code of a deployment in the register, or import the deployments first."),
    ),
    "deployment_of_other_scenario": (
        _("This deployment belongs to another scenario."),
        _("Write the scenario of the deployment, or leave the deployment empty to count the whole scenario."),
    ),
    "site_new_name": (_("The site is new, and its name is missing."), _("Write the name of the site.")),
    "site_new_province": (
        _("The site is new, and its province is missing."),
        _("Write the name or the two-digit code of the province, for example 北京市, 北京 or 11."),
    ),
    "status_backwards": (
        _("The register is further than this: from its present status the deployment can't go to this one."),
        _("Write the present status, or ask the compliance officer to change it in the register."),
    ),
    "active_private": (
        _("A device of this deployment hangs in a private space, where face recognition is never allowed."),
        _("Write suspended (停用), or import the day on which the device was removed first."),
    ),
    "ended_missing": (
        _("The deployment is terminated, but the day on which it ended is missing."),
        _("Write the day like 2025-06-05, or mend the status."),
    ),
    "ends_before_start": (
        _("The end would lie before the start."),
        _("Write a day on or after the start, or give the right start too."),
    ),
    "private_unproved": (
        _("The register has this device in a private space, and nothing proves that it is gone from there."),
        _("Write the space as before, and add the proof on the device's page; the space can be changed with it."),
    ),
    "removed_before_installed": (
        _("The removal would lie before the installation."),
        _("Write a day on or after the installation, or give the right day of installation too."),
    ),
    "removed_before_posted": (
        _("The sign would be taken down before it was posted."),
        _("Write a day on or after the posting."),
    ),
}


def problems_of(
    judged: Judged, faults: Iterable[tuple[str, str]], kind: str, headers: Mapping[str, str]
) -> list[Problem]:
    """All that is wrong with a row: what its cells say, then what the register says, each column once.

    ``faults`` are (code, column); ``headers`` gives the header of a column as the file writes it.
    """
    problems = list(judged.problems)
    named = {problem.column for problem in problems}
    for code, column in faults:
        header = headers.get(column) or missing_header(kind, column)
        if header in named:
            continue
        problems.append(Problem(header, shortened(judged.raw.get(header, "")), *phrases(code)))
    return problems


def phrases(code: str) -> tuple[Phrase, Phrase]:
    """The words for a fault."""
    if code.startswith(LONGER):
        limit = int(code.removeprefix(LONGER))
        return (
            Phrase(_("The text is longer than the register keeps.")),
            Phrase(_("Write at most {limit} characters."), limit=limit),
        )
    message, remedy = WORDS[code]
    return Phrase(message), Phrase(remedy)


def missing_header(kind: str, column: str) -> str:
    """How to name a column that the file doesn't have."""
    return f"{KINDS[kind].column(column).zh} ({column})"
