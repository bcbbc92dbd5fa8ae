"""Real HTTP servers on loopback that behave as the robots' platforms do, and in every way in which they can fail."""

import base64
import hashlib
import hmac
import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

SECRET = "SECf2b1c0d9e8a7"
PATHS = {
    "wecom": "/cgi-bin/webhook/send?key=0a1b2c3d",
    "dingtalk": "/robot/send?access_token=4e5f6a7b",
    "feishu": "/open-apis/bot/v2/hook/8c9d0e1f",
    "webhook": "/frportal",
}


def keyed(key: str, text: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


@dataclass
class Platform:
    """A server, how it behaves now, and what it was sent."""

    kind: str
    address: str = ""
    # taken, or the name of a way to fail; status and answer speak for themselves.
    mode: str = "taken"
    status: int = 200
    answer: bytes | None = None
    bodies: list[dict] = field(default_factory=list)
    headers: list[dict] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    # What reached the chat or the receiver, whether or not the sender heard of it.
    took: list[dict] = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)

    def verdict(self, path: str, body: dict) -> dict:
        """What the platform says to a message: its own check of the signature first."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
        if self.kind == "wecom" and "markdown" in body:
            is_known = query.get("key") == "0a1b2c3d" and len(body["markdown"]["content"].encode()) <= 4096
            return {"errcode": 0, "errmsg": "ok"} if is_known else {"errcode": 93000, "errmsg": "invalid webhook url"}
        if self.kind == "dingtalk":
            stamp = query.get("timestamp", "0")
            is_signed = query.get("sign") == keyed(SECRET, f"{stamp}\n{SECRET}")
            is_new = abs(time.time() * 1000 - int(stamp)) < 3_600_000
            if is_signed and is_new:
                return {"errcode": 0, "errmsg": "ok"}
            return {"errcode": 310000, "errmsg": "sign not match"}
        if self.kind == "feishu":
            stamp = body.get("timestamp", "0")
            is_signed = body.get("sign") == keyed(f"{stamp}\n{SECRET}", "")
            is_new = abs(time.time() - int(stamp)) < 3600
            if is_signed and is_new:
                return {"code": 0, "msg": "success", "data": {}}
            return {"code": 19021, "msg": "sign match fail or timestamp is not within one hour from current time"}
        return {}


class Handler(BaseHTTPRequestHandler):
    """One request as the platform's mode has it."""

    platform: Platform

    def do_POST(self) -> None:  # noqa: N802 - the name that http.server calls
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        self.platform.raw.append(raw)
        body = json.loads(raw)
        self.platform.bodies.append(body)
        self.platform.headers.append(dict(self.headers))
        getattr(self, self.platform.mode)(body)

    def taken(self, body: dict) -> None:
        said = self.platform.answer
        if said is None:
            verdict = self.platform.verdict(self.path, body)
            if self.platform.status == 200 and not any(verdict.get(name) for name in ("errcode", "code")):
                self.platform.took.append(body)
            said = json.dumps(verdict).encode()
        self.say(said)

    def say(self, said: bytes) -> None:
        self.send_response(self.platform.status)
        if 300 <= self.platform.status < 400:
            self.send_header("Location", self.platform.address)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def hangs(self, body: dict) -> None:
        self.platform.release.wait(30)

    def drips(self, body: dict) -> None:
        """A byte of the head now and then: no single read ever takes too long."""
        for letter in b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000:
            if self.platform.release.wait(0.05):
                return
            try:
                self.wfile.write(bytes([letter]))
                self.wfile.flush()
            except OSError:
                return

    def floods(self, body: dict) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            for _piece in range(10_000):
                self.wfile.write(b"x" * 10_000)
        except OSError:
            return

    def breaks(self, body: dict) -> None:
        self.platform.took.append(body)
        self.connection.close()

    def log_message(self, *_arguments: object) -> None:
        """Nothing on the screen."""


@contextmanager
def running(kind: str, *, certificate: Path | None = None) -> Iterator[Platform]:
    """A platform of this kind on a port of its own."""
    platform = Platform(kind)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Mine", (Handler,), {"platform": platform}))
    server.daemon_threads = True
    scheme = "http"
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_arguments: None
        scheme = "https"
    platform.address = f"{scheme}://127.0.0.1:{server.server_port}{PATHS[kind]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield platform
    finally:
        platform.release.set()
        server.shutdown()
        server.server_close()
        thread.join()


def own_certificate(folder: Path) -> Path:
    """A certificate of 127.0.0.1 that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "own.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file
