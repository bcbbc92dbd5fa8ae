"""Free TCP ports for the web server and the demo's mail server."""

import socket

from portal.embedded.errors import LaunchError

USUAL = 8000
TRIES = 100


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError:
            return False
    return True


def web_port(host: str, asked_for: int | None) -> int:
    """The port asked for, or one line that it is taken; without a wish the first free one from 8000 on."""
    if asked_for is not None:
        if not is_free(host, asked_for):
            raise LaunchError(f"Port {asked_for} on {host} is taken. Name another with --port, or leave --port out.")
        return asked_for
    for port in range(USUAL, USUAL + TRIES):
        if is_free(host, port):
            return port
    raise LaunchError(f"No free port between {USUAL} and {USUAL + TRIES - 1} on {host}. Name one with --port.")


def any_port(host: str = "127.0.0.1") -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]
