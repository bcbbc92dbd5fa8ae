"""One pair of servers in a temporary folder for all tests of the launcher that only look."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.embedded.servers import Servers
from portal.embedded.session import Session


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path that an unprivileged account may enter; pytest's own temporary folder is closed to it."""
    made = Path(tempfile.mkdtemp(prefix="portal-test-"))
    made.chmod(0o755)
    yield made
    Servers(made).stop()
    shutil.rmtree(made)


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    made = Path(tempfile.mkdtemp(prefix="portal-test-"))
    made.chmod(0o755)
    session = Session(made, durable=False)
    yield session.enter()
    session.leave()
    shutil.rmtree(made)
