"""A filing that is accepted, changed and cancelled, in the shortest words."""

from datetime import date, timedelta

from django.utils import timezone

from deployments.models import Deployment, Scenario
from filings import services
from filings.models import ChangeCase, Filing, Termination
from portal.clock.reconcile import reconcile
from portal.tenancy.models import touch
from tests import build
from tests.filings import story
from tests.filings.story import TODAY, upload

LATER = TODAY + timedelta(days=2)
SEALED = ("cancellation-application", "disposal-statement", "commitment")


def settled(house: build.House, today: date = TODAY) -> None:
    """The obligations agree with the law."""
    touch(house.pip.pk)
    reconcile(house.pip, today=today)


def decided(house: build.House, item: str = "storage", on: date = TODAY) -> ChangeCase:
    """The change of an item, decided to be substantial."""
    case = ChangeCase.objects.get(pip=house.pip, item=item, is_substantial__isnull=True)
    case.is_substantial, case.reason, case.effective_on = True, "the servers are new", on
    case.decided_by, case.decided_at = house.people["officer"], timezone.now()
    case.save(update_fields=["is_substantial", "reason", "effective_on", "decided_by", "decided_at"])
    return case


def stored_elsewhere(house: build.House, mode: str = "public_cloud") -> ChangeCase:
    """The scenario moves to a cloud, which the portal notices and a person calls substantial."""
    scenario = Scenario.objects.get(pip=house.pip, code="BOARDING")
    scenario.storage_mode = mode
    with house.acting("officer"):
        scenario.save(update_fields=["storage_mode"])
    settled(house)
    case = decided(house)
    settled(house)
    return case


def change_opened(house: build.House) -> Filing:
    """A change filing for a new mode of storage, with nothing uploaded."""
    story.accepted(house)
    case = stored_elsewhere(house)
    story.assess(house, case.scenario)
    return services.open_change(house.pip, [case], by=house.people["officer"], today=TODAY)


def sent(house: build.House, filing: Filing, codes: tuple[str, ...], on: date = LATER) -> Filing:
    """The rest of the way of any filing up to its submission."""
    officer = house.people["officer"]
    for code in codes:
        services.attach(filing.documents.get(material=code), upload(f"{code}.pdf", code), by=officer)
    services.freeze(filing, by=officer, today=on)
    services.submit(filing, by=house.people["reviewer"], on=on, today=on, proof=upload("proof.png"))
    filing.refresh_from_db()
    return filing


def changed(house: build.House) -> Filing:
    """A change filing that is accepted."""
    filing = sent(house, change_opened(house), ("commitment",))
    services.accept(filing, by=house.people["officer"], received_on=LATER, today=LATER, number="京备2026-0001-B1")
    settled(house, LATER)
    return filing


def stopped(house: build.House, on: date = LATER, **more) -> Termination:
    """The whole use ends."""
    fields = {"extent": "whole", "ended_on": on, "reason": "gates with cards instead"} | more
    termination = services.begin_ending(house.pip, by=house.people["officer"], today=on, **fields)
    settled(house, on)
    return termination


def finished(house: build.House, termination: Termination, on: date = LATER, *but: str) -> None:
    """Every task is done, with proof, except those named."""
    for task in termination.tasks.exclude(code__in=but):
        services.finish_task(
            task, done_on=on, note="done", by=house.people["officer"], today=on, proof=upload(f"{task.code}.pdf")
        )


def place(house: build.House) -> Deployment:
    return Deployment.objects.filter(pip=house.pip).earliest("id")
