"""Write a filing's frozen dossier to a file, for a person who works on the server."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from filings.models import Filing
from portal.evidence.models import Evidence
from portal.evidence.services import check, write_out
from portal.tenancy.models import Tenant
from portal.tenancy.session import acting


class Command(BaseCommand):
    """`manage.py dossier FIL-2026-0001 --tenant demo --out FILE.zip`."""

    help = "Write the newest frozen dossier of a filing to a file; its SHA256SUMS is for `sha256sum -c`."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("reference", help="the filing, such as FIL-2026-0001")
        parser.add_argument("--tenant", required=True, help="the address of the workspace")
        parser.add_argument("--out", required=True, type=Path, help="the file to write")
        parser.add_argument("--round", type=int, help="an older frozen version")
        parser.add_argument("--pack", action="store_true", help="the auditor's pack, without identity documents")

    def handle(self, *, reference: str, tenant: str, out: Path, round: int | None, pack: bool, **_options) -> None:
        with acting(tenant_of(tenant), actor="system:command", verb="filing.export"):
            evidence = self.find(reference, round, pack)
            check(evidence)
            write_out(evidence, out)
        self.stdout.write(f"{evidence.sha256}  {out}")

    def find(self, reference: str, round: int | None, pack: bool) -> Evidence:
        """The ZIP of the version asked for."""
        filing = Filing.objects.filter(reference=reference).first()
        if filing is None:
            raise CommandError(f"There is no filing {reference} in this workspace.")
        snapshots = filing.snapshots.select_related("dossier", "pack").order_by("round")
        snapshot = snapshots.last() if round is None else snapshots.filter(round=round).first()
        if snapshot is None:
            raise CommandError(f"{reference} has no such frozen version. Freeze the dossier first.")
        return snapshot.pack if pack else snapshot.dossier


def tenant_of(slug: str) -> Tenant:
    """The workspace with this address."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT door_tenant(%s)", [slug])
        tenant_id = cursor.fetchone()[0]
    if tenant_id is None:
        raise CommandError(f"There is no workspace {slug}.")
    return Tenant(pk=tenant_id, slug=slug)
