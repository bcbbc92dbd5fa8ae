"""Which rules judged: a hash over the sources of the law package, for everything that is frozen with its reasons."""

import hashlib
from functools import cache
from pathlib import Path


@cache
def rules_version() -> str:
    """Twelve hex digits that change with every word of the rules."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
