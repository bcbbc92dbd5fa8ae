"""Where the portal stands and where it keeps what it makes."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Data, keys, sockets and collected files; PORTAL_VAR puts them elsewhere, so that two portals can run from one tree.
VAR = Path(os.environ.get("PORTAL_VAR") or ROOT / "var").resolve()
