"""Connections that are used again, calls that end in time, and the repeats that do no harm."""

from __future__ import annotations

import http.client
import io
import random
import select
import socket
import ssl
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from . import codec
from .errors import Failed, Overloaded, Refused, ScorerError, TimedOut, Unreachable
from .models import ProblemBody

_OVERLOADED = (429, 503)
_CHUNK = 1 << 16


@dataclass(frozen=True)
class Call:
    """One call.

    ``timeout`` in seconds holds for all of it, its repeats and their pauses; ``repeat`` where one does no harm; ``question``
    where the service may give up once nobody waits.
    """

    method: str
    path: str
    timeout: float
    repeat: bool
    question: bool = False
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


class _Deadline:
    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        return self._end - time.monotonic()

    def check(self) -> float:
        left = self.left()
        if left <= 0:
            raise socket.timeout("the time of the call is up")
        return left


class _TimedSocket:
    """A socket whose every step has what is left of the call's time, so that no trickle of bytes keeps a call alive."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._readers = 0
        self._done = False
        self.deadline = _Deadline(0)

    # What http.client asks of a socket.
    def sendall(self, data: Any) -> None:
        view = memoryview(data)
        for at in range(0, len(view), _CHUNK):
            self._sock.settimeout(self.deadline.check())
            self._sock.sendall(view[at : at + _CHUNK])

    def makefile(self, mode: str) -> io.BufferedReader:
        self._readers += 1
        return io.BufferedReader(_Reading(self), _CHUNK)

    def close(self) -> None:
        """For good once nobody reads: http.client closes before it has read an answer that ends with the connection."""
        self._done = True
        if self._readers == 0:
            self._sock.close()

    def leave(self) -> None:
        self._readers -= 1
        if self._done:
            self.close()

    def drop(self) -> None:
        self._sock.close()

    def recv_into(self, buffer: Any) -> int:
        self._sock.settimeout(self.deadline.check())
        return self._sock.recv_into(buffer)

    def fileno(self) -> int:
        return self._sock.fileno()

    def is_silent(self) -> bool:
        """Whether nothing came while it lay idle: an end, or an answer that nobody asked for, makes it useless."""
        poll = getattr(select, "poll", None)
        if poll is None:
            return not select.select([self._sock], [], [], 0)[0]
        poller = poll()
        poller.register(self._sock, select.POLLIN)
        return not poller.poll(0)


class _Reading(io.RawIOBase):
    def __init__(self, sock: _TimedSocket) -> None:
        self._sock = sock

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._sock.recv_into(buffer)

    def close(self) -> None:
        if not self.closed:
            self._sock.leave()
        super().close()


class _Connection(http.client.HTTPConnection):
    """One connection, plain or by TLS, to a host."""

    def __init__(self, host: str, port: int, tls: ssl.SSLContext | None) -> None:
        super().__init__(host, port)
        self._tls = tls
        self._timed: _TimedSocket | None = None
        self.auto_open = 0  # what was lost is not opened again behind our back

    def open(self, deadline: _Deadline, connect_timeout: float) -> None:
        sock = socket.create_connection((self.host, self.port), timeout=min(connect_timeout, deadline.check()))
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._tls is not None:
                sock = self._tls.wrap_socket(sock, server_hostname=self.host)
        except BaseException:
            sock.close()
            raise
        self._timed = _TimedSocket(sock)
        self.sock = self._timed

    def timed(self) -> _TimedSocket:
        assert self._timed is not None
        return self._timed

    def drop(self) -> None:
        self.close()
        if self._timed is not None:
            self._timed.drop()


class Transport:
    """Sends calls. Safe for concurrent use by threads; connections that nobody uses wait for the next call."""

    def __init__(
        self,
        base: str,
        *,
        connect_timeout: float,
        attempts: int,
        backoff: float,
        idle_max: int,
        answer_bytes_max: int,
        tls: ssl.SSLContext | None,
    ) -> None:
        parts = urlsplit(base)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.username:
            raise ValueError(f"a base is http:// or https://, a host, a port and perhaps a path: {base}")
        self._host = parts.hostname
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        self._path = parts.path.rstrip("/")
        self._tls = (tls or ssl.create_default_context()) if parts.scheme == "https" else None
        self._connect_timeout = connect_timeout
        self._attempts = attempts
        self._backoff = backoff
        self._idle_max = idle_max
        self._answer_bytes_max = answer_bytes_max
        self._idle: list[_Connection] = []
        self._lock = threading.Lock()
        self._closed = False

    def close(self) -> None:
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for each in idle:
            each.drop()

    def send(self, call: Call) -> bytes:
        """The body of a successful answer; else raises the error that fits."""
        deadline = _Deadline(call.timeout)
        attempt = 1
        while True:
            try:
                return self._once(call, deadline)
            except (Unreachable, Overloaded) as e:
                pause = self._pause(e, attempt)
                harmless = call.repeat or (isinstance(e, Unreachable) and not e.sent)
                if not harmless or attempt >= self._attempts or pause >= deadline.left():
                    raise
            time.sleep(pause)
            attempt += 1

    def _pause(self, error: ScorerError, attempt: int) -> float:
        """As long as the service asks, else longer from time to time, and never the same for all who wait."""
        jitter: float = self._backoff * (1 << (attempt - 1)) * random.uniform(0.5, 1.5)
        asked = error.retry_after if isinstance(error, Overloaded) else None
        return jitter if asked is None else asked + jitter

    def _once(self, call: Call, deadline: _Deadline) -> bytes:
        connection = self._connection(call, deadline)
        whole = False
        try:
            connection.request(call.method, self._path + call.path, call.body, _said(call, deadline))
            response = connection.getresponse()
            content = self._content(response)
            whole = not response.will_close
        except (OSError, http.client.HTTPException) as e:
            raise _lost(call, e) from e
        finally:
            self._put(connection, whole)
        if 200 <= response.status < 300:
            return content
        raise refusal(call, response.status, response.getheader("Retry-After"), content)

    def _content(self, response: http.client.HTTPResponse) -> bytes:
        content = response.read(self._answer_bytes_max + 1)
        if len(content) > self._answer_bytes_max:
            raise Failed(f"an answer has more than {self._answer_bytes_max} bytes", status=response.status)
        if response.length:
            raise http.client.IncompleteRead(content, response.length)
        return content + response.read()  # of a body in chunks, the end

    def _connection(self, call: Call, deadline: _Deadline) -> _Connection:
        try:
            while (idle := self._take()) is not None:
                if idle.timed().is_silent():
                    idle.timed().deadline = deadline
                    return idle
                idle.drop()
            connection = _Connection(self._host, self._port, self._tls)
            connection.open(deadline, self._connect_timeout)
            connection.timed().deadline = deadline
            return connection
        except OSError as e:
            raise _lost(call, e, connecting=deadline.left() > 0) from e

    def _take(self) -> _Connection | None:
        with self._lock:
            if self._closed:
                raise ValueError("the client is closed")
            return self._idle.pop() if self._idle else None

    def _put(self, connection: _Connection, whole: bool) -> None:
        with self._lock:
            if whole and not self._closed and len(self._idle) < self._idle_max:
                self._idle.append(connection)
                return
        connection.drop()


def _said(call: Call, deadline: _Deadline) -> dict[str, str]:
    if not call.question:
        return call.headers
    return {**call.headers, "X-Request-Deadline-Ms": str(max(1, int(deadline.left() * 1000)))}


def _lost(call: Call, e: Exception, connecting: bool = False) -> ScorerError:
    if isinstance(e, socket.timeout) and not connecting:
        return TimedOut(f"no answer within {call.timeout:g} s ({call})")
    what = "no connection" if connecting else "the connection was lost"
    return Unreachable(f"{what}: {e} ({call})", sent=not connecting)


def refusal(call: Call, status: int, retry_after: str | None, content: bytes) -> ScorerError:
    """The error that an unsuccessful answer is."""
    try:
        problem = codec.loads(content, ProblemBody)
    except ValueError:
        problem = None
    detail = (problem.detail if problem else None) or content.decode("utf-8", "replace")[:200] or "no reason given"
    message = f"{detail} (status {status}, {call})"
    if status in _OVERLOADED:
        if problem is not None and problem.code == "deadline-passed":
            return TimedOut(message, status=status, problem=problem)
        seconds = float(retry_after) if retry_after and retry_after.isdigit() else None
        return Overloaded(message, retry_after=seconds, status=status, problem=problem)
    kind = Refused if 400 <= status < 500 else Failed
    return kind(message, status=status, problem=problem)
