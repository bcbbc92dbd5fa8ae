"""The demo's mail server: takes every mail on loopback and keeps it as a file; ``python -m … PORT FOLDER``."""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

LARGEST = 30_000_000  # bytes


class Keeper:
    """Writes one .eml a mail, named by the moment of its arrival, with the addresses of the envelope on top."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.count += 1
        name = f"{time.time_ns()}-{os.getpid()}-{self.count}"
        addresses = f"X-MailFrom: {envelope.mail_from}\r\nX-RcptTo: {', '.join(envelope.rcpt_tos)}\r\n"
        part = self.folder / f".{name}.part"
        part.write_bytes(addresses.encode() + (envelope.original_content or b""))
        part.rename(self.folder / f"{name}.eml")  # readers never see half a mail
        return "250 kept"


async def serve(port: int, folder: Path) -> None:
    """Answer on loopback until asked to stop."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    keeper = Keeper(folder)
    server = await loop.create_server(
        lambda: SMTP(keeper, data_size_limit=LARGEST, enable_SMTPUTF8=True, hostname="localhost", loop=loop),
        "127.0.0.1",
        port,
    )
    async with server:
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
