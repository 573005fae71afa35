"""Messages between a run and its workers: two lengths, then that many bytes of head and of body."""

from __future__ import annotations

import struct
from typing import BinaryIO, NamedTuple

_LENGTHS = struct.Struct(">II")


class Message(NamedTuple):
    """What goes through a pipe: a head, which is small and structured, and a body of any bytes."""

    head: bytes
    body: bytes = b""


def send(stream: BinaryIO, message: Message) -> None:
    """Write a message whole; OSError where nobody reads any more."""
    stream.write(_LENGTHS.pack(len(message.head), len(message.body)))
    stream.write(message.head)
    stream.write(message.body)
    stream.flush()


def receive(stream: BinaryIO) -> Message | None:
    """Read a message; None where the other side has ended, also in the middle of one."""
    lengths = stream.read(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        return None
    head, body = _LENGTHS.unpack(lengths)
    message = Message(stream.read(head), stream.read(body))
    return message if (len(message.head), len(message.body)) == (head, body) else None
