"""W6: a dossier of 50 scenarios and 200 deployments, frozen: checks, forms, editable copies, annexes, both ZIPs.

The floor prints the portal's empty sheet as many times as the dossier has printed papers, and stores the bytes of the
finished dossier in a ZIP.
"""

import zipfile
from collections.abc import Iterator
from datetime import date
from io import BytesIO

from django.utils import timezone

from assessments.services import ELEMENTS, approve, register
from bench.data import GIANT, Size, uscc
from bench.harness import Comparison, Target, Way, ab, same
from deployments.models import CaptureArea, Deployment, Device, PersonCount, Scenario, Site, ThresholdCrossing
from filings import services
from filings.models import Filing
from portal.accounts.models import User
from portal.accounts.services import register_pip
from portal.documents.pdf import render_pdf
from portal.documents.sheet import Section, Sheet
from portal.embedded.servers import Servers
from portal.evidence.services import reader
from portal.obligations.models import Obligation
from portal.tenancy.models import Pip, Tenant
from portal.tenancy.session import acting

SCENARIOS, DEPLOYMENTS = 50, 200
ORDINARY = GIANT + 1
TODAY = date(2026, 10, 12)
SCANS = ("uscc-certificate", "representative-id", "agent-id", "power-of-attorney", "commitment")
FLOOR, OURS = "floor: the empty sheet printed, bytes zipped", "ours: ordered, printed, checked, packed, kept"


def run(servers: Servers, database: str, size: Size) -> Iterator[Comparison]:
    """One dossier, frozen again and again; between two rounds a fact on every form changes."""
    dossier = Dossier(Tenant(pk=ORDINARY, slug=f"t{ORDINARY}"))
    dossier.change()
    dossier.freeze()
    members = dossier.members()
    printed = sum(name.endswith(".pdf") for name in members) - len(SCANS) - SCENARIOS
    same({"forms, letters and annexes expected": 2 + 2 * SCENARIOS, "printed": printed})

    def floor() -> None:
        for _paper in range(printed):
            render_pdf(Sheet(title="空白", language="zh", reference="", sections=()))
        with zipfile.ZipFile(BytesIO(), "w", zipfile.ZIP_STORED) as archive:
            for name, content in members.items():
                archive.writestr(name, content)

    ways = {FLOOR: Way(floor), OURS: Way(dossier.freeze, dossier.change)}
    title = f"W6: a dossier of {SCENARIOS} scenarios and {DEPLOYMENTS} deployments frozen"
    comparison = ab(title, ways, rounds=size.rounds, targets=[Target(OURS, FLOOR, most=20)])
    comparison.figures["printed papers"] = printed
    comparison.figures["files in the dossier"] = len(members)
    comparison.figures["megabytes in the dossier"] = round(sum(map(len, members.values())) / 1e6, 1)
    yield comparison


class Dossier:
    """A dossier with everything that the authority asks for, and the ways to freeze it once more."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant
        self.by, self.reviewer = User.objects.order_by("pk")[:2]
        self.turn = 0
        with self.acting():
            self.pip = register_pip(Pip(uscc=uscc(999_999), name="示例科技有限公司", province="11"))
            self.fill_register()
            self.filing = services.open_dossier(self.duty(), by=self.by, today=TODAY)
            for scenario in Scenario.objects.filter(tenant=tenant, pip=self.pip):
                report = BytesIO(paper("PIPIA"))
                made = register(
                    scenario, report=report, name="pia.pdf", elements=set(ELEMENTS), by=self.by, today=TODAY
                )
                approve(made, by=self.reviewer, today=TODAY)
            for code in SCANS:
                document = self.filing.documents.get(material=code)
                services.attach(document, BytesIO(paper(code)), by=self.by, name=f"{code}.pdf")

    def acting(self):
        return acting(self.tenant, actor=f"user:{self.by.pk}", user_id=self.by.pk)

    def fill_register(self) -> None:
        """Four places a scenario, each with a device, a described capture area and a count."""
        of = {"tenant": self.tenant, "pip": self.pip}
        site = Site.objects.create(**of, code="A", name="首都机场", province="11", place_type="public")
        for number in range(SCENARIOS):
            scenario = Scenario.objects.create(
                **of,
                code=f"S-{number:02d}",
                name=f"核验 {number}",
                purpose="核验旅客身份",
                legal_basis="consent",
                storage_mode="lan_server",
            )
            for place in range(DEPLOYMENTS // SCENARIOS):
                code = f"{scenario.code}-{place}"
                deployment = Deployment.objects.create(
                    **of, code=code, scenario=scenario, site=site, status="active", started_on=date(2026, 7, 1)
                )
                Device.objects.create(**of, deployment=deployment, serial=code, maker="示例视觉", model="F1")
                CaptureArea.objects.create(**of, deployment=deployment, name="入口", position="门前两米", angle="向下")
                PersonCount.objects.create(
                    **of,
                    scenario=scenario,
                    deployment=deployment,
                    counted_on=date(2026, 10, 4),
                    persons=2_000,
                    dedup_method="按证件号去重",
                    entered_at=timezone.now(),
                )

    def duty(self) -> Obligation:
        of = {"tenant": self.tenant, "pip": self.pip}
        ThresholdCrossing.objects.create(
            **of,
            proposed_on=date(2026, 10, 4),
            crossed_on=date(2026, 10, 4),
            persons=DEPLOYMENTS * 2_000,
            method="按证件号去重后逐处相加",
            reason="checked",
            snapshot={},
            confirmed_on=TODAY,
            confirmed_at=timezone.now(),
        )
        return Obligation.objects.create(
            **of,
            rule="frm-15-initial",
            subject=f"pip:{self.pip.uscc}",
            due_on=date(2026, 11, 17),
            safe_on=date(2026, 11, 17),
            firmness="firm",
        )

    def change(self) -> None:
        """Reopen what is frozen, with another fact on every form."""
        self.turn += 1
        with self.acting():
            Pip.objects.filter(pk=self.pip.pk).update(agent_name=f"经办人 {self.turn}")
            self.filing.refresh_from_db()
            if self.filing.state == "frozen":
                services.reopen(self.filing, by=self.by)

    def freeze(self) -> None:
        with self.acting():
            order = services.order_freeze(self.filing, by=self.by, today=TODAY, wakes_worker=False)
        services.freeze_ordered(self.tenant, order.pk)

    def members(self) -> dict[str, bytes]:
        """What lies in the newest dossier, by name."""
        with self.acting():
            newest = Filing.objects.get(pk=self.filing.pk).snapshots.select_related("dossier").last()
            with reader(newest.dossier) as stream, zipfile.ZipFile(stream) as archive:
                return {name: archive.read(name) for name in archive.namelist()}


def paper(words: str) -> bytes:
    return render_pdf(Sheet(title=words, language="en", reference="X", sections=(Section(paragraphs=(words,)),)))
