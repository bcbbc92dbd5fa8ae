"""The audit trail as people read it: who did what to which thing, old → new, in the reader's language."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from deployments.models import PersonCount, SignInspection
from filings.models import DossierDocument, Receipt, Snapshot, Submission
from portal.accounts.models import User
from portal.audit.models import AuditEvent
from portal.cases.models import CaseNote
from portal.desk.deeds import deed
from portal.desk.names import (
    HIDDEN,
    HIDDEN_IN,
    OPERATIONS,
    column_name,
    field_of,
    points_at,
    table_name,
    value_name,
)
from portal.desk.parts import about
from portal.evidence.models import Evidence, Photo
from portal.imports.services import visible
from portal.law.checklists import MATERIALS
from portal.obligations.models import Obligation
from portal.obligations.subjects import subjects_of
from portal.tenancy.models import Tenant

STORY_LENGTH = 20
# Rows read for the steps of a timeline, and names spelled out in one of them.
MOST_EVENTS = 200
MOST_NAMED = 3
# The reasons of a duty are stored in both languages; the reader sees his own.
OTHER_LANGUAGE = {False: {"why_zh", "refusal_zh"}, True: {"why_en", "refusal_en"}}


@dataclass(frozen=True)
class Entry:
    """One event, ready for the timeline and the trail's table."""

    moment: datetime
    what: str
    who: str
    kind: str
    detail: str = ""
    url: str = ""
    changes: list[tuple[str, Any, Any]] = field(default_factory=list)
    event: AuditEvent | None = None
    deed: str = ""
    reason: str = ""


def visible_events(request: HttpRequest) -> QuerySet[AuditEvent]:
    """The events about PIPs that the reader may see, and those about the workspace as a whole."""
    mine = Q(pip_id__in=request.access.pip_ids("view_pip")) | Q(pip_id__isnull=True)
    events = AuditEvent.objects.filter(mine, tenant=request.tenant)
    if request.access.sees_all_pips:
        return events
    # A vendor file may speak of several PIPs: its events are seen by who sees the file.
    files = visible(request.access).annotate(row=Cast("pk", CharField())).values("row")
    return events.exclude(Q(table_name="imports_importbatch") & ~Q(row_id__in=files))


def differences(event: AuditEvent) -> list[tuple[str, Any, Any]]:
    """(column, old, new) of a change; of a new row its values, of a removed one what it held."""
    content = event.content
    if event.operation == "update":
        rows = [(column, old, new) for column, (old, new) in content["changes"].items()]
    elif event.operation == "insert":
        rows = [(column, None, new) for column, new in content["new"].items()]
    else:
        rows = [(column, old, None) for column, old in content["old"].items()]
    hidden = HIDDEN | HIDDEN_IN.get(event.table_name, set()) | OTHER_LANGUAGE[get_language() == "zh-hans"]
    shown = [row for row in rows if row[0] not in hidden and (row[1] not in (None, "") or row[2] not in (None, ""))]
    return in_order_of_fields(event.table_name, shown)


def in_order_of_fields(table: str, rows: list[tuple[str, Any, Any]]) -> list[tuple[str, Any, Any]]:
    """The columns in the order of the model, as on its form."""

    def place(row: tuple[str, Any, Any]) -> int:
        found = field_of(table, row[0])
        return found.creation_counter if found is not None else 0

    return sorted(rows, key=place)


def entries(request: HttpRequest, events: Iterable[AuditEvent], *, is_brief: bool = False) -> list[Entry]:
    """Events in words; a fixed number of look-ups for all of them together. ``is_brief`` shows changes only."""
    events = list(events)
    changed = [[] if is_brief and event.operation != "update" else differences(event) for event in events]
    names = names_of_rows(request, events, changed)
    people = people_of(events)
    called = row_names(request, events)
    made = []
    for event, rows in zip(events, changed, strict=True):
        content = event.content
        made.append(
            Entry(
                moment=event.at,
                what=_("%(thing)s %(name)s %(done)s")
                % {
                    "thing": table_name(event.table_name),
                    "name": own_name(event, called),
                    "done": OPERATIONS[event.operation],
                },
                who=people.get(event.actor) or actor_name(event.actor),
                kind=kind_of(event),
                changes=[
                    (
                        column_name(event.table_name, column),
                        value_of(event.table_name, column, old, names),
                        value_of(event.table_name, column, new, names),
                    )
                    for column, old, new in rows
                ],
                event=event,
                deed=deed(event.verb),
                reason=content.get("reason") or "",
            )
        )
    return made


def row_names(request: HttpRequest, events: Iterable[AuditEvent]) -> dict[tuple[str, str], str]:
    """What people call the rows that the trail knows by number or key only, by table and id; one look-up a table."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for event in events:
        if event.table_name in ROW_NAMES:
            wanted[event.table_name].add(event.row_id)
    return {
        (table, str(pk)): name for table, ids in wanted.items() for pk, name in ROW_NAMES[table](request.tenant, ids)
    }


def duty_names(tenant: Tenant, ids: set[str]) -> Iterable[tuple[int, str]]:
    """Duties by title and subject."""
    rows = list(Obligation.objects.filter(tenant=tenant, pk__in=ids).select_related("pip", "pip__tenant"))
    subjects = subjects_of(rows)
    for row in rows:
        about = subjects[row.pk]
        yield row.pk, " ".join(filter(None, (f"{row.title} · {about.name}", about.code)))


def paper_names(tenant: Tenant, ids: set[str]) -> Iterable[tuple[int, str]]:
    """Papers of a dossier by the title of the material."""
    for pk, material in DossierDocument.objects.filter(tenant=tenant, pk__in=ids).values_list("pk", "material"):
        title = MATERIAL_TITLES.get(material)
        yield pk, title.in_(get_language() or "en") if title else material


def version_names(tenant: Tenant, ids: set[str]) -> Iterable[tuple[int, str]]:
    """Frozen versions by their number."""
    for pk, number in Snapshot.objects.filter(tenant=tenant, pk__in=ids).values_list("pk", "round"):
        yield pk, _("Version %(n)s") % {"n": number}


def submission_names(tenant: Tenant, ids: set[str]) -> Iterable[tuple[int, str]]:
    """Submissions by their day and the number of the receipt."""
    rows = Submission.objects.filter(tenant=tenant, pk__in=ids).values_list("pk", "submitted_on", "receipt_number")
    return ((pk, " · ".join(filter(None, (f"{on}", number)))) for pk, on, number in rows)


def receipt_names(tenant: Tenant, ids: set[str]) -> Iterable[tuple[int, str]]:
    """Answers of the authority by their day and number."""
    rows = Receipt.objects.filter(tenant=tenant, pk__in=ids).values_list("pk", "received_on", "number")
    return ((pk, " · ".join(filter(None, (f"{on}", number)))) for pk, on, number in rows)


def inspection_names(tenant: Tenant, ids: set[str]) -> Iterable[tuple[int, str]]:
    """Inspections by their sign and day."""
    rows = SignInspection.objects.filter(tenant=tenant, pk__in=ids).values_list("pk", "sign__code", "inspected_on")
    return ((pk, f"{code} · {on}") for pk, code, on in rows)


def photo_names(tenant: Tenant, ids: set[str]) -> Iterable[tuple[int, str]]:
    """Photos by the name that they came with."""
    return Photo.objects.filter(tenant=tenant, pk__in=ids).values_list("pk", "original__name")


def case_names(tenant: Tenant, ids: set[str]) -> Iterable[tuple[int, str]]:
    """Notes by the reference of their case."""
    return CaseNote.objects.filter(tenant=tenant, pk__in=ids).values_list("pk", "case__reference")


def file_names(tenant: Tenant, ids: set[str]) -> Iterable[tuple[int, str]]:
    """Files by the name they came with."""
    return Evidence.objects.filter(tenant=tenant, pk__in=ids).values_list("pk", "name")


MATERIAL_TITLES = {material.code: material.title for material in MATERIALS}
ROW_NAMES: dict[str, Callable[[Tenant, set[str]], Iterable[tuple[int, str]]]] = {
    Obligation._meta.db_table: duty_names,
    DossierDocument._meta.db_table: paper_names,
    Snapshot._meta.db_table: version_names,
    Submission._meta.db_table: submission_names,
    Receipt._meta.db_table: receipt_names,
    CaseNote._meta.db_table: case_names,
    Evidence._meta.db_table: file_names,
    SignInspection._meta.db_table: inspection_names,
    Photo._meta.db_table: photo_names,
}


def own_name(event: AuditEvent, names: dict[tuple[str, str], str]) -> str:
    """What the row is called; a count by its number and day."""
    known = names.get((event.table_name, event.row_id))
    if known:
        return known
    fresh = event.content.get("new") or {}
    if event.table_name == PersonCount._meta.db_table and "persons" in fresh:
        return f"{fresh['persons']:,} · {fresh['counted_on']}"
    return event.content.get("subject") or event.row_id


def value_of(table: str, column: str, value: Any, names: dict[tuple[type, int], str]) -> Any:
    """A value in words; of a key, the name of the row it points at."""
    model = points_at(table, column)
    if model is not None and isinstance(value, int):
        return names.get((model, value), f"#{value}")
    return value_name(table, column, value)


def names_of_rows(
    request: HttpRequest, events: Sequence[AuditEvent], changed: list[list[tuple[str, Any, Any]]]
) -> dict[tuple[type, int], str]:
    """Names of the rows that keys point at, one look-up a model."""
    wanted: dict[type, set[int]] = defaultdict(set)
    for event, rows in zip(events, changed, strict=True):
        for column, old, new in rows:
            model = points_at(event.table_name, column)
            if model is not None:
                wanted[model].update(value for value in (old, new) if isinstance(value, int))
    names: dict[tuple[type, int], str] = {}
    for model, ids in wanted.items():
        if model is User:
            names.update({(model, row.pk): str(row) for row in User.objects.filter(pk__in=ids)})
            continue
        rows = model.objects.filter(tenant=request.tenant, pk__in=ids)
        if model is Obligation:
            names.update({(model, row.pk): row.title for row in rows})
            continue
        if model is Photo:
            names.update({(model, pk): name for pk, name in rows.values_list("pk", "original__name")})
            continue
        choice = ("name",) if model is Evidence else ("reference", "code", "serial", "name")
        label = next((name for name in choice if has_column(model, name)), None)
        if label is not None:
            names.update({(model, pk): str(text) for pk, text in rows.values_list("pk", label)})
    return names


def has_column(model: type, name: str) -> bool:
    """Whether rows of the model are called by this column."""
    return any(column.name == name for column in model._meta.concrete_fields)


def people_of(events: Iterable[AuditEvent]) -> dict[str, str]:
    """The names behind ``user:7``."""
    ids = {int(event.actor[5:]) for event in events if event.actor.startswith("user:") and event.actor[5:].isdecimal()}
    return {f"user:{person.pk}": str(person) for person in User.objects.filter(pk__in=ids)} if ids else {}


def actor_name(actor: str) -> str:
    """What acted where no person did."""
    kind, _colon, name = actor.partition(":")
    if kind == "system":
        return _("the operator at the command line") if name == "command" else _("the portal")
    return {"public": _("a visitor"), "anonymous": _("somebody not signed in")}.get(kind, actor)


def kind_of(event: AuditEvent) -> str:
    """The kind of timeline entry."""
    if event.table_name == "obligations_obligation":
        return "law"
    if event.verb.startswith("import."):
        return "import"
    if event.table_name.startswith("evidence_"):
        return "evidence"
    if event.verb.startswith("filing."):
        return {"filing.submit": "submitted", "filing.accept": "accepted", "filing.ask_correction": "correction"}.get(
            event.verb, "filing"
        )
    if event.actor.startswith("system:"):
        return "system"
    return "change" if event.operation == "update" else "person"


def story_of(request: HttpRequest, subject: Any) -> list[Entry]:
    """The newest steps about a subject: what one act wrote in one go is one step, however many rows it touched."""
    events = visible_events(request).filter(about(subject)).order_by("-id")[:MOST_EVENTS]
    steps: dict[tuple[int, str, str], list[AuditEvent]] = {}
    for event in events:
        key = (event.transaction, event.verb, event.content.get("reason") or "")
        if key not in steps and len(steps) == STORY_LENGTH:
            break
        steps.setdefault(key, []).append(event)
    told = [event for rows in steps.values() for event in rows]
    lines = {line.event.pk: line for line in entries(request, told, is_brief=True)}
    called = row_names(request, told)
    return [step(subject, [lines[row.pk] for row in rows], called) for rows in steps.values()]


def step(subject: Any, lines: list[Entry], called: dict[tuple[str, str], str]) -> Entry:
    """One act in one line, with what it touched; of the subject itself and of a single row also old → new."""
    table = subject._meta.db_table
    parts: dict[str, list[AuditEvent]] = defaultdict(list)
    for line in reversed(lines):
        if line.event.table_name != table:
            parts[line.event.table_name].append(line.event)
    touched = []
    for name, events in parts.items():
        names = list(dict.fromkeys(own_name(event, called) for event in events))
        if len(names) <= MOST_NAMED:
            touched.append(f"{sentence(table_name(name))}{_(': ')}{_(', ').join(names)}")
        else:
            touched.append(_("%(thing)s × %(n)s") % {"thing": sentence(table_name(name)), "n": len(names)})
    own = [line for line in lines if line.event.table_name == table or len(lines) == 1]
    state = column_name(table, "state")
    changes = [change for line in own for change in line.changes if change[0] != state]
    first = own[0] if own else lines[0]
    return replace(
        first,
        what=sentence(first.deed),
        detail="; ".join([*touched, *([first.reason] if first.reason else [])]),
        changes=changes,
    )


def sentence(words: str) -> str:
    """With a capital letter, where the script has them."""
    return words[:1].upper() + words[1:]


def trail_url(request: HttpRequest, subject: Any) -> str:
    """The trail of one row, with what the portal itself did."""
    query = urlencode({"table": subject._meta.db_table, "row": subject.pk, "person": "all"})
    return f"{reverse('desk:trail', args=[request.tenant.slug])}?{query}"
