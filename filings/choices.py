"""What the fields of a filing may hold: the lists of the law package, in the reader's language."""

from portal.law.checklists import AFFECTED, ENDING_TASKS, REASONS
from portal.tenancy.choices import in_language


def correction_reasons() -> list[tuple[str, str]]:
    """Why an authority sends a dossier back."""
    return [(code, in_language(text)) for code, text in REASONS.items()]


def affected_fields() -> list[tuple[str, str]]:
    """The fields of the forms and the papers that an authority may name."""
    return [(code, in_language(text)) for code, text in AFFECTED.items()]


def ending_tasks() -> list[tuple[str, str]]:
    """What is to be done when a use ends."""
    return [(code, in_language(task.title)) for code, task in ENDING_TASKS.items()]
