"""What a call raises where it has no answer. Each class asks something else of the caller."""

from __future__ import annotations

from .models import ProblemBody


class ScorerError(Exception):
    """A call without an answer.

    ``status`` and ``problem`` are what the service said; None where it said nothing.
    """

    def __init__(self, message: str, *, status: int | None = None, problem: ProblemBody | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.problem = problem

    @property
    def code(self) -> str | None:
        """The stable name of the rule, such as ``dimension-differs``."""
        return self.problem.code if self.problem else None


class Unreachable(ScorerError):
    """There is no connection, or it was lost before the whole answer came.

    ``sent`` is False where no connection could be made, so that nothing was changed; else that is not known.
    """

    def __init__(self, message: str, *, sent: bool) -> None:
        super().__init__(message)
        self.sent = sent


class TimedOut(ScorerError):
    """The time of the call is up, here or by the service's clock. Whether a change took effect is not known."""


class Overloaded(ScorerError):
    """The service takes no more for now, or has nothing to answer by yet, and changed nothing.

    ``retry_after`` are the seconds that it asks to be left alone, where it says so.
    """

    def __init__(
        self, message: str, *, retry_after: float | None, status: int | None = None, problem: ProblemBody | None = None
    ) -> None:
        super().__init__(message, status=status, problem=problem)
        self.retry_after = retry_after


class Refused(ScorerError):
    """The request, or the state that it meets, must change first (status 4xx). Nothing was changed."""


class Failed(ScorerError):
    """The service failed (another status 5xx), or what came is not an answer of this service."""
