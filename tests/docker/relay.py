"""Knows how to stand between a client and a Docker engine, and keeps what was asked."""

import socket
import tempfile
import threading
import time
from pathlib import Path


def ask(path, request):
    """Send the bytes of one request to the socket at `path`; return those of the answer and the milliseconds."""
    began = time.monotonic()
    answer = []
    with socket.socket(socket.AF_UNIX) as engine:
        engine.settimeout(60)
        engine.connect(str(path))
        engine.sendall(request)
        # Under HTTP/1.0 the engine closes after its answer.
        while piece := engine.recv(1 << 16):
            answer.append(piece)
    return b"".join(answer), (time.monotonic() - began) * 1000


class Relay:
    """A socket of its own that hands requests without a body on; use it in a `with` statement."""

    def __init__(self, behind):
        self.behind = behind
        self.folder = tempfile.TemporaryDirectory(prefix="hosttune-relay-")
        self.socket = Path(self.folder.name) / "docker.sock"
        self.requests = []
        self.listener = socket.socket(socket.AF_UNIX)

    def __enter__(self):
        self.listener.bind(str(self.socket))
        self.listener.listen(64)
        threading.Thread(target=self.serve, daemon=True).start()
        return self

    def __exit__(self, *_):
        # A thread that waits for a connection is woken by this, not by close(2).
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.folder.cleanup()

    def serve(self):
        """Hand requests on, one after another, until the listener is closed."""
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            with client:
                request = b""
                while not request.endswith(b"\r\n\r\n") and (piece := client.recv(1 << 16)):
                    request += piece
                self.requests.append(request)
                client.sendall(ask(self.behind, request)[0])
