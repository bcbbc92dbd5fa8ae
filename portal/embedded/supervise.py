"""``manage.py run``: prepares the portal, runs web, worker, scheduler and the demo's mail server, and watches them."""

import argparse
import fcntl
import hashlib
import http.client
import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import IO

from portal.embedded import catalogues, ports, secrets
from portal.embedded.children import Children
from portal.embedded.commands import load_settings
from portal.embedded.errors import LaunchError
from portal.embedded.places import ROOT, VAR
from portal.embedded.session import ensure

READY_SECONDS = 90
# What the seed makes; one password for all.
DEMO_ACCOUNTS = {
    "demo": "owner@ officer@ reviewer@ operator@ vendor@ auditor@ demo.example",
    "start": "officer@ reviewer@ start.example",
    "other": "officer@ other.example",
    "platform": "platform1@ platform2@ portal.example",
}


def main(arguments: list[str]) -> int:
    """Run the portal until Ctrl+C, SIGTERM or a process that won't stay up."""
    parser = argparse.ArgumentParser(prog="manage.py run", description=__doc__)
    parser.add_argument("--port", type=int, help="the web port; without it the first free one from 8000 on")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: this machine only)")
    parser.add_argument("--no-worker", action="store_true", help="web only: no worker, no scheduler")
    options = parser.parse_args(arguments)
    # Ctrl+C too: a shell starts background jobs with SIGINT ignored, and Python would leave it so.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop_in_order)
    with _only_one() as lock:
        return _run(options, lock)


def _stop_in_order(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _only_one() -> IO:
    VAR.mkdir(parents=True, exist_ok=True)
    lock = (VAR / "run.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        address = lock.read().strip() or "it is just starting"
        lock.close()
        raise LaunchError(f"The portal already runs from this folder: {address}") from None
    lock.truncate(0)
    return lock


def _run(options: argparse.Namespace, lock: IO) -> int:
    port = ports.web_port(options.host, options.port)
    is_own_database = secrets.from_environment("DATABASE_URL") is not None
    catalogues.compile_all()
    servers = ensure()
    shown_host = "127.0.0.1" if options.host in ("0.0.0.0", "::") else options.host
    address = f"http://{shown_host}:{port}/"
    os.environ.setdefault("BASE_URL", address.rstrip("/"))
    mail_port = None
    # A real portal without EMAIL_URL must not drop its reminders into a folder: only the demo has the catcher.
    if not is_own_database and secrets.from_environment("EMAIL_URL") is None:
        mail_port = ports.any_port()
        os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{mail_port}"
        os.environ["DEMO_MAIL_ROOT"] = str(VAR / "mail")
    load_settings()
    _prepare(servers)
    children = Children()
    begun = time.monotonic()
    try:
        _start(children, options, port, mail_port)
        _await_all(children, options, port, mail_port, begun)
        lock.write(address)
        lock.flush()
        _welcome(address, is_demo=not is_own_database)
        while True:
            children.look()
            time.sleep(0.2)
    except KeyboardInterrupt:
        print("\nrun: stopping …", flush=True)
        return 0
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # impatience must not leave half of it running
        children.stop()


def _prepare(servers: object) -> None:
    import django
    from django.core.management import call_command

    from portal.embedded.prepare import prepare

    django.setup()
    if servers is not None:
        if servers.is_new:
            print("run: a new database: making its tables and the demo …", flush=True)
        prepare(servers)
    else:
        call_command("migrate", database="owner", interactive=False, verbosity=0)
    digest = _static_digest()
    stamp = VAR / "static.sha256"
    if not stamp.exists() or stamp.read_text() != digest:
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(digest)


def _static_digest() -> str:
    """Of the project's static files and the packages that bring theirs."""
    from django.conf import settings

    digest = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    digest.update(f"{settings.STATIC_ROOT}{Path(settings.STATIC_ROOT).is_dir()}".encode())
    folders = [ROOT / "static", *ROOT.glob("portal/*/static"), *ROOT.glob("*/static")]
    for file in sorted({file for folder in folders for file in folder.rglob("*") if file.is_file()}):
        status = file.stat()
        digest.update(f"{file.relative_to(ROOT)} {status.st_size} {status.st_mtime_ns}".encode())
    return digest.hexdigest()


def _start(children: Children, options: argparse.Namespace, port: int, mail_port: int | None) -> None:
    python = sys.executable
    if mail_port is not None:
        children.start("mail", python, "-m", "portal.embedded.mail_catcher", str(mail_port), str(VAR / "mail"))
    bind = f"[{options.host}]:{port}" if ":" in options.host else f"{options.host}:{port}"
    web = ["--bind", bind, "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--timeout", "120"]
    web += ["--graceful-timeout", "5", "--log-level", "warning", "--no-control-socket"]
    children.start("web", python, "-m", "gunicorn", "portal.wsgi", *web)
    if options.no_worker:
        return
    # In a container root is the usual user, and the worker takes no pickles: no need to warn at each start.
    celery = [python, "-W", "ignore:You're running the worker", "-m", "celery", "-A", "portal.celery", "--quiet"]
    quick = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    size = ["--concurrency", "2", "--hostname", _worker_name(), "--loglevel", "WARNING"]
    children.start("worker", *celery, "worker", *quick, *size)
    beat = ["--schedule", str(VAR / "beat-schedule"), "--loglevel", "WARNING"]
    children.start("beat", *celery, "beat", *beat)


def _worker_name() -> str:
    return f"run-{os.getpid()}@portal"


def _await_all(
    children: Children, options: argparse.Namespace, port: int, mail_port: int | None, begun: float
) -> None:
    """Wait until each answers in its own way; a process that won't come up ends this with its words."""
    waiting = {"web": lambda: _web_answers(options.host, port)}
    if mail_port is not None:
        waiting["mail"] = lambda: _connects(mail_port)
    if not options.no_worker:
        waiting["worker"] = _worker_answers
    while waiting:
        children.look()
        for name, answers in list(waiting.items()):
            if answers():
                del waiting[name]
        if time.monotonic() - begun > READY_SECONDS:
            raise LaunchError(
                f"After {READY_SECONDS} s still no answer from: {', '.join(waiting)}. See their words above."
            )
        time.sleep(0.1)


def _web_answers(host: str, port: int) -> bool:
    from django.conf import settings

    named = [name.lstrip(".") for name in settings.ALLOWED_HOSTS if name != "*"]
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    connection = http.client.HTTPConnection(target, port, timeout=10)
    try:
        connection.request("GET", "/healthz", headers={"Host": named[0] if named else target})
        return connection.getresponse().status in (200, 301, 302)  # a redirect: to https, behind a proxy
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _connects(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return False
    return True


def _worker_answers() -> bool:
    from kombu.exceptions import OperationalError

    from portal.celery import app

    try:
        return bool(app.control.ping(destination=[_worker_name()], timeout=0.5))
    except OperationalError:
        return False


def _welcome(address: str, *, is_demo: bool) -> None:
    print(f"\nThe portal is ready: {address}")
    if os.environ.get("PORTAL_TODAY"):
        print(f"Its day is fixed: {os.environ['PORTAL_TODAY']}")
    if is_demo:
        print(f"Demo accounts, password {secrets.demo_password()}")
        for tenant, written in DEMO_ACCOUNTS.items():
            *people, domain = written.split()
            print(f"  {tenant:<9}{'  '.join(person + domain for person in people)}")
    print("Ctrl+C stops it.\n", flush=True)
