#!/usr/bin/env python3
"""Every command of the portal: makes its own environment first, with nothing but the standard library."""

import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
PYTHON = VENV / "bin" / "python"
RUNTIME = ("requirements.txt",)
DEVELOPMENT = ("requirements-dev.txt", "requirements.txt")
DEVELOPERS_COMMANDS = {"test", "lint", "bench", "torture", "messages"}


def fingerprint(files):
    """Of the pinned lists and the Python they were installed for."""
    digest = hashlib.sha256(".".join(map(str, sys.version_info[:2])).encode())
    for name in files:
        digest.update((HERE / name).read_bytes())
    return digest.hexdigest()


def is_installed(kind, files):
    stamp = VENV / f"installed-{kind}"
    return PYTHON.exists() and stamp.exists() and stamp.read_text() == fingerprint(files)


def is_ready(command):
    if is_installed("development", DEVELOPMENT):
        return True
    return command not in DEVELOPERS_COMMANDS and is_installed("runtime", RUNTIME)


def make_environment():
    if PYTHON.exists() and subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True).returncode == 0:
        return
    try:
        import ensurepip  # noqa: F401 - Debian splits it off into python3-venv
        import venv
    except ImportError:
        sys.exit("Python's venv module is missing: apt-get install python3-venv")
    print("Making .venv …", flush=True)
    venv.create(VENV, clear=True, with_pip=True, symlinks=True)


def install(command):
    """Install the pinned lists; the stamp is written last, so that a killed install is taken up again."""
    kind, files = ("development", DEVELOPMENT) if command in DEVELOPERS_COMMANDS else ("runtime", RUNTIME)
    count = sum("==" in line for line in (HERE / files[0]).read_text().splitlines())
    print(f"Installing {count} packages into .venv (about half a minute the first time) …", flush=True)
    pip = [str(PYTHON), "-m", "pip", "install", "-qq", "--no-input", "--disable-pip-version-check"]
    done = subprocess.run([*pip, "--require-hashes", "--no-deps", "-r", str(HERE / files[0])])
    if done.returncode:
        sys.exit("The packages could not be installed: see pip's words above. Run the same command again to go on.")
    stamp = VENV / f"installed-{kind}"
    part = stamp.with_suffix(".part")
    part.write_text(fingerprint(files))
    part.replace(stamp)


def bootstrap():
    """Go on inside .venv with the pinned packages in it; PORTAL_NO_BOOTSTRAP means that they are here already."""
    if os.environ.get("PORTAL_NO_BOOTSTRAP"):
        return
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    is_inside = Path(sys.prefix).resolve() == VENV.resolve()
    if is_ready(command) and is_inside:
        return
    if not is_ready(command):
        (HERE / "var").mkdir(exist_ok=True)
        with (HERE / "var" / "bootstrap.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not is_ready(command):  # another command may have done it while this one waited
                make_environment()
                install(command)
    os.execv(PYTHON, [str(PYTHON), *sys.argv])


def main():
    if sys.version_info < (3, 11):  # noqa: UP036 - this file alone must start on an older one to say so
        sys.exit(f"The portal needs Python 3.11 or newer; this is {sys.version_info[0]}.{sys.version_info[1]}.")
    try:
        bootstrap()
    except PermissionError as refused:
        sys.exit(f"{refused.filename} belongs to another account: run as that one or remove it.")
    except KeyboardInterrupt:
        sys.exit(130)
    from portal.embedded.commands import main as command_line

    sys.exit(command_line(sys.argv))


if __name__ == "__main__":
    main()
