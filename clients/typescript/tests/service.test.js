/** Against a running service. `OtherClientsTest` starts one: a release `one` that is live, `two` that is staged or kept. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Refused, ScorerClient } from "../src/index.js";

const { REPSCORER_URL: url, REPSCORER_TLS_URL: tlsUrl, REPSCORER_ADMIN_TOKEN: adminToken } = process.env;
const spaces = { similarity: "cosine", sourceSpace: "twhin-user", candidateSpace: "twhin-user" };
const ids = (answer) => answer.candidates.map((each) => each.id);

describe("of a running service", { skip: url ? false : "REPSCORER_URL names no service" }, () => {
  const scorer = new ScorerClient(url ?? "http://none", { adminToken, timeoutMs: 20_000 });

  test("candidates come ranked with their reasons", async () => {
    const source = { id: "user:1" };
    const answer = await scorer.candidates({ surface: "follow", source, k: 5, explain: true, unit: "user:1" });
    assert.deepEqual(answer.candidates.map((each) => each.rank), [1, 2, 3, 4, 5]);
    const [first] = answer.candidates;
    const sum = first.columns.reduce((total, each) => total + each.contribution, 0);
    assert.ok(Math.abs(sum - first.score) < 1e-9);
    assert.equal(answer.provenance.release, "one");
  });

  test("filters and overrides are sent", async () => {
    const plain = await scorer.candidates({ surface: "follow", source: { id: "user:1" }, k: 40 });
    const some = await scorer.candidates({
      surface: "follow",
      source: { ids: [{ id: "user:1", weight: 2 }, { id: "user:5" }] },
      k: 40,
      filters: { excludeIds: ["user:9"], where: { not: { ids: ["user:5"] } } },
      overrides: { "columns.twhin.weight": 0.9 },
    });
    for (const id of ["user:5", "user:9"]) {
      assert.ok(ids(plain).includes(id) && !ids(some).includes(id), id);
    }
    const lost = await scorer.whyNot({ id: "user:2", surface: "follow", source: { id: "user:1" }, k: 2 });
    assert.equal(lost.stage, "excluded");
  });

  test("scores keep the order asked for", async () => {
    const candidates = ["user:7", "user:999", "user:5", "user:7"];
    const source = { id: "user:1" };
    const bySurface = (await scorer.scores({ surface: "follow", source, candidates })).scores;
    assert.deepEqual(bySurface.map((each) => each.id), candidates);
    assert.equal(bySurface[1].score, undefined);
    const one = (await scorer.scores({ ...spaces, source, candidates })).scores.map((each) => each.score ?? null);
    const pairs = candidates.map((candidate) => ({ source: source.id, candidate }));
    const paired = (await scorer.pairs({ ...spaces, pairs })).scores.map((each) => each.score ?? null);
    const [row] = (await scorer.matrix({ ...spaces, sources: [source.id], candidates })).scores;
    assert.deepEqual(one, paired);
    assert.deepEqual(one, row);
  });

  test("embeddings are vectors, entries or a reason", async () => {
    const { embeddings } = await scorer.embeddings("twhin-user", { ids: ["user:1", "user:999"] });
    assert.equal(embeddings[0].vector.length, 64);
    assert.equal(embeddings[1].missing, "no-embedding-source");
    const one = await scorer.embedding("simclusters-topic", "topic:rock/pop", { release: "one" });
    assert.equal(one.embeddings[0].id, "topic:rock/pop");
    assert.ok(one.embeddings[0].entries.length > 0);
  });

  test("upserts are visible when they are accepted", async () => {
    const producer = `typescript-${process.hrtime.bigint()}`;
    const vector = Array(64).fill(1);
    const changes = Array.from({ length: 1200 }, (_, i) => ({ id: `user:ts${i}`, vector, seq: i + 1 }));
    const { summary, refused } = await scorer.upserts("twhin-user", changes, { producer });
    assert.deepEqual([summary.accepted, refused], [1200, []]);
    assert.deepEqual((await scorer.embedding("twhin-user", "user:ts7")).embeddings[0].vector, vector);
    assert.equal((await scorer.upserts("twhin-user", changes, { producer })).summary.duplicates, 1200);
    const wrong = await scorer.upserts("twhin-user", [changes[0], { id: "user:ts0", vector: [1] }]);
    assert.deepEqual(wrong.refused.map((each) => [each.line, each.code]), [[2, "dimension-differs"]]);
    await scorer.upserts("twhin-user", changes.map(({ id }) => ({ id, delete: true })));
    await assert.rejects(scorer.embedding("twhin-user", "user:ts7"), (error) => error.status === 404);
  });

  test("signals are kept and told", async () => {
    const signals = [
      { user: "user:32", type: "fav", entity: "tweet:1" },
      { user: "user:32", type: "block", entity: "user:2" },
    ];
    assert.equal((await scorer.pushSignals({ signals })).taken, 2);
    const told = await scorer.signals("user:32", { types: ["fav"] });
    assert.deepEqual(told.signals.map((each) => each.entity), ["tweet:1"]);
    assert.equal((await scorer.engagement({ user: "user:32", candidates: ["user:2"] })).user, "user:32");
  });

  test("releases are promoted and rolled back", async () => {
    const states = Object.fromEntries((await scorer.releases()).map((each) => [each.release, each.state]));
    assert.equal(states.one, "LIVE");
    const live =
      states.two === "STAGED"
        ? await scorer.promote("two", { force: true, reason: "the test of a client" })
        : await scorer.rollBack("two");
    assert.deepEqual([live.release, live.state], ["two", "LIVE"]);
    assert.equal((await scorer.rollBack("one")).state, "LIVE");
    assert.equal((await scorer.release("two")).state, "KEPT");
  });

  test("outcomes join the decision they name", async () => {
    const answer = await scorer.candidates({ surface: "follow", source: { id: "user:1" }, k: 3, unit: "user:1" });
    const shown = { decision: answer.provenance.decisionId, candidate: answer.candidates[0].id, kind: "follow" };
    const { summary, refused } = await scorer.outcomes([shown, { ...shown, decision: "none" }]);
    assert.deepEqual([summary.accepted, summary.refused], [1, 1]);
    assert.deepEqual(refused.map((each) => each.line), [2]);
  });

  test("what is there is told", async () => {
    assert.equal(await scorer.ready(), true);
    assert.ok((await scorer.spaces()).some((each) => each.space === "twhin-user"));
    assert.ok((await scorer.surfaces()).some((each) => each.surface === "follow"));
    const names = (await scorer.experiments()).map((each) => each.experiment);
    const { assignments } = await scorer.assignments("user:1", { context: { country: "NP" } });
    assert.ok(assignments.every((each) => names.includes(each.experiment)));
  });

  test("a refusal names rule and place", async () => {
    await assert.rejects(
      scorer.candidates({ surface: "follow", source: { id: "user:1" }, k: 0 }),
      (error) => error instanceof Refused && error.code === "out-of-range" && error.problem.field === "k",
    );
    await assert.rejects(new ScorerClient(url).signals("user:1"), (error) => error.code === "token-missing");
  });

  test("TLS is spoken with whom the runtime trusts", async () => {
    assert.ok((await new ScorerClient(tlsUrl).spaces()).length > 0);
  });
});
