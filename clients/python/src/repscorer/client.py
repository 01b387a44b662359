"""The client."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, Literal, TypeVar
from urllib.parse import quote, urlencode

from . import codec
from .errors import Failed, Refused, ScorerError
from .models import (
    AssignmentsResponse,
    CandidatesRequest,
    CandidatesResponse,
    ChangeAnswerBody,
    ChangeBody,
    ChangesSummaryBody,
    EmbeddingsRequest,
    EmbeddingsResponse,
    EngagementRequest,
    EngagementResponse,
    ExperimentBody,
    Filters,
    MatrixRequest,
    MatrixResponse,
    OutcomeAnswerBody,
    OutcomeBody,
    OutcomesSummaryBody,
    PairsRequest,
    PairsResponse,
    PushBody,
    ReleaseBody,
    ScoresRequest,
    ScoresResponse,
    SignalsRequest,
    SignalsResponse,
    SignalsTakenResponse,
    SourceBody,
    SpaceBody,
    SurfaceBody,
    WhyNotRequest,
    WhyNotResponse,
)
from .transport import Call, Transport

T = TypeVar("T")
Answer = TypeVar("Answer", ChangeAnswerBody, OutcomeAnswerBody)
Priority = Literal["high", "normal", "low"]

_JSON = {"Content-Type": "application/json"}
_LINES = {"Content-Type": "application/x-ndjson"}

# What one request of a stream holds at most. The service makes as many durable at once, and answers fit into any socket's buffers.
_LINES_MAX = 500
_BYTES_MAX = 256 << 10


@dataclass(frozen=True)
class Upserts:
    """What became of a stream of changes: the sum, and each line that was refused."""

    summary: ChangesSummaryBody
    refused: list[ChangeAnswerBody]


@dataclass(frozen=True)
class Outcomes:
    """What became of a stream of outcomes: the sum, and each line that was refused."""

    summary: OutcomesSummaryBody
    refused: list[OutcomeAnswerBody]


class ScorerClient:
    """Calls a service. Safe for concurrent use by threads; one per service is enough.

    Every call raises a :class:`ScorerError` where it has no answer. ``timeout`` in seconds holds for a whole call, repeats
    included; the service is told how much is left. Questions are repeated after a lost connection and while the service takes
    no more; changes only where nothing was sent, or where sending again is known to do no harm.

    :param base: such as ``http://127.0.0.1:8080``; a path in it is kept
    :param key: sent as a bearer token with every call
    :param admin_token: sent in its place with changes, and with questions for what users did
    :param timeout: of a question, in seconds
    :param change_timeout: of a change of releases, or of one request of a stream, in seconds
    :param priority: whose turn comes first where many wait
    :param attempts: 1 for no repeats
    :param backoff: the pause before the first repeat, in seconds, about; each next is twice as long
    :param idle_max: connections that are kept for the next calls
    :param answer_bytes_max: of the largest answer that is read
    :param tls: whom to trust, and who we are; the system's certificates where absent
    """

    def __init__(
        self,
        base: str,
        *,
        key: str | None = None,
        admin_token: str | None = None,
        timeout: float = 5.0,
        change_timeout: float = 600.0,
        connect_timeout: float = 1.0,
        priority: Priority | None = None,
        attempts: int = 3,
        backoff: float = 0.02,
        idle_max: int = 16,
        answer_bytes_max: int = 64 << 20,
        user_agent: str = "repscorer-python",
        tls: ssl.SSLContext | None = None,
    ) -> None:
        for name, seconds in (("timeout", timeout), ("change_timeout", change_timeout), ("connect_timeout", connect_timeout)):
            if not 0 < seconds <= 3600:
                raise ValueError(f"{name} is above 0 and at most 3600 seconds: {seconds}")
        if attempts < 1:
            raise ValueError(f"attempts is at least 1: {attempts}")
        for name, text in (("key", key), ("admin_token", admin_token)):
            if text is not None and not (text and all("!" <= c <= "~" for c in text)):
                raise ValueError(f"{name} is visible ASCII without spaces")
        self._timeout = timeout
        self._change_timeout = change_timeout
        self._headers = {"Accept": "application/json, application/problem+json", "User-Agent": user_agent}
        self._question = {**self._headers, **({"X-Request-Priority": priority} if priority else {}), **_bearer(key)}
        self._admin = {**self._headers, **_bearer(admin_token or key)}
        self._transport = Transport(
            base,
            connect_timeout=connect_timeout,
            attempts=attempts,
            backoff=backoff,
            idle_max=idle_max,
            answer_bytes_max=answer_bytes_max,
            tls=tls,
        )

    def __enter__(self) -> ScorerClient:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Lets idle connections go."""
        self._transport.close()

    # Questions

    def candidates(
        self,
        surface: str,
        source: str | SourceBody,
        k: int | None = None,
        *,
        filters: Filters | None = None,
        overrides: Mapping[str, Any] | None = None,
        unit: str | None = None,
        context: Mapping[str, str] | None = None,
        explain: bool | None = None,
        dry_run: bool | None = None,
        timeout: float | None = None,
    ) -> CandidatesResponse:
        """Ranked candidates for a source: an id, or whatever else a :class:`SourceBody` says."""
        request = CandidatesRequest(
            surface=surface,
            source=_source(source),
            k=k,
            filters=filters,
            overrides=_own(overrides),
            unit=unit,
            context=_own(context),
            explain=explain,
            dry_run=dry_run,
        )
        return self._ask("/v1/candidates", request, CandidatesResponse, timeout)

    def why_not(
        self,
        id: str,
        surface: str,
        source: str | SourceBody,
        k: int | None = None,
        *,
        filters: Filters | None = None,
        overrides: Mapping[str, Any] | None = None,
        unit: str | None = None,
        timeout: float | None = None,
    ) -> WhyNotResponse:
        """The stage that lost an id, and the value that would have kept it."""
        request = WhyNotRequest(
            id=id,
            surface=surface,
            source=_source(source),
            k=k,
            filters=filters,
            overrides=_own(overrides),
            unit=unit,
        )
        return self._ask("/v1/why-not", request, WhyNotResponse, timeout)

    def scores(
        self,
        surface: str,
        source: str | SourceBody,
        candidates: Sequence[str],
        *,
        overrides: Mapping[str, Any] | None = None,
        unit: str | None = None,
        explain: bool | None = None,
        timeout: float | None = None,
    ) -> ScoresResponse:
        """Scores of named candidates by a surface's plan: as many as were asked for, in their order."""
        request = ScoresRequest(
            surface=surface,
            source=_source(source),
            candidates=list(candidates),
            overrides=_own(overrides),
            unit=unit,
            explain=explain,
        )
        return self._ask("/v1/scores", request, ScoresResponse, timeout)

    def similarities(self, request: ScoresRequest, *, timeout: float | None = None) -> ScoresResponse:
        """Scores of named candidates by one similarity between two spaces."""
        return self._ask("/v1/scores", request, ScoresResponse, timeout)

    def pairs(self, request: PairsRequest, *, timeout: float | None = None) -> PairsResponse:
        """Scores of pairs: as many as were asked for, in their order."""
        return self._ask("/v1/scores/pairs", request, PairsResponse, timeout)

    def matrix(self, request: MatrixRequest, *, timeout: float | None = None) -> MatrixResponse:
        """Scores of every source with every candidate."""
        return self._ask("/v1/scores/matrix", request, MatrixResponse, timeout)

    def engagement(self, user: str, candidates: Sequence[str], *, timeout: float | None = None) -> EngagementResponse:
        """How near candidates are to what a user did lately."""
        request = EngagementRequest(user=user, candidates=list(candidates))
        return self._ask("/v1/features/engagement", request, EngagementResponse, timeout)

    def embedding(
        self, space: str, id: str, *, release: str | None = None, timeout: float | None = None
    ) -> EmbeddingsResponse:
        """One embedding of the live or a named release."""
        path = f"/v1/embeddings/{_segment(space)}/{_segment(id)}"
        return self._read(path, EmbeddingsResponse, timeout, release=release)

    def embeddings(
        self, space: str, ids: Sequence[str], *, release: str | None = None, timeout: float | None = None
    ) -> EmbeddingsResponse:
        """Several embeddings of one space: as many as were asked for, in their order."""
        request = EmbeddingsRequest(ids=list(ids), release=release)
        return self._ask(f"/v1/embeddings/{_segment(space)}", request, EmbeddingsResponse, timeout)

    def signals(
        self, user: str, *, types: Sequence[str] | None = None, timeout: float | None = None
    ) -> SignalsResponse:
        """What a user did, latest first."""
        path = f"/v1/signals/{_segment(user)}"
        return self._read(path, SignalsResponse, timeout, admin=True, types=types)

    def assignments(
        self, unit: str, *, context: Mapping[str, str] | None = None, timeout: float | None = None
    ) -> AssignmentsResponse:
        """The variants that a unit is in."""
        told = [f"{name}={value}" for name, value in (context or {}).items()] or None
        return self._read("/v1/experiments/assignments", AssignmentsResponse, timeout, unit=unit, context=told)

    def spaces(self, *, timeout: float | None = None) -> list[SpaceBody]:
        return self._read("/v1/spaces", list[SpaceBody], timeout)

    def surfaces(self, *, timeout: float | None = None) -> list[SurfaceBody]:
        return self._read("/v1/surfaces", list[SurfaceBody], timeout)

    def experiments(self, *, timeout: float | None = None) -> list[ExperimentBody]:
        return self._read("/v1/experiments", list[ExperimentBody], timeout)

    def releases(self, *, timeout: float | None = None) -> list[ReleaseBody]:
        """Live, kept, staged and rejected releases."""
        return self._read("/v1/releases", list[ReleaseBody], timeout)

    def release(self, name: str, *, timeout: float | None = None) -> ReleaseBody:
        return self._read(f"/v1/releases/{_segment(name)}", ReleaseBody, timeout)

    def ready(self, *, timeout: float | None = None) -> bool:
        """Whether the service says that it is ready; False too where it cannot be reached, so that one can wait for it."""
        path = "/actuator/health/readiness"
        try:
            self._transport.send(Call("GET", path, timeout or self._timeout, repeat=False, headers=self._question))
        except ScorerError:
            return False
        return True

    # Changes

    def push_signals(self, signals: Iterable[PushBody], *, timeout: float | None = None) -> SignalsTakenResponse:
        """Has the service keep what users did, all or none."""
        # Of two signals of one type about one entity the later stays, so that a repeat does no harm.
        body = codec.dumps(SignalsRequest(signals=list(signals)))
        headers = {**self._admin, **_JSON}
        call = Call("POST", "/v1/signals", timeout or self._timeout, repeat=True, body=body, headers=headers)
        return self._answer(call, SignalsTakenResponse)

    def upserts(
        self,
        space: str,
        changes: Iterable[ChangeBody],
        *,
        producer: str | None = None,
        release: str | None = None,
        training: str | None = None,
        on_answer: Callable[[ChangeAnswerBody], None] | None = None,
        timeout: float | None = None,
    ) -> Upserts:
        """Streams changes into the live release, and tells what became of them.

        Changes are taken as they come and sent in requests of 500 lines at most, all to one release; ``timeout`` is of each.
        With a ``producer``, and a ``seq`` in every line, a request whose connection is lost is sent again, for what was taken
        already is answered as DUPLICATE. It ends early where the summary says ``stopped``, such as by ``release-changed``.
        """
        path = f"/v1/spaces/{_segment(space)}/upserts"
        sum = ChangesSummaryBody(release=release or "", lines=0, accepted=0, duplicates=0, refused=0)
        refused: list[ChangeAnswerBody] = []
        for batch, numbered in _batches(changes, lambda change: change.seq is not None):
            query = _query(producer=producer, release=release, training=training)
            call = self._lines(path + query, batch, timeout, repeat=bool(producer) and numbered)
            try:
                *answers, last = self._transport.send(call).splitlines()
            except Refused as e:
                if not sum.lines:
                    raise
                sum = replace(sum, stopped=e.code, reason=str(e), from_=sum.lines + 1)
                break
            _tell(answers, ChangeAnswerBody, sum.lines, refused, on_answer)
            part = codec.loads(last, ChangesSummaryBody)
            sum = replace(
                part,
                lines=sum.lines + part.lines,
                accepted=sum.accepted + part.accepted,
                duplicates=sum.duplicates + part.duplicates,
                refused=sum.refused + part.refused,
                from_=None if part.from_ is None else sum.lines + part.from_,
            )
            release = part.release
            if part.stopped is not None:
                break
        return Upserts(sum, refused)

    def outcomes(
        self,
        outcomes: Iterable[OutcomeBody],
        *,
        on_answer: Callable[[OutcomeAnswerBody], None] | None = None,
        timeout: float | None = None,
    ) -> Outcomes:
        """Streams what came of answers. Each counts as often as it is sent, so that nothing is repeated."""
        sum = OutcomesSummaryBody(lines=0, accepted=0, late=0, refused=0)
        refused: list[OutcomeAnswerBody] = []
        for batch, _ in _batches(outcomes, lambda outcome: False):
            *answers, last = self._transport.send(self._lines("/v1/outcomes", batch, timeout, repeat=False)).splitlines()
            _tell(answers, OutcomeAnswerBody, sum.lines, refused, on_answer)
            part = codec.loads(last, OutcomesSummaryBody)
            sum = replace(
                part,
                lines=sum.lines + part.lines,
                accepted=sum.accepted + part.accepted,
                late=sum.late + part.late,
                refused=sum.refused + part.refused,
                from_=None if part.from_ is None else sum.lines + part.from_,
            )
            if part.stopped is not None:
                break
        return Outcomes(sum, refused)

    def promote(
        self,
        release: str,
        *,
        partial: bool | None = None,
        carry: Sequence[str] | None = None,
        force: bool | None = None,
        reason: str | None = None,
        timeout: float | None = None,
    ) -> ReleaseBody:
        """Puts a staged release live by the same checks as a publication; past its gates with ``force`` and a ``reason``."""
        query = _query(partial=partial, carry=carry, force=force, reason=reason)
        return self._change(f"/v1/releases/{_segment(release)}/promote{query}", timeout)

    def roll_back(self, release: str, *, timeout: float | None = None) -> ReleaseBody:
        """Puts a kept release live again."""
        return self._change(f"/v1/releases/{_segment(release)}/roll-back", timeout)

    # How

    def _ask(self, path: str, request: object, kind: type[T], timeout: float | None) -> T:
        headers = {**self._question, **_JSON}
        body = codec.dumps(request)
        call = Call("POST", path, timeout or self._timeout, True, True, body, headers)
        return self._answer(call, kind)

    def _read(self, path: str, kind: type[T], timeout: float | None, admin: bool = False, **query: Any) -> T:
        headers = self._admin if admin else self._question
        call = Call("GET", path + _query(**query), timeout or self._timeout, True, True, None, headers)
        return self._answer(call, kind)

    def _change(self, path: str, timeout: float | None) -> ReleaseBody:
        call = Call("POST", path, timeout or self._change_timeout, repeat=False, headers=self._admin)
        return self._answer(call, ReleaseBody)

    def _lines(self, path: str, body: bytes, timeout: float | None, repeat: bool) -> Call:
        headers = {**self._admin, **_LINES, "Accept": "application/x-ndjson, application/problem+json"}
        return Call("POST", path, timeout or self._change_timeout, repeat, body=body, headers=headers)

    def _answer(self, call: Call, kind: type[T]) -> T:
        content = self._transport.send(call)
        try:
            return codec.loads(content, kind)
        except ValueError as e:
            raise Failed(f"the answer cannot be read: {e} ({call})") from e


def _batches(lines: Iterable[T], is_numbered: Callable[[T], bool]) -> Iterator[tuple[bytes, bool]]:
    """Requests' bodies, and whether each of a body's lines has a number of its own."""
    body = bytearray()
    count = 0
    numbered = True
    for line in lines:
        body += codec.dumps(line) + b"\n"
        numbered = numbered and is_numbered(line)
        count += 1
        if count == _LINES_MAX or len(body) >= _BYTES_MAX:
            yield bytes(body), numbered
            body.clear()
            count = 0
            numbered = True
    if count:
        yield bytes(body), numbered


def _tell(
    lines: list[bytes],
    kind: type[Answer],
    before: int,
    refused: list[Answer],
    on_answer: Callable[[Answer], None] | None,
) -> None:
    """Hands on what a request's lines were answered, numbered from the first line of the whole stream on."""
    for line in lines:
        answer = codec.loads(line, kind)
        answer = replace(answer, line=answer.line + before)
        if answer.status == "REFUSED":
            refused.append(answer)
        if on_answer is not None:
            on_answer(answer)


def _source(source: str | SourceBody) -> SourceBody:
    return SourceBody(id=source) if isinstance(source, str) else source


def _own(given: Mapping[str, T] | None) -> dict[str, T] | None:
    return None if given is None else dict(given)


def _segment(text: str) -> str:
    return quote(text, safe=":")


def _query(**given: Any) -> str:
    named = {name: str(value).lower() if isinstance(value, bool) else value for name, value in given.items()}
    text = urlencode({name: value for name, value in named.items() if value is not None}, doseq=True)
    return f"?{text}" if text else ""


def _bearer(text: str | None) -> dict[str, str]:
    return {} if text is None else {"Authorization": f"Bearer {text}"}
