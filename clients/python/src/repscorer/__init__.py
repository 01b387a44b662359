"""A client of Representation Scorer: candidates and scores from embeddings.

>>> from repscorer import ScorerClient
>>> with ScorerClient("http://127.0.0.1:8080") as scorer:
...     for candidate in scorer.candidates("follow", "user:589", 10).candidates:
...         print(candidate.rank, candidate.id, candidate.score)
"""

from .client import Outcomes, Priority, ScorerClient, Upserts
from .errors import Failed, Overloaded, Refused, ScorerError, TimedOut, Unreachable

__all__ = [
    "Failed",
    "Outcomes",
    "Overloaded",
    "Priority",
    "Refused",
    "ScorerClient",
    "ScorerError",
    "TimedOut",
    "Unreachable",
    "Upserts",
]
