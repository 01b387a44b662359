"""Against a running service. ``OtherClientsTest`` starts one: a release ``one`` that is live, ``two`` that is staged."""

from __future__ import annotations

import os
import ssl
import time
import unittest

from repscorer import Refused, ScorerClient, Unreachable
from repscorer.models import (
    ChangeAnswerBody,
    ChangeBody,
    ConditionBody,
    Filters,
    MatrixRequest,
    OutcomeBody,
    PairBody,
    PairsRequest,
    PushBody,
    ScoresRequest,
    SourceBody,
    WeightedId,
)

URL = os.environ.get("REPSCORER_URL", "")
TLS_URL = os.environ.get("REPSCORER_TLS_URL", "")
TOKEN = os.environ.get("REPSCORER_ADMIN_TOKEN", "")
SPACES = {"similarity": "cosine", "source_space": "twhin-user", "candidate_space": "twhin-user"}


@unittest.skipUnless(URL, "REPSCORER_URL names no service")
class ServiceTest(unittest.TestCase):
    scorer: ScorerClient

    @classmethod
    def setUpClass(cls) -> None:
        cls.scorer = ScorerClient(URL, admin_token=TOKEN, timeout=20.0)

    @classmethod
    def tearDownClass(cls) -> None:
        cls.scorer.close()

    def test_candidates_come_ranked_with_their_reasons(self) -> None:
        answer = self.scorer.candidates("follow", "user:1", 5, explain=True, unit="user:1")
        self.assertEqual(len(answer.candidates), 5)
        self.assertEqual([each.rank for each in answer.candidates], [1, 2, 3, 4, 5])
        scores = [each.score for each in answer.candidates]
        self.assertEqual(scores, sorted(scores, reverse=True))
        first = answer.candidates[0]
        assert first.columns is not None
        self.assertAlmostEqual(sum(each.contribution or 0.0 for each in first.columns), first.score, 9)
        self.assertEqual(answer.provenance.release, "one")

    def test_filters_and_overrides_are_sent(self) -> None:
        meets = ConditionBody(not_=ConditionBody(ids=["user:5"]))
        plain = self.scorer.candidates("follow", "user:1", 40, unit="u", context={"country": "NP"})
        some = self.scorer.candidates(
            "follow",
            SourceBody(ids=[WeightedId(id="user:1", weight=2.0), WeightedId(id="user:5")]),
            40,
            filters=Filters(exclude_ids=["user:9"], where=meets),
            overrides={"columns.twhin.weight": 0.9, "blend.normalizer": "fixed"},
        )
        self.assertTrue({"user:5", "user:9"} <= {each.id for each in plain.candidates})
        self.assertFalse({"user:5", "user:9"} & {each.id for each in some.candidates})

    def test_why_not_names_the_stage(self) -> None:
        self.assertEqual(self.scorer.why_not("user:2", "follow", "user:1", 2).stage, "excluded")

    def test_scores_keep_the_order_asked_for(self) -> None:
        ids = ["user:7", "user:999", "user:5", "user:7"]
        by_surface = self.scorer.scores("follow", "user:1", ids)
        self.assertEqual([each.id for each in by_surface.scores], ids)
        self.assertIsNone(by_surface.scores[1].score)
        self.assertEqual(by_surface.scores[0], by_surface.scores[3])
        request = ScoresRequest(source=SourceBody(id="user:1"), candidates=ids, **SPACES)  # type: ignore[arg-type]
        one = self.scorer.similarities(request).scores
        pairs = self.scorer.pairs(
            PairsRequest(pairs=[PairBody(source="user:1", candidate=each) for each in ids], **SPACES)  # type: ignore[arg-type]
        ).scores
        matrix = self.scorer.matrix(MatrixRequest(sources=["user:1"], candidates=ids, **SPACES)).scores  # type: ignore[arg-type]
        self.assertEqual([each.score for each in one], [each.score for each in pairs])
        self.assertEqual([each.score for each in one], matrix[0])

    def test_embeddings_are_vectors_entries_or_a_reason(self) -> None:
        answer = self.scorer.embeddings("twhin-user", ["user:1", "user:999"])
        self.assertEqual(len(answer.embeddings[0].vector or []), 64)
        self.assertEqual(answer.embeddings[1].missing, "no-embedding-source")
        one = self.scorer.embedding("simclusters-topic", "topic:rock/pop", release="one")
        self.assertEqual([each.id for each in one.embeddings], ["topic:rock/pop"])
        self.assertTrue(one.embeddings[0].entries)

    def test_upserts_are_visible_when_they_are_accepted(self) -> None:
        producer = f"python-{time.time_ns()}"
        vector = [1.0] * 64
        changes = [ChangeBody(id=f"user:py{i}", vector=vector, seq=i + 1) for i in range(1200)]
        seen: list[ChangeAnswerBody] = []
        told = self.scorer.upserts("twhin-user", iter(changes), producer=producer, on_answer=seen.append)
        self.assertEqual((told.summary.lines, told.summary.accepted, told.refused), (1200, 1200, []))
        self.assertEqual([each.line for each in seen], list(range(1, 1201)))
        self.assertEqual(self.scorer.embedding("twhin-user", "user:py7").embeddings[0].vector, vector)
        again = self.scorer.upserts("twhin-user", changes, producer=producer)
        self.assertEqual((again.summary.duplicates, again.summary.accepted), (1200, 0))
        away = self.scorer.upserts("twhin-user", [ChangeBody(id=each.id, delete=True) for each in changes])
        self.assertEqual(away.summary.accepted, 1200)
        with self.assertRaises(Refused) as raised:
            self.scorer.embedding("twhin-user", "user:py7")
        self.assertEqual(raised.exception.status, 404)

    def test_a_line_that_breaks_a_rule_is_told_and_the_others_are_taken(self) -> None:
        lines = [ChangeBody(id="user:pyx", vector=[1.0] * 64), ChangeBody(id="user:pyx", vector=[1.0])]
        told = self.scorer.upserts("twhin-user", lines)
        self.assertEqual((told.summary.accepted, told.summary.refused), (1, 1))
        self.assertEqual((told.refused[0].line, told.refused[0].code), (2, "dimension-differs"))
        self.scorer.upserts("twhin-user", [ChangeBody(id="user:pyx", delete=True)])

    def test_signals_are_kept_and_told(self) -> None:
        pushed = [PushBody(user="user:31", type="fav", entity="tweet:1"), PushBody(user="user:31", type="block", entity="user:2")]
        self.assertEqual(self.scorer.push_signals(pushed).taken, 2)
        told = self.scorer.signals("user:31", types=["fav"])
        self.assertEqual([(each.type, each.entity) for each in told.signals], [("fav", "tweet:1")])
        self.assertEqual(self.scorer.engagement("user:31", ["user:2"]).user, "user:31")

    def test_releases_are_promoted_and_rolled_back(self) -> None:
        states = {each.release: each.state for each in self.scorer.releases()}
        self.assertEqual(states, {"one": "LIVE", "two": "STAGED"} if states["two"] == "STAGED" else {"one": "LIVE", "two": "KEPT"})
        if states["two"] == "STAGED":
            live = self.scorer.promote("two", force=True, reason="the test of a client")
        else:
            live = self.scorer.roll_back("two")
        self.assertEqual((live.release, live.state), ("two", "LIVE"))
        self.assertEqual(self.scorer.candidates("follow", "user:1", 1).provenance.release, "two")
        self.assertEqual(self.scorer.roll_back("one").state, "LIVE")
        self.assertEqual(self.scorer.release("two").state, "KEPT")

    def test_outcomes_join_the_decision_they_name(self) -> None:
        answer = self.scorer.candidates("follow", "user:1", 3, unit="user:1")
        shown = answer.candidates[0].id
        decision = answer.provenance.decision_id
        told = self.scorer.outcomes(
            [
                OutcomeBody(decision=decision, candidate=shown, kind="follow", value=2.0),
                OutcomeBody(decision="none", candidate=shown, kind="follow"),
            ]
        )
        self.assertEqual((told.summary.accepted, told.summary.refused), (1, 1), told)
        self.assertEqual(told.refused[0].line, 2)

    def test_what_is_there_is_told(self) -> None:
        self.assertTrue(self.scorer.ready())
        self.assertIn("twhin-user", [each.space for each in self.scorer.spaces()])
        self.assertIn("follow", [each.surface for each in self.scorer.surfaces()])
        names = {each.experiment for each in self.scorer.experiments()}
        assigned = self.scorer.assignments("user:1", context={"country": "NP"})
        self.assertTrue({each.experiment for each in assigned.assignments} <= names)

    def test_a_refusal_names_rule_and_place(self) -> None:
        with self.assertRaises(Refused) as raised:
            self.scorer.candidates("follow", "user:1", 0)
        error = raised.exception
        assert error.problem is not None
        self.assertEqual((error.status, error.code, error.problem.field_), (400, "out-of-range", "k"))
        self.assertIn("k must be 1 to 1000: 0", str(error))
        with ScorerClient(URL) as anybody:
            with self.assertRaises(Refused) as missing:
                anybody.signals("user:1")
            self.assertEqual(missing.exception.code, "token-missing")

    def test_tls_is_spoken_with_whom_it_trusts(self) -> None:
        with ScorerClient(TLS_URL, attempts=1) as stranger:
            self.assertRaises(Unreachable, stranger.spaces)
        trust = ssl.create_default_context(cafile=os.environ["REPSCORER_TLS_CERTIFICATE"])
        with ScorerClient(TLS_URL, tls=trust) as scorer:
            self.assertEqual(len(scorer.spaces()), len(scorer.spaces()))


if __name__ == "__main__":
    unittest.main()
