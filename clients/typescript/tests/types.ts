// Not run: what a caller writes, and what the types must refuse. `tsc -p .` checks it.
import { Refused, ScorerClient, type CandidateBody, type ChangeBody, type Upserts } from "../src/index.js";

export async function use(scorer: ScorerClient): Promise<string[]> {
  const answer = await scorer.candidates({ surface: "follow", source: { id: "user:1" }, k: 3 }, { timeoutMs: 300 });
  const best: CandidateBody | undefined = answer.candidates[0];
  // @ts-expect-error a request needs a source
  await scorer.candidates({ surface: "follow" });
  // @ts-expect-error keys that nobody reads are refused
  await scorer.candidates({ surface: "follow", source: { id: "user:1" }, kay: 3 });
  // @ts-expect-error one of the words of similarity
  await scorer.scores({ source: { id: "user:1" }, candidates: [], similarity: "cosinus" });
  const score = (await scorer.scores({ surface: "follow", source: { id: "user:1" }, candidates: ["user:2"] })).scores[0];
  // @ts-expect-error there may be none
  const sure: number = score.score;
  async function* changes(): AsyncGenerator<ChangeBody> {
    yield { id: "user:1", vector: [1, 2], seq: 1 };
    yield { id: "user:1", vector: "AACAPwAAAEA=", seq: 2 };
  }
  const told: Upserts = await scorer.upserts("twhin-user", changes(), { producer: "p", onAnswer: (each) => each.status });
  try {
    await scorer.promote("two", { force: true, reason: "a test" });
  } catch (error) {
    if (error instanceof Refused) {
      return [error.code ?? "", error.problem?.field ?? ""];
    }
  }
  return [best?.id ?? "", String(sure), told.summary.release];
}
