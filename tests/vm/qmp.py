"""Knows how to give qemu one order over its QMP socket."""

import json
import socket


def order(path, command, timeout=10):
    """Send `command` to the qemu that listens on `path`, and return its answer."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(timeout)
        connection.connect(str(path))
        with connection.makefile("rw", encoding="utf-8") as stream:
            json.loads(stream.readline())
            for name in ("qmp_capabilities", command):
                stream.write(json.dumps({"execute": name}) + "\n")
                stream.flush()
                answer = next_answer(stream)
    return answer


def next_answer(stream):
    """Return the next line that is an answer: events come in between."""
    while True:
        line = stream.readline()
        if not line:
            raise ConnectionError("qemu closed its QMP socket")
        message = json.loads(line)
        if "error" in message:
            raise RuntimeError(message["error"]["desc"])
        if "return" in message:
            return message["return"]
