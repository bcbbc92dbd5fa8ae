"""The notice of a scenario: drafted, published version by version, and shown to people (FRM Art 5)."""

from datetime import date, timedelta
from typing import IO, Any

from django.forms import ValidationError
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from deployments.models import Notice, NoticeShowing, NoticeVersion, Scenario
from deployments.notified import notified_facts
from deployments.prefill import gaps_in
from deployments.services.rows import add, change, require_not_after
from portal.accounts.models import User
from portal.calendars.clock import civil_now
from portal.evidence.photos import keep_photo
from portal.evidence.services import PAPERS, keep
from portal.law.enums import NOTICE_ITEMS, REQUIRED_NOTICE_ITEMS
from portal.tenancy.models import touch
from portal.tenancy.session import service
from portal.workflow import CaseError, Move, advance

MOVES = {"publish": Move.of("draft", "published"), "supersede": Move.of("published", "superseded")}
TEXTS = tuple(f"{name}_{language}" for name in (*NOTICE_ITEMS, "plain") for language in ("zh", "en"))
# A version may be published ahead of its day, so that people are told before a change takes effect.
FARTHEST_DAYS = 366
# What all texts of a version may take of the page that a phone loads over a slow line (portal default).
MOST_BYTES = 22_000


@service("notice.open")
def notice_of(scenario: Scenario) -> Notice:
    """The notice of a scenario, with its public code; made at its first use, by a draft or by a sign."""
    Scenario.objects.select_for_update(of=("self",)).get(pk=scenario.pk)
    found = Notice.objects.filter(scenario=scenario).first()
    return found or add(Notice(pip_id=scenario.pip_id, scenario=scenario))


@service("notice.draft")
def start_draft(scenario: Scenario, **texts: Any) -> NoticeVersion:
    """Begin the next version; the second of two clicks finds the draft of the first."""
    notice = _lock(notice_of(scenario))
    newest = notice.versions.first()
    if newest is not None and newest.state == "draft":
        if any(getattr(newest, name) != value for name, value in texts.items()):
            raise ValidationError(_("This notice has a draft already. Go on with it."))
        return newest
    number = newest.number + 1 if newest else 1
    return add(NoticeVersion(pip_id=notice.pip_id, notice=notice, number=number, **texts))


@service("notice.edit")
def edit_draft(version: NoticeVersion, **changes: Any) -> list[str]:
    """Change the words of a draft, complete or not."""
    _require_draft(version)
    return change(version, changes)


@service("notice.publish")
def publish(version: NoticeVersion, *, effective_on: date | None, by: User | None, today: date) -> NoticeVersion:
    """Put a draft in force from a day on, with the facts that it tells; the version before it ends the day before."""
    row = _require_draft(version)
    _require_complete(row)
    if effective_on is None:
        raise ValidationError({"effective_on": _("Say from which day this version is in force.")})
    if effective_on > today + timedelta(days=FARTHEST_DAYS):
        raise ValidationError({"effective_on": _("This day is more than a year away. Is the year right?")})
    before = row.notice.versions.filter(state="published").first()
    if before is not None:
        _supersede(before, effective_on)
    advance(
        row,
        MOVES,
        "publish",
        conflict=_conflict(row),
        effective_on=effective_on,
        notified=notified_facts(row.notice.scenario),
        published_at=civil_now(),
        published_by=by,
    )
    touch(row.pip_id)
    return row


@service("notice.show")
def record_showing(
    version: NoticeVersion,
    *,
    channel: str,
    place: str,
    shown_on: date,
    by: User | None,
    today: date,
    photo: IO[bytes] | None = None,
    proof: IO[bytes] | None = None,
) -> NoticeShowing:
    """Record where a version is shown since when, with a photo or a file as proof; the same again changes nothing."""
    require_not_after(today, shown_on=shown_on)
    _lock(version.notice)
    version.refresh_from_db(fields=["state"])
    if version.state == "draft":
        raise CaseError(_("Version %(n)s is a draft. Publish it before you show it.") % {"n": version.number})
    if photo is None and proof is None:
        raise ValidationError({"photo": _("Add a photo or a screenshot: the showing must be proved.")})
    what = {"version": version, "channel": channel, "place": place, "shown_on": shown_on}
    same = NoticeShowing.objects.filter(**what).first()
    if same is not None:
        return same
    row = add(
        NoticeShowing(
            pip_id=version.pip_id,
            photo=keep_photo(photo, pip=version.pip, by=by) if photo else None,
            proof=keep(proof, pip=version.pip, by=by, allowed=PAPERS) if proof else None,
            recorded_by=by,
            **what,
        )
    )
    touch(version.pip_id)
    return row


def missing_items(version: NoticeVersion) -> list[str]:
    """The items of FRM Art 5 that are empty or have a gap, in the order of the article."""
    required = [name for name in REQUIRED_NOTICE_ITEMS if not getattr(version, f"{name}_zh").strip()]
    gaps = [name for name in NOTICE_ITEMS if gaps_in(getattr(version, f"{name}_zh"))]
    return [name for name in NOTICE_ITEMS if name in required or name in gaps]


def size_of(version: NoticeVersion) -> int:
    """How many bytes the texts of a version take on its public page."""
    return sum(len(escape(getattr(version, name)).encode()) for name in (*TEXTS, "manual_channel"))


def _require_complete(version: NoticeVersion) -> None:
    """Refuse a version in which an item of FRM Art 5 is empty or unfinished, naming the item."""
    errors = []
    for name in missing_items(version):
        number = list(NOTICE_ITEMS).index(name) + 1
        named = {"n": number, "item": NOTICE_ITEMS[name].in_(get_language() or "en")}
        gaps = gaps_in(getattr(version, f"{name}_zh"))
        if gaps:
            sentence = _("Item %(n)s (%(item)s) has a gap: %(gap)s. Fill it in, then publish.")
            errors.append(sentence % (named | {"gap": gaps[0]}))
        else:
            sentence = _("Item %(n)s (%(item)s) is empty in Chinese. Fill it in, then publish.")
            errors.append(sentence % named)
    if size_of(version) > MOST_BYTES:
        sentence = _(
            "The texts take %(size)s bytes; a page that opens on any phone has room for %(most)s. Shorten them."
        )
        errors.append(sentence % {"size": f"{size_of(version):,}", "most": f"{MOST_BYTES:,}"})
    if errors:
        raise ValidationError(errors)


def _supersede(before: NoticeVersion, effective_on: date) -> None:
    if effective_on < before.effective_on:
        sentence = _("Version %(n)s is in force from %(day)s. The next one can't begin before that day.")
        values = {"n": before.number, "day": before.effective_on.isoformat()}
        raise ValidationError({"effective_on": sentence % values})
    last_day = max(before.effective_on, effective_on - timedelta(days=1))
    advance(before, MOVES, "supersede", conflict=_conflict(before), ended_on=last_day)


def _require_draft(version: NoticeVersion) -> NoticeVersion:
    """The version as it is stored now, held until the end of the transaction; published words stay as they are."""
    _lock(version.notice)
    row = NoticeVersion.objects.select_related("notice__scenario__pip").get(pk=version.pk)
    if row.state != "draft":
        raise CaseError(_conflict(row))
    return row


def _lock(notice: Notice) -> Notice:
    """Hold the notice until the transaction ends: versions are written one after the other, so no number is lost."""
    return Notice.objects.select_for_update(of=("self",)).get(pk=notice.pk)


def _conflict(version: NoticeVersion) -> str:
    sentence = _("Version %(n)s is published: its words stay as they are. Write a new version to change them.")
    return sentence % {"n": version.number}
