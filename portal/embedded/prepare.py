"""Brings the database to the state that the code expects: migrated when a migration has changed, seeded when new."""

import ast
import fcntl
import hashlib
from pathlib import Path

from django.core.management import call_command

from portal.embedded.places import ROOT
from portal.embedded.servers import ROLES_SQL, Servers

PACKAGES = ("portal", "deployments", "assessments", "filings")


def migrations_digest() -> str:
    """Of every migration, of the SQL and the project's modules they read, and of the pinned packages with theirs."""
    seen: dict[Path, bytes] = {}
    waiting = [file for package in PACKAGES for file in (ROOT / package).rglob("migrations/*.py")]
    waiting += [file for package in PACKAGES for file in (ROOT / package).rglob("*.sql")]
    waiting += [ROLES_SQL, ROOT / "requirements.txt"]
    while waiting:
        file = waiting.pop()
        if file in seen:
            continue
        seen[file] = file.read_bytes()
        if file.suffix == ".py":
            waiting += _imported(seen[file])
    digest = hashlib.sha256()
    for file in sorted(seen):
        digest.update(f"{file.relative_to(ROOT)}\0".encode() + hashlib.sha256(seen[file]).digest())
    return digest.hexdigest()


def _imported(source: bytes) -> list[Path]:
    names: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
    places = [ROOT.joinpath(*name.split(".")) for name in names if name.split(".")[0] in PACKAGES]
    return [file for place in places for file in (place.with_suffix(".py"), place / "__init__.py") if file.is_file()]


def prepare(servers: Servers, *, seed: bool = True) -> None:
    """Migrate as the owner if anything about migrations changed since the last time; seed a new database once."""
    stamp = servers.home / "migrated.sha256"
    digest = migrations_digest()
    if stamp.exists() and stamp.read_text() == digest and not (seed and servers.is_new):
        return
    with (servers.folder / "prepare.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two first commands at once: one prepares, the other waits
        if not stamp.exists() or stamp.read_text() != digest:
            call_command("migrate", database="owner", interactive=False, verbosity=0)
            stamp.write_text(digest)
        if seed and servers.is_new:
            call_command("seed")
            servers.seeded()
