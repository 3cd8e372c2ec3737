"""A mail server on the loopback that takes what is sent, refuses it, or breaks off in the middle."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

CODES = {
    "EHLO": "250 test",
    "MAIL": "250 ok",
    "RCPT": "250 ok",
    "DATA": "354 go on",
    "QUIT": "221 bye",
}


class MailServerHere(socketserver.ThreadingTCPServer):
    """Answers as `answers` says by command; without an answer it breaks off. "." is what it says to a whole message."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.answers = CODES | {".": "250 taken"}
        self.taken: list[str] = []

    @property
    def url(self) -> str:
        """Its address."""
        return f"smtp+plain://127.0.0.1:{self.server_address[1]}"


class _Talk(socketserver.StreamRequestHandler):
    server: MailServerHere

    def handle(self) -> None:
        self._say("220 test")
        while line := self.rfile.readline().decode().strip():
            command = line[:4].upper()
            answer = self.server.answers.get(command, "250 ok")
            self._say(answer)
            if command == "QUIT":
                return
            if command == "DATA" and answer.startswith("354") and not self._message():
                return

    def _message(self) -> bool:
        lines = []
        while (line := self.rfile.readline().decode()) != ".\r\n":
            lines.append(line)
        self.server.taken.append("".join(lines))
        if answer := self.server.answers["."]:
            self._say(answer)
        return bool(answer)

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def a_mail_server() -> Iterator[MailServerHere]:
    """The server, listening meanwhile."""
    server = MailServerHere()
    thread = threading.Thread(target=server.serve_forever, args=[0.05], daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
