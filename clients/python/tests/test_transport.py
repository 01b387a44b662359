from __future__ import annotations

import socket
import threading
import time
import unittest

from repscorer import Failed, Overloaded, Refused, ScorerClient, TimedOut, Unreachable
from repscorer.models import ChangeBody, OutcomeBody, PushBody
from tests.stub import Stub, answer, half, hang_up, trickle

OK = answer("200 OK")
TAKEN = answer("200 OK", b'{"line":1,"status":"ACCEPTED"}\n{"release":"one","lines":1,"accepted":1,"duplicates":0,"refused":0}\n')
BUSY = answer("503 Busy", b'{"status":503,"code":"overloaded","detail":"too much"}', Retry_After="0")


def client(stub: Stub, **more: object) -> ScorerClient:
    return ScorerClient(stub.base, **{"timeout": 2.0, "backoff": 0.001, **more})  # type: ignore[arg-type]


class TransportTest(unittest.TestCase):
    def test_one_connection_serves_many_calls(self) -> None:
        with Stub(OK) as stub, client(stub) as scorer:
            for _ in range(20):
                scorer.spaces()
            self.assertEqual((stub.connections, len(stub.requests)), (1, 20))

    def test_threads_do_not_share_a_connection_at_once(self) -> None:
        def slow(connection: socket.socket, request: bytes) -> bool:
            time.sleep(0.05)
            return OK(connection, request)

        with Stub(slow) as stub, client(stub, idle_max=2) as scorer:
            threads = [threading.Thread(target=scorer.spaces) for _ in range(4)]
            for each in threads:
                each.start()
            for each in threads:
                each.join()
            self.assertEqual((stub.connections, len(stub.requests)), (4, 4))

    def test_a_connection_that_was_closed_meanwhile_is_not_used(self) -> None:
        def once(connection: socket.socket, request: bytes) -> bool:
            OK(connection, request)
            return False

        with Stub(once, OK) as stub, client(stub, attempts=1) as scorer:
            scorer.spaces()
            time.sleep(0.05)
            scorer.spaces()
            self.assertEqual(stub.connections, 2)

    def test_an_answer_without_a_length_ends_with_its_connection(self) -> None:
        def ends(connection: socket.socket, request: bytes) -> bool:
            connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n[]")
            return False

        with Stub(ends, OK) as stub, client(stub, attempts=1) as scorer:
            self.assertEqual(scorer.spaces(), [])
            self.assertEqual(scorer.spaces(), [])

    def test_a_question_is_repeated_after_a_lost_connection(self) -> None:
        for lost in (hang_up, half):
            with self.subTest(lost.__name__), Stub(lost, OK) as stub, client(stub) as scorer:
                self.assertEqual(scorer.spaces(), [])
                self.assertEqual(len(stub.requests), 2)

    def test_a_question_is_asked_as_often_as_attempts_say(self) -> None:
        with Stub(hang_up) as stub, client(stub, attempts=4) as scorer:
            with self.assertRaises(Unreachable) as raised:
                scorer.spaces()
            self.assertTrue(raised.exception.sent)
            self.assertEqual(len(stub.requests), 4)

    def test_changes_are_not_repeated(self) -> None:
        changes = [ChangeBody(id="user:1", vector=[1.0])]
        outcomes = [OutcomeBody(decision="d", candidate="user:1", kind="follow")]
        for change in (
            lambda scorer: scorer.roll_back("one"),
            lambda scorer: scorer.promote("one"),
            lambda scorer: scorer.outcomes(outcomes),
            lambda scorer: scorer.upserts("space", changes),
            lambda scorer: scorer.upserts("space", changes, producer="p"),
        ):
            for kind, script in ((Unreachable, hang_up), (Overloaded, BUSY)):
                with Stub(script) as stub, client(stub) as scorer:
                    self.assertRaises(kind, change, scorer)
                    self.assertEqual(len(stub.requests), 1)

    def test_changes_that_can_be_sent_again_are_repeated(self) -> None:
        numbered = [ChangeBody(id="user:1", vector=[1.0], seq=1)]
        with Stub(hang_up, TAKEN) as stub, client(stub) as scorer:
            self.assertEqual(scorer.upserts("space", numbered, producer="p").summary.accepted, 1)
            self.assertEqual(stub.requests[0], stub.requests[1])
        with Stub(hang_up, answer("200 OK", b'{"taken":1}')) as stub, client(stub) as scorer:
            self.assertEqual(scorer.push_signals([PushBody(user="user:1", type="fav", entity="tweet:1")]).taken, 1)

    def test_what_was_not_sent_is_sent_again_whatever_it_is(self) -> None:
        closed = socket.create_server(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{closed.getsockname()[1]}"
        closed.close()
        with ScorerClient(base, backoff=0.001) as scorer:
            with self.assertRaises(Unreachable) as raised:
                scorer.roll_back("one")
            self.assertFalse(raised.exception.sent)
            self.assertFalse(scorer.ready())

    def test_a_busy_service_is_left_alone_as_long_as_it_asks(self) -> None:
        wait = answer("503 Busy", b'{"status":503,"code":"overloaded"}', Retry_After="1")
        with Stub(wait, OK) as stub, client(stub) as scorer:
            begun = time.monotonic()
            self.assertEqual(scorer.spaces(), [])
            self.assertGreaterEqual(time.monotonic() - begun, 1)
            self.assertEqual(len(stub.requests), 2)

    def test_a_wait_that_is_longer_than_the_call_is_told_at_once(self) -> None:
        wait = answer("429 Slow down", b'{"status":429,"code":"quota"}', Retry_After="60")
        with Stub(wait) as stub, client(stub) as scorer:
            begun = time.monotonic()
            with self.assertRaises(Overloaded) as raised:
                scorer.spaces()
            self.assertEqual((raised.exception.retry_after, raised.exception.code), (60, "quota"))
            self.assertLess(time.monotonic() - begun, 1)

    def test_a_call_ends_in_time_however_its_answer_comes(self) -> None:
        def silent(connection: socket.socket, request: bytes) -> bool:
            connection.recv(1)  # until the client gives up
            return False

        for script in (silent, trickle):
            with self.subTest(script.__name__), Stub(script) as stub, client(stub) as scorer:
                begun = time.monotonic()
                self.assertRaises(TimedOut, scorer.spaces, timeout=0.3)
                self.assertLess(time.monotonic() - begun, 1.5)
                self.assertEqual(len(stub.requests), 1)

    def test_the_service_is_told_how_much_time_is_left(self) -> None:
        with Stub(hang_up, OK) as stub, client(stub, backoff=0.2) as scorer:
            scorer.spaces(timeout=1.5)
            told = [int(each.split(b"X-Request-Deadline-Ms: ")[1].split(b"\r\n")[0]) for each in stub.requests]
            self.assertTrue(1400 < told[0] <= 1500, told)
            self.assertLess(told[1], told[0] - 90)

    def test_an_answer_is_what_it_says(self) -> None:
        refused = b'{"status":409,"code":"training-differs","detail":"of two trainings","field":"x"}'
        for script, kind, code in (
            (answer("409 Conflict", refused), Refused, "training-differs"),
            (answer("404 Not Found", b"<html>"), Refused, None),
            (answer("500 Oops", b'{"status":500,"code":"internal-error"}'), Failed, "internal-error"),
            (answer("503 Late", b'{"status":503,"code":"deadline-passed"}'), TimedOut, "deadline-passed"),
            (answer("200 OK", b"<html>"), Failed, None),
            (answer("200 OK", b'[{"space":1}]'), Failed, None),
            (answer("302 Found", b""), Failed, None),
            (answer("200 OK", b"[" + b" " * 2000 + b"]"), Failed, None),
        ):
            with Stub(script) as stub, client(stub, answer_bytes_max=1000) as scorer:
                with self.assertRaises(kind) as raised:
                    scorer.spaces()
                self.assertIs(type(raised.exception), kind)
                self.assertEqual(raised.exception.code, code)
                self.assertEqual(len(stub.requests), 1)

    def test_streams_are_sent_in_requests_and_told_as_one(self) -> None:
        def some(connection: socket.socket, request: bytes) -> bool:
            lines = request.split(b"\r\n\r\n", 1)[1].count(b"\n")
            answers = b'{"line":1,"status":"REFUSED","code":"bad"}\n' + b"".join(
                b'{"line":%d,"status":"ACCEPTED"}\n' % (line + 1) for line in range(1, lines)
            )
            last = b'{"release":"r","lines":%d,"accepted":%d,"duplicates":0,"refused":1}\n' % (lines, lines - 1)
            return answer("200 OK", answers + last)(connection, request)

        with Stub(some) as stub, client(stub) as scorer:
            seen: list[int] = []
            changes = (ChangeBody(id=f"user:{i}", delete=True) for i in range(1201))
            told = scorer.upserts("a space/b", changes, on_answer=lambda each: seen.append(each.line))
            self.assertEqual(seen, list(range(1, 1202)))
            self.assertEqual([each.line for each in told.refused], [1, 501, 1001])
            self.assertEqual((told.summary.lines, told.summary.accepted, told.summary.refused), (1201, 1198, 3))
            self.assertEqual((stub.connections, len(stub.requests)), (1, 3))
            self.assertIn(b"POST /v1/spaces/a%20space%2Fb/upserts HTTP", stub.requests[0])
            self.assertIn(b"upserts?release=r HTTP", stub.requests[2])

    def test_a_stream_that_is_stopped_says_from_where(self) -> None:
        stopped = b'{"line":1,"status":"ACCEPTED"}\n{"release":"r","lines":1,"accepted":1,"duplicates":0,"refused":0,'
        stopped += b'"stopped":"release-changed","reason":"another is live","from":2}\n'
        full = b'{"release":"r","lines":500,"accepted":500,"duplicates":0,"refused":0}\n'
        with Stub(answer("200 OK", full), answer("200 OK", stopped)) as stub, client(stub) as scorer:
            told = scorer.upserts("s", (ChangeBody(id="user:1", delete=True) for _ in range(2000)))
            self.assertEqual((told.summary.stopped, told.summary.from_, told.summary.lines), ("release-changed", 502, 501))
            self.assertEqual(len(stub.requests), 2)

    def test_what_is_refused_in_the_midst_of_a_stream_stops_it(self) -> None:
        full = b'{"release":"r","lines":500,"accepted":500,"duplicates":0,"refused":0}\n'
        changed = answer("409 Conflict", b'{"status":409,"code":"release-changed","detail":"another is live"}')
        changes = [ChangeBody(id="user:1", delete=True)] * 600
        with Stub(answer("200 OK", full), changed) as stub, client(stub) as scorer:
            summary = scorer.upserts("s", changes).summary
            self.assertEqual((summary.stopped, summary.from_, summary.accepted), ("release-changed", 501, 500))
        with Stub(changed) as stub, client(stub) as scorer:
            self.assertRaises(Refused, scorer.upserts, "s", changes)

    def test_settings_are_checked(self) -> None:
        for wrong in ("ftp://x", "http://", "127.0.0.1:8080", "http://u@x"):
            self.assertRaises(ValueError, ScorerClient, wrong)
        self.assertRaises(ValueError, ScorerClient, "http://x", timeout=0)
        self.assertRaises(ValueError, ScorerClient, "http://x", attempts=0)
        self.assertRaises(ValueError, ScorerClient, "http://x", key="a b")

    def test_a_closed_client_says_so(self) -> None:
        with Stub(OK) as stub:
            scorer = client(stub)
            scorer.close()
            self.assertRaises(ValueError, scorer.spaces)


if __name__ == "__main__":
    unittest.main()
