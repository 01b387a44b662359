import type {
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
  MatrixRequest,
  MatrixResponse,
  OutcomeAnswerBody,
  OutcomeBody,
  OutcomesSummaryBody,
  PairsRequest,
  PairsResponse,
  ProblemBody,
  ReleaseBody,
  ScoresRequest,
  ScoresResponse,
  SignalsRequest,
  SignalsResponse,
  SignalsTakenResponse,
  SpaceBody,
  SurfaceBody,
  WhyNotRequest,
  WhyNotResponse,
} from "./models.js";

export type * from "./models.js";

/** A call without an answer. `status` and `problem` are what the service said; undefined where it said nothing. */
export class ScorerError extends Error {
  readonly status: number | undefined;
  readonly problem: ProblemBody | undefined;
  /** The stable name of the rule, such as `dimension-differs`. */
  get code(): string | undefined;
}

/** There is no connection, or it was lost before the whole answer came. */
export class Unreachable extends ScorerError {
  /** False where no connection could be made, so that nothing was changed; else that is not known. */
  readonly sent: boolean;
}

/** The time of the call is up, here or by the service's clock. Whether a change took effect is not known. */
export class TimedOut extends ScorerError {}

/** The service takes no more for now, or has nothing to answer by yet, and changed nothing. */
export class Overloaded extends ScorerError {
  /** How long it asks to be left alone, where it says so. */
  readonly retryAfterMs: number | undefined;
}

/** The request, or the state that it meets, must change first (status 4xx). Nothing was changed. */
export class Refused extends ScorerError {}

/** The service failed (another status 5xx), or what came is not an answer of this service. */
export class Failed extends ScorerError {}

export interface Settings {
  /** Sent as a bearer token with every call. */
  key?: string;
  /** Sent in its place with changes, and with questions for what users did. */
  adminToken?: string;
  /** Of a question, repeats included; 5000. The service is told how much is left. */
  timeoutMs?: number;
  /** Of a change of releases, or of one request of a stream; 600000. */
  changeTimeoutMs?: number;
  /** Whose turn comes first where many wait. */
  priority?: "high" | "normal" | "low";
  /** 1 for no repeats; 3. */
  attempts?: number;
  /** The pause before the first repeat, about; each next is twice as long; 20. */
  backoffMs?: number;
  /** Of the largest answer that is read; 64 MiB. */
  answerBytesMax?: number;
  /** In place of the runtime's own, such as one with certificates or a pool of its own. */
  fetch?: typeof fetch;
}

export interface CallOptions {
  timeoutMs?: number;
  /** Ends the call with the signal's reason. */
  signal?: AbortSignal;
}

export interface UpsertOptions extends CallOptions {
  /** Who numbers the lines. */
  producer?: string;
  /** The release that is meant; the live one where absent. */
  release?: string;
  /** What the vectors were learnt by. */
  training?: string;
  onAnswer?: (answer: ChangeAnswerBody) => void;
}

export interface OutcomeOptions extends CallOptions {
  onAnswer?: (answer: OutcomeAnswerBody) => void;
}

export interface PromoteOptions extends CallOptions {
  partial?: boolean;
  carry?: readonly string[];
  force?: boolean;
  reason?: string;
}

/** What became of a stream of changes: the sum, and each line that was refused. */
export interface Upserts {
  summary: ChangesSummaryBody;
  refused: ChangeAnswerBody[];
}

/** What became of a stream of outcomes: the sum, and each line that was refused. */
export interface Outcomes {
  summary: OutcomesSummaryBody;
  refused: OutcomeAnswerBody[];
}

/**
 * Calls a service; one per service is enough. Every call rejects with a {@link ScorerError} where it has no answer. Questions are
 * repeated after a lost connection and while the service takes no more; changes only where nothing was sent, or where sending
 * again is known to do no harm.
 */
export class ScorerClient {
  /** @param base such as `http://127.0.0.1:8080`; a path in it is kept */
  constructor(base: string, settings?: Settings);

  /** Ranked candidates for a source. */
  candidates(request: CandidatesRequest, options?: CallOptions): Promise<CandidatesResponse>;
  /** The stage that lost an id, and the value that would have kept it. */
  whyNot(request: WhyNotRequest, options?: CallOptions): Promise<WhyNotResponse>;
  /** Scores of named candidates: as many as were asked for, in their order. */
  scores(request: ScoresRequest, options?: CallOptions): Promise<ScoresResponse>;
  /** Scores of pairs: as many as were asked for, in their order. */
  pairs(request: PairsRequest, options?: CallOptions): Promise<PairsResponse>;
  /** Scores of every source with every candidate. */
  matrix(request: MatrixRequest, options?: CallOptions): Promise<MatrixResponse>;
  /** How near candidates are to what a user did lately. */
  engagement(request: EngagementRequest, options?: CallOptions): Promise<EngagementResponse>;
  /** One embedding of the live or a named release. */
  embedding(space: string, id: string, options?: CallOptions & { release?: string }): Promise<EmbeddingsResponse>;
  /** Several embeddings of one space: as many as were asked for, in their order. */
  embeddings(space: string, request: EmbeddingsRequest, options?: CallOptions): Promise<EmbeddingsResponse>;
  /** What a user did, latest first. */
  signals(user: string, options?: CallOptions & { types?: readonly string[] }): Promise<SignalsResponse>;
  /** The variants that a unit is in. */
  assignments(
    unit: string,
    options?: CallOptions & { context?: Readonly<Record<string, string>> },
  ): Promise<AssignmentsResponse>;
  spaces(options?: CallOptions): Promise<SpaceBody[]>;
  surfaces(options?: CallOptions): Promise<SurfaceBody[]>;
  experiments(options?: CallOptions): Promise<ExperimentBody[]>;
  /** Live, kept, staged and rejected releases. */
  releases(options?: CallOptions): Promise<ReleaseBody[]>;
  release(name: string, options?: CallOptions): Promise<ReleaseBody>;
  /** Whether the service says that it is ready; false too where it cannot be reached, so that one can wait for it. */
  ready(options?: CallOptions): Promise<boolean>;

  /** Has the service keep what users did, all or none. */
  pushSignals(request: SignalsRequest, options?: CallOptions): Promise<SignalsTakenResponse>;
  /**
   * Streams changes into the live release, and tells what became of them. Changes are taken as they come and sent in requests of
   * 500 lines at most, all to one release; `timeoutMs` is of each. With a `producer`, and a `seq` in every line, a request whose
   * connection is lost is sent again, for what was taken already is answered as DUPLICATE. It ends early where the summary says
   * `stopped`, such as by `release-changed`.
   */
  upserts(
    space: string,
    changes: Iterable<ChangeBody> | AsyncIterable<ChangeBody>,
    options?: UpsertOptions,
  ): Promise<Upserts>;
  /** Streams what came of answers. Each counts as often as it is sent, so that nothing is repeated. */
  outcomes(
    outcomes: Iterable<OutcomeBody> | AsyncIterable<OutcomeBody>,
    options?: OutcomeOptions,
  ): Promise<Outcomes>;
  /** Puts a staged release live by the same checks as a publication; past its gates with `force` and a `reason`. */
  promote(release: string, options?: PromoteOptions): Promise<ReleaseBody>;
  /** Puts a kept release live again. */
  rollBack(release: string, options?: CallOptions): Promise<ReleaseBody>;
}
