"""Write the stored report of an approved assessment to a file, for a person who works on the server."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from assessments.models import Assessment, Report
from portal.accounts.management.tenants import commanding, tenant_by_slug
from portal.evidence.models import Evidence
from portal.evidence.services import check, write_out
from portal.evidence.store import Damaged, Destroyed

FORMATS = ("pdf", "docx")


class Command(BaseCommand):
    """`manage.py pipia PIA-2026-0001 --tenant demo --lang zh --out FILE.pdf`."""

    help = "Write the stored report of an approved assessment to a file, as PDF or DOCX by the file's ending."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("reference", help="the assessment, such as PIA-2026-0001")
        parser.add_argument("--tenant", required=True, help="the address of the workspace")
        parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="the report's language")
        parser.add_argument("--out", required=True, type=Path, help="the file to write, .pdf or .docx")

    def handle(self, *, reference: str, tenant: str, lang: str, out: Path, **_options) -> None:
        try:
            sha256 = self.write(reference, tenant, lang, out)
        except CommandError as error:
            raise CommandError(str(error), returncode=2) from None
        self.stdout.write(f"{sha256}  {out}")

    def write(self, reference: str, tenant: str, lang: str, out: Path) -> str:
        """Find, verify and write the file; its hash."""
        kind = out.suffix.removeprefix(".").lower()
        if kind not in FORMATS:
            raise CommandError("The report is written as PDF or DOCX. Let --out end in .pdf or .docx.")
        if not out.parent.is_dir():
            raise CommandError(f"There is no folder {out.parent}. Make it first.")
        with commanding(tenant_by_slug(tenant), verb="assessment.export"):
            evidence = self.find(reference, lang, kind)
            try:
                check(evidence)
                write_out(evidence, out)
            except (Damaged, Destroyed):
                raise CommandError(
                    f"The stored report of {reference} is damaged or destroyed. Tell the operator."
                ) from None
            except OSError as error:
                raise CommandError(f"{out} can't be written: {error.strerror}.") from None
        return evidence.sha256

    def find(self, reference: str, lang: str, kind: str) -> Evidence:
        """The stored report in that language and format."""
        row = Assessment.objects.filter(reference=reference).first()
        if row is None:
            raise CommandError(f"There is no assessment {reference} in this workspace.")
        if row.is_external:
            raise CommandError(f"{reference} was made elsewhere: download its file from its page.")
        report = Report.objects.filter(assessment=row, language=lang, format=kind).select_related("evidence").first()
        if report is None:
            raise CommandError(f"{reference} is not approved, so it has no report yet.")
        return report.evidence
