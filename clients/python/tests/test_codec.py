from __future__ import annotations

import array
import unittest

from repscorer import codec
from repscorer.models import CandidatesRequest, ConditionBody, ListBody, ProblemBody, ReleaseBody, SourceBody, WeightedId


class CodecTest(unittest.TestCase):
    def test_what_is_absent_is_not_sent_and_keys_are_those_of_the_wire(self) -> None:
        request = CandidatesRequest(
            surface="follow", source=SourceBody(ids=[WeightedId(id="user:\u00e9")]), dry_run=False, overrides={"a.b": 0}
        )
        self.assertEqual(
            codec.dumps(request).decode(),
            '{"surface":"follow","source":{"ids":[{"id":"user:\u00e9"}]},"overrides":{"a.b":0},"dryRun":false}',
        )
        meets = ConditionBody(not_=ConditionBody(list_=ListBody(space="h", of="user:1")))
        self.assertEqual(codec.dumps(meets), b'{"not":{"list":{"space":"h","of":"user:1"}}}')

    def test_vectors_of_other_libraries_are_lists(self) -> None:
        vector = array.array("f", [1.0, 0.5])
        self.assertEqual(codec.dumps(SourceBody(vector=vector)), b'{"vector":[1.0,0.5]}')  # type: ignore[arg-type]
        self.assertEqual(codec.dumps(SourceBody(vector=(1, 2))), b'{"vector":[1,2]}')  # type: ignore[arg-type]
        self.assertRaises(ValueError, codec.dumps, SourceBody(vector=[float("nan")]))
        self.assertRaises(TypeError, codec.dumps, SourceBody(id=object()))  # type: ignore[arg-type]

    def test_keys_that_no_model_has_are_left_out(self) -> None:
        problem = codec.loads(b'{"status":400,"field":"k","more":[1]}', ProblemBody)
        self.assertEqual(problem, ProblemBody(status=400, field_="k"))

    def test_what_is_no_model_is_refused_with_its_place(self) -> None:
        for content, place in (
            (b"[]", "expected dict, got list"),
            (b"{}", "ProblemBody is not whole"),
            (b'{"status":"400"}', "ProblemBody.status: expected int, got str"),
        ):
            with self.assertRaisesRegex(ValueError, place):
                codec.loads(content, ProblemBody)
        release = b'{"release":"r","state":"LIVE","publishedAt":"x","versions":{},"checks":{"recall":"high"}}'
        with self.assertRaisesRegex(ValueError, "ReleaseBody.checks: expected a number, got str"):
            codec.loads(release, ReleaseBody)
        self.assertRaises(ValueError, codec.loads, b"<html>", ProblemBody)


if __name__ == "__main__":
    unittest.main()
