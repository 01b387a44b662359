// Made of the service's OpenAPI document by ClientModelsTest, which fails where the two differ. Do not edit.

/** How long ago it was made, both ends included. */
export interface AgeBody {
  /** such as 1h; 0 where absent */
  min?: string;
  /** such as 7d; any age where absent */
  max?: string;
}

/** Maps between the coordinates of two trainings of a model, both ways, kept with a release. */
export interface AlignmentBody {
  /** what it is deleted by */
  name: string;
  /** whose dense spaces it holds for */
  model: string;
  /** whose rows it makes comparable with the release's */
  from: CoordinatesBody;
  /** what the release holds */
  to: CoordinatesBody;
  /** that is kept: procrustes, affine or residual */
  method: "procrustes" | "affine" | "residual";
  /** ids that both have */
  shared: number;
  /** of them that it was fitted on */
  pairs: number;
  /** of them that it was judged by */
  heldOut: number;
  /** of the draw and of what is learnt */
  seed: number;
  /** that the map of the older rows is made of */
  values: number;
  /** what was tried, the simplest first */
  fits: FitBody[];
}

/** The alignments of a release, by name. */
export interface AlignmentsResponse {
  /** a release's name */
  release: string;
  /** those that were fitted for what the release holds */
  alignments: AlignmentBody[];
}

/** A known entity. */
export interface AnchorBody {
  /** a column of the surface's plan, or of a sparse space */
  column: string;
  /** an entity, kind:value */
  id: string;
  /** its cosine with the candidate */
  similarity: number;
  /** its cosine with the source */
  sourceSimilarity: number;
}

/** The variant that a unit is in, and what it changes. */
export interface AssignedBody {
  /** an experiment's name */
  experiment: string;
  /** a declared surface */
  surface: string;
  /** a variant's name */
  variant: string;
  /** none where the variant is stopped */
  overrides: Record<string, string>;
  /** true where its units are answered by the surface's own plan; absent where they are not */
  stopped?: boolean;
}

/** The variant of an experiment that the unit is in. */
export interface AssignmentBody {
  /** an experiment's name */
  experiment: string;
  /** a variant's name */
  variant: string;
}

/** The variants that a unit is in. */
export interface AssignmentsResponse {
  /** what experiments are assigned by */
  unit: string;
  /** one for each experiment that the unit takes part in */
  assignments: AssignedBody[];
  /** where experiments leave it alone */
  heldOut: HeldOutBody;
}

/** Values of an attribute. */
export interface AttributeBody {
  /** of the surface's attributes */
  name: string;
  /** ids, one of which it must have; at most 100000 */
  values: string[];
}

/** Something that was done, or that was tried and refused. */
export interface AuditEntryBody {
  /** 1 for the first */
  seq: number;
  /** when */
  at: string;
  /** the name of a key, the admin token, what acts by itself, or a command line's user */
  who: string;
  /** the address it came from */
  from: string;
  /** the request's method and address, or the command */
  what: string;
  /** of the answer; 0 for a command */
  status: number;
  /** of what it changed, by name, what it was */
  before: Record<string, string>;
  /** the same afterwards */
  after: Record<string, string>;
  /** of the line */
  hash: string;
}

/** What was done to a service. */
export interface AuditResponse {
  /** in the order it was done */
  entries: AuditEntryBody[];
  /** entries of the whole log */
  count: number;
  /** of the last of them, to be noted elsewhere: who has it sees that later lines were cut off */
  hash: string;
  /** the first line that was changed, taken out, put in or moved; absent where all hang together */
  broken?: string;
}

/** One point of a calibration. */
export interface CalibrationPointBody {
  /** of a candidate */
  score: number;
  /** of what the calibration was fitted to, at that score; 0 to 1 */
  probability: number;
}

/** Whether a release is tried on a share of units, and what became of those before it. */
export interface CanaryBody {
  /** the one that is tried; absent where none is */
  running?: Running;
  /** what was begun and ended by whom and why, latest first */
  history: HistoryEntryBody[];
}

/** One ranked candidate. */
export interface CandidateBody {
  /** from 1 */
  rank: number;
  /** an entity, kind:value */
  id: string;
  /** the score; absent where there is none */
  score: number;
  /** where explanations were asked for */
  columns?: ColumnBody[];
  /** where explanations were asked for, strongest first */
  sharedClusters?: SharedClusterBody[];
  /** where explanations were asked for: known entities nearest to it on the dense side */
  anchors?: AnchorBody[];
  /** where explanations were asked for: what rules did to it, in their order */
  rules?: RuleTraceBody[];
  /**
   * where chance took part in the answer: the probability that it stood at its rank, given all ranks before it; 0
   * to 1
   */
  propensity?: number;
  /** where two variants share the answer: the one that is credited with what is done to it; absent for neither */
  team?: string;
  /** what that counts for its team */
  credit?: number;
  /**
   * where the surface has a calibration and neither an experiment nor the request changed what scores mean: of
   * what it was fitted to, such as a follow; 0 to 1
   */
  probability?: number;
  /**
   * where explanations were asked for and the source is a text: the words that it shares with the candidate's,
   * greatest part first; of a column they sum to its raw value
   */
  terms?: TermBody[];
  /** where explanations were asked for and the surface has some: sentences for people, in the order of the columns */
  reasons?: SaidBody[];
  /** where explanations were asked for and a model computes a column: what made its probability of this candidate */
  models?: ModelPartsBody[];
}

/** The body of POST /v1/candidates. */
export interface CandidatesRequest {
  /** follow, tweet or search */
  surface: string;
  /** what is sought for or compared: an entity or vectors */
  source: SourceBody;
  /** how many; the surface's default where absent; 1 to 1000 */
  k?: number;
  /** which candidates may be answered */
  filters?: Filters;
  /** of the plan by dotted key, numbers, booleans or text */
  overrides?: Record<string, unknown>;
  /** what experiments are assigned by; none takes part in no experiment */
  unit?: string;
  /** what is told of whom the request is for, by name, such as country; experiments may look at it */
  context?: Record<string, string>;
  /** true to have every column, the shared clusters, the anchors and the rules told; false by default */
  explain?: boolean;
  /** true to have told what rules would do, without any effect; false by default */
  dryRun?: boolean;
}

/** The answer of POST /v1/candidates. */
export interface CandidatesResponse {
  /** a declared surface */
  surface: string;
  /** how many */
  k: number;
  /** how many are answered */
  returned: number;
  /** why fewer than k are answered */
  shortfall?: string;
  /** best first, ties by ascending id */
  candidates: CandidateBody[];
  /** over what these are the best */
  ranked?: RankedBody;
  /** where explanations were asked for: the normaliser, or the blend where it does not normalise */
  scale?: string;
  /** where explanations were asked for: what the normaliser knew of each column */
  statistics?: StatisticsBody[];
  /** what each rule of the surface did; absent where there are none */
  rules?: RuleReportBody[];
  /** the part that chance had in the answer; absent where it had none */
  chance?: ChanceBody;
  /** where the answer comes from */
  provenance: ProvenanceBody;
}

/** The part that chance had in an answer. */
export interface ChanceBody {
  /** what it went by; the override seed with it draws the same again */
  seed: string;
  /** uniform or softmax; absent where nothing was explored */
  exploration?: "uniform" | "softmax";
  /** absent where one plan answered */
  interleaved?: InterleavedBody;
}

/** The answer to a line of POST /v1/spaces/{space}/upserts. */
export interface ChangeAnswerBody {
  /** the number of the line, from 1 */
  line: number;
  /** ACCEPTED where the change is durable and visible, DUPLICATE, or REFUSED */
  status: "ACCEPTED" | "DUPLICATE" | "REFUSED";
  /** where accepted: the change's place in the release */
  sequence?: number;
  /** of a duplicate: the highest number accepted of its producer */
  highest?: number;
  /** of a refusal: the rule */
  code?: string;
  /** of a refusal: the rule, the value and the place */
  message?: string;
}

/** A line of POST /v1/spaces/{space}/upserts: a vector, entries, a text, a deletion, or an engagement. */
export interface ChangeBody {
  /** the entity that changes, such as user:12 */
  id: string;
  /** of a dense space; a text of float32 values, little-endian, in base64 may stand in its place */
  vector?: number[] | string;
  /** of a sparse space: weights by column, such as cluster:3 */
  entries?: Record<string, number>;
  /** of a space of texts */
  text?: string;
  /** true to take the entity away; false by default */
  delete?: boolean;
  /** of an engagement, where vectors of the space are made from those: who engaged with the entity */
  user?: string;
  /** of an engagement, such as favorite */
  kind?: string;
  /**
   * when the vector was made or the user engaged, in milliseconds since 1970, where vectors of the space grow old;
   * when it is taken where absent
   */
  time?: number;
  /** the producer's own number, which ascends; repeated lines are answered as duplicates by it */
  seq?: number;
}

/** The last line of an answer of POST /v1/spaces/{space}/upserts. */
export interface ChangesSummaryBody {
  /** the release that was changed */
  release: string;
  /** how many lines were answered */
  lines: number;
  /** how many of them are durable and visible */
  accepted: number;
  /** how many were there before */
  duplicates: number;
  /** how many broke a rule */
  refused: number;
  /** the code of what ended the stream early */
  stopped?: string;
  /** the same in words */
  reason?: string;
  /** the first line that was not answered */
  from?: number;
}

/** A place that was looked through. */
export interface CheckedBody {
  /** a directory, or what is in memory */
  place: string;
  /** that were read */
  files: number;
  /** rows, columns, records or lines of the subject */
  found: number;
}

/** One entry of a sparse vector. */
export interface ClusterWeight {
  /** its number; 0 to 2147483647 */
  cluster: number;
  /** above 0 */
  weight: number;
}

/** What codes cost, on queries that were sampled when the graph was built. */
export interface CodeLossBody {
  /** how many */
  queries: number;
  /** between a code's score and the row's own, that 99 % stay below */
  errorP99: number;
  /** of a scan by codes alone; 0 to 1 */
  recall: number;
  /** of the same after reranking; 0 to 1 */
  recallReranked: number;
}

/** What one column says of one candidate: a score with its parts, or the reason why there is none. */
export interface ColumnBody {
  /** a column of the surface's plan, or of a sparse space */
  column: string;
  /** the value as the index measures it */
  raw?: number;
  /** the value after normalisation */
  normalized?: number;
  /** in effect, after the weights of missing columns were shared out */
  weight?: number;
  /** the contributions of all columns sum to the score */
  contribution?: number;
  /** within the column, where the blend ranks */
  rank?: number;
  /** a reason code */
  missing?: "no-embedding-source" | "no-embedding-candidate" | "expired" | "unknown-version" | "kind-mismatch" | "disabled" | "timeout" | "error";
}

/** The answer of POST /v1/spaces/{space}/compact. */
export interface CompactedBody {
  /** the space whose changes were compacted */
  space: string;
  /** whether there was anything to compact; its name in JSON is an older one */
  folded: boolean;
}

/**
 * The answer of GET /v1/releases/{a}/compare/{b}: how one release differs from another. Ids are counted whole;
 * the rest is over ids that were drawn.
 */
export interface ComparisonResponse {
  /** the release that is compared from */
  a: string;
  /** the release that is compared to */
  b: string;
  /** how many ids were drawn from each space at most */
  sample: number;
  /** of the draws: the same seed draws the same ids */
  seed: number;
  /** spaces that the first release has alone */
  onlyA: string[];
  /** spaces that the second release has alone */
  onlyB: string[];
  /** those that both have, by name */
  spaces: SpaceDriftBody[];
  /** what each surface answers out of both */
  surfaces: SurfaceDriftBody[];
}

/**
 * What a candidate must meet: exactly one of the keys. What is not known of a candidate meets no condition on
 * it, and so meets not around one.
 */
export interface ConditionBody {
  /** every one of them */
  all?: ConditionBody[];
  /** one of them at least */
  any?: ConditionBody[];
  /** the opposite */
  not?: ConditionBody;
  /** is of one of these kinds; at most 100 */
  kinds?: string[];
  /** is one of these; at most 100000 */
  ids?: string[];
  /** has a value of an attribute of the surface */
  attribute?: AttributeBody;
  /** was made so long ago */
  age?: AgeBody;
  /** has a weight in a column of a sparse space */
  weight?: WeightBody;
  /** is on an entity's list in a sparse space */
  list?: ListBody;
}

/** The configuration in force. */
export interface ConfigBody {
  /** when it began to answer */
  since: string;
  /** the SHA-256 of each file that it was made of, by path below the configuration directory */
  files: Record<string, string>;
  /** whether the files as they are now were refused, so that they are not what is in force */
  refused: boolean;
  /** the last there was, whether it still stands or not */
  lastRefusal?: RefusalBody;
  /** what was changed and has no effect before a restart */
  needsRestart: string[];
}

/** Whose coordinates rows have. */
export interface CoordinatesBody {
  /** that they were read from */
  release: string;
  /** that made them; absent where their files name none */
  training?: string;
  /** of the model's dense spaces, by space */
  versions: Record<string, string>;
}

/** The goal's effect over all answers until the end of a day. */
export interface DayBody {
  /** in UTC */
  day: string;
  /** the variant that is compared with the control */
  treatment: string;
  /**  */
  effect: EffectBody;
}

/** Dense rows. */
export interface DenseDriftBody {
  /** of both rows of an id */
  cosine?: DistributionBody;
  /** their distance */
  l2?: DistributionBody;
  /** of the first release's rows */
  normA?: DistributionBody;
  /** of the second release's rows */
  normB?: DistributionBody;
  /** the second row's norm by the first one's */
  normRatio?: DistributionBody;
}

/** How values are spread. */
export interface DistributionBody {
  /** of the values */
  count: number;
  /** the mean */
  mean: number;
  /** the least */
  min: number;
  /** a hundredth of the values is less */
  p1: number;
  /** a tenth of the values is less */
  p10: number;
  /** the median */
  p50: number;
  /** a tenth of the values is greater */
  p90: number;
  /** a hundredth of the values is greater */
  p99: number;
  /** the greatest */
  max: number;
  /** how many values lie in each of equal parts between the least and the greatest */
  bins: number[];
}

/** A difference. */
export interface EffectBody {
  /** the control's value */
  control: number;
  /** the treatment's value */
  treatment: number;
  /** treatment minus control */
  difference: number;
  /** the least difference, for one look; absent where nothing bounds it */
  low?: number;
  /** the greatest difference, for one look */
  high?: number;
  /** the least difference, for as many looks as one likes */
  anytimeLow?: number;
  /** the greatest difference, for as many looks as one likes */
  anytimeHigh?: number;
  /** for one look; 0 to 1 */
  pValue: number;
}

/** One embedding, dense or sparse or a text, or the reason why there is none. */
export interface EmbeddingBody {
  /** an entity, kind:value */
  id: string;
  /** of a dense space */
  vector?: number[];
  /** of a sparse space, by ascending column */
  entries?: EntryBody[];
  /** the reason why there is none */
  missing?: "no-embedding-source" | "no-embedding-candidate" | "expired" | "unknown-version" | "kind-mismatch" | "disabled" | "timeout" | "error";
  /** of a dense space in place of vector, where asked for: float32 values, little-endian, in base64 */
  vectorBase64?: string;
  /** of a space of texts */
  text?: string;
}

/** The body of POST /v1/embeddings/{space}. */
export interface EmbeddingsRequest {
  /** entities in the order they are answered in; at most 10000 */
  ids: string[];
  /** the live one where absent */
  release?: string;
}

/** Embeddings of one space and one version, in the order asked for. */
export interface EmbeddingsResponse {
  /** a declared space */
  space: string;
  /** a release's name */
  release: string;
  /** the checksum of the space's file */
  version: string;
  /** one for each id, in the order asked for */
  embeddings: EmbeddingBody[];
  /** whose coordinates the rows have, where others than the release's were asked for */
  as?: string;
}

/** The body of POST /v1/features/engagement. */
export interface EngagementRequest {
  /** whose signals are read, once */
  user: string;
  /** in this order, duplicates kept; at most 10000 */
  candidates: string[];
  /** a kept release to read; absent for the live one */
  release?: string;
}

/** The answer of POST /v1/features/engagement: as many entries as candidates, in their order. */
export interface EngagementResponse {
  /** the user whose signals are meant */
  user: string;
  /** of all features there are */
  names: string[];
  /** how many of the user's signals were read */
  signals: number;
  /** entities in the order they are answered in */
  candidates: FeaturesBody[];
  /** where the answer comes from */
  provenance: ProvenanceBody;
}

/** Entities by the beginnings of their names. */
export interface EntitiesResponse {
  /** nearest first: names without a typing error, then those whose first word is meant, then shorter ones */
  entities: NamedBody[];
}

/** One entry of a sparse vector. */
export interface EntryBody {
  /** a column of the surface's plan, or of a sparse space */
  column: number;
  /** what the column stands for, such as cluster:17 */
  name: string;
  /** words for it, where there are any */
  label?: string;
  /** its weight */
  weight: number;
}

/** The receipt of an erasure. */
export interface ErasureBody {
  /** its name */
  receipt: string;
  /** when it was asked for: from then on the subject answers nothing */
  at: string;
  /** who asked */
  by: string;
  /** why */
  reason: string;
  /** how many texts are erased: ids, units, and what they are written as in logs */
  subjects: number;
  /** running, waiting or done */
  status: string;
  /** why it goes on later; absent where nothing failed */
  waiting?: string;
  /** when the last byte was gone; absent until then */
  done?: string;
  /** what became of each place */
  places: PlaceBody[];
  /** what a look into every place found, where that was asked for */
  checked?: CheckedBody[];
  /** how much of the subject that look found; 0 where it is nowhere */
  found?: number;
}

/** Erases a subject. */
export interface ErasureRequest {
  /** the subject's ids, 1 to 100; at most 100 */
  ids: string[];
  /** what experiments are assigned by, where that is another text than an id; at most 100 */
  units?: string[];
  /** in words, for the receipt; names no id */
  reason: string;
}

/** An experiment. */
export interface ExperimentBody {
  /** an experiment's name */
  experiment: string;
  /** a declared surface */
  surface: string;
  /** experiments of one layer share its units among them */
  layer: string;
  /** how units are dealt: ours, growthbook-1, growthbook-2, unleash, openfeature */
  bucketing: "ours" | "growthbook-1" | "growthbook-2" | "unleash" | "openfeature";
  /** the first of the layer's buckets that is the experiment's */
  bucketFrom: number;
  /** the first that is not any more */
  bucketTo: number;
  /** before it nobody is in; for ever since where absent */
  start?: string;
  /** from it on nobody is in; never where absent */
  end?: string;
  /** the shares of its units that it has from some moments on; all of them where empty */
  ramp: StepBody[];
  /** what all of a request's sources are of; anything where empty */
  sourceKinds: string[];
  /** by name, the values that a request's context may have; absent where it is not looked at */
  context?: Record<string, string[]>;
  /** whether it runs */
  enabled: boolean;
  /** its ways, the first of them being usual */
  variants: VariantBody[];
  /** by how much a variant may exceed its control before it is stopped, by what is watched; absent where nothing is */
  guardRails?: Record<string, number>;
}

/** The answer of GET /v1/experiments/{experiment}/report: what came of an experiment. */
export interface ExperimentReportResponse {
  /** an experiment's name */
  experiment: string;
  /** what is to be done: no-data, mismatch, stop, winner, control or undecided */
  state: "no-data" | "mismatch" | "stop" | "winner" | "control" | "undecided";
  /** the same in a sentence */
  verdict: string;
  /** the variant that others are compared with */
  control: string;
  /** the kind of outcome that decides; absent where the log has none */
  goal?: string;
  /** of each interval, such as 0.95; 0 to 1 */
  confidence: number;
  /** under the experiment, those that variants share not counted */
  answers: number;
  /** the first answer's time, in UTC; absent where there is none */
  from?: string;
  /** the last answer's time, in UTC */
  to?: string;
  /** units that were in several variants and count for none */
  crossed: number;
  /** each with who saw it, by name */
  variants: ExposedBody[];
  /** whether units are dealt as they should be; absent for fewer than two variants */
  sampleRatio?: SampleRatioBody;
  /** of each treatment, the goal's first, guard-rails last */
  metrics: MetricBody[];
  /** the goal's effect at the end of each day */
  days: DayBody[];
  /** answers that two variants share */
  shared: SharedBody[];
  /** what a reader should know */
  notes: string[];
}

/** An experiment and the document that says what it is. */
export interface ExperimentSourceBody {
  /** who said it: a file, or somebody over the API, whose word wins */
  source: "api" | "file";
  /** the file below the configuration directory, or what stands for the API in its complaints */
  place: string;
  /** the SHA-256 of the document, as the header ETag has it */
  version: string;
  /** as it was given, YAML or JSON */
  document: string;
  /** what was made of it */
  experiment: ExperimentBody;
}

/** One variant. */
export interface ExposedBody {
  /** a variant's name */
  variant: string;
  /** that were exposed */
  units: number;
  /** that they were given */
  answers: number;
  /** the share of units that is due by the weights; 0 to 1 */
  dueShare: number;
  /** the share of units that it has; 0 to 1 */
  share: number;
  /** half of its answers took longer */
  millisMedian: number;
  /** a hundredth of its answers took longer */
  millisP99: number;
}

/** A feature's part in a probability. */
export interface FeaturePartBody {
  /** as models name it, such as column:twhin */
  feature: string;
  /** absent where it is missing */
  value?: number;
  /** of the margin */
  part: number;
}

/** One candidate's features. */
export interface FeaturesBody {
  /** an entity, kind:value */
  id: string;
  /** by name; a feature that no signal speaks for is absent, which is not 0 */
  features: Record<string, number>;
  /** why none can be there */
  missing?: "no-embedding-source" | "no-embedding-candidate" | "expired" | "unknown-version" | "kind-mismatch" | "disabled" | "timeout" | "error";
}

/** Which candidates may be answered. */
export interface Filters {
  /** only candidates of these kinds; at most 100 */
  kinds?: string[];
  /** never these; at most 100000 */
  excludeIds?: string[];
  /** nothing that these history spaces hold for the source; the surface's default where absent; at most 100 */
  excludeHistories?: string[];
  /** only candidates that meet it: searches look at no others */
  where?: ConditionBody;
}

/** What one method came to over held-out ids. */
export interface FitBody {
  /** that was tried */
  method: "procrustes" | "affine" | "residual";
  /** of rows of the older coordinates */
  forward: QualityBody;
  /** of the release's rows */
  backward: QualityBody;
}

/** Who had a release go live past its gates. */
export interface ForcedBody {
  /** the name of the key that asked */
  by: string;
  /** why, in words */
  reason: string;
  /** when */
  at: string;
}

/** A gate. */
export interface GateBody {
  /** its name */
  gate: string;
  /** what was measured, such as the space */
  of: string;
  /** that was measured */
  value: number;
  /** the least that passes; absent where nothing is too little */
  min?: number;
  /** the most that passes; absent where nothing is too much */
  max?: number;
  /** whether the value is within its bounds */
  passed: boolean;
}

/** Where a unit is in no experiment. */
export interface HeldOutBody {
  /** whether in none at all */
  everywhere: boolean;
  /** those that have a hold-out with the unit in it */
  layers: string[];
}

/** One thing that was changed over the API or by a guard-rail, or was to be. */
export interface HistoryEntryBody {
  /** when */
  at: string;
  /** the name of a key, admin token, guard-rail or canary */
  author: string;
  /** why, in words */
  reason: string;
  /** what was changed: an experiment, a variant of one, a switch, a canary */
  subject: "experiment" | "variant" | "switch" | "canary";
  /** of the experiment, or of what is switched */
  name: string;
  /** the variant, or the kind of what is switched; absent for an experiment as a whole */
  part?: string;
  /** a document, a share, or the word stopped; absent where there was nothing */
  before?: string;
  /** the same afterwards; absent where it was taken away */
  after?: string;
  /** whether it is so now, or was refused */
  outcome: "taken" | "refused";
  /** why nothing was changed */
  refusal?: string;
}

/** Rows of another tool's file, staged. */
export interface ImportedBody {
  /** a release's name */
  release: string;
  /** a declared space */
  space: string;
  /** the checksum of the space's file */
  version: string;
  /** how many rows were taken */
  rows: number;
  /** rows without length that were dropped, as the space wants it */
  zeroVectors: number;
  /** rows that were left out, as the request allowed */
  badRows: number;
  /** the first of them, by number and rule */
  named: string[];
  /** which columns the rows were made of, where those are not called id and vector */
  columns?: string;
}

/** The index over the file's rows. */
export interface IndexBody {
  /** that searches it: exact, hnsw, hnswlib or clusters */
  engine: string;
  /** what searches of a graph compare */
  codes?: string;
  /** what an index of so many rows was expected to take */
  bytesEstimated?: number;
  /** of a graph */
  levels?: number;
  /** by number of links, how many rows have so many on the lowest level */
  degrees?: number[];
  /** rows that no search comes to */
  unreachable?: number;
  /** rows that none came to before they were linked anew */
  repaired?: number;
  /**  */
  codeLoss?: CodeLossBody;
  /** the share of the true ten nearest that it found when it was checked; 0 to 1 */
  recall?: number;
}

/** How two variants share an answer. */
export interface InterleaveBody {
  /** team-draft or optimised */
  method: "team-draft" | "optimised";
  /** the two variants */
  of: string[];
}

/** Two variants that share an answer. */
export interface InterleavedBody {
  /** an experiment's name */
  experiment: string;
  /** the one of the experiment that interleaves */
  variant: string;
  /** team-draft or optimised */
  method: "team-draft" | "optimised";
  /** the two variants */
  teams: string[];
}

/** A row of a space, whose columns are the entities on the list. */
export interface ListBody {
  /** a sparse one, such as a history */
  space: string;
  /** whose list it is */
  of: string;
}

/** Ranked lists of both releases. */
export interface ListDriftBody {
  /** how long the compared front of each list is */
  k: number;
  /** the share that both fronts have */
  overlap: DistributionBody;
  /** of both fronts, extrapolated, with p = 0.9 */
  rankBiasedOverlap: DistributionBody;
}

/**
 * The body of POST /v1/scores/matrix: every source is scored with every candidate by one similarity between two
 * spaces.
 */
export interface MatrixRequest {
  /** how source and candidate are compared */
  similarity: "dot" | "cosine" | "l2" | "jaccard" | "fuzzy-jaccard" | "euclidean-distance" | "manhattan-distance" | "log-cosine" | "exp-scaled-cosine";
  /** where sources are looked up */
  sourceSpace: string;
  /** where candidates are looked up */
  candidateSpace: string;
  /** a relation vector that is added to the source */
  translation?: TranslationBody;
  /** entities in the order of the rows; at most 10000 */
  sources: string[];
  /** entities in the order they are answered in; at most 10000 */
  candidates: string[];
  /** a kept release to read; absent for the live one */
  release?: string;
}

/** The answer of POST /v1/scores/matrix. */
export interface MatrixResponse {
  /** false where the score is a distance */
  higherIsCloser: boolean;
  /** the interval of the scores */
  range: string;
  /** what the scores are measured in */
  unit: string;
  /** one for each row, in the order asked for */
  sources: SideBody[];
  /** one for each column, in the order asked for */
  candidates: SideBody[];
  /** row by row; null where the source or the candidate is missing */
  scores: ((number | null)[])[];
  /** where the answer comes from */
  provenance: ProvenanceBody;
}

/** One metric of a treatment. */
export interface MetricBody {
  /** its name, such as follow per unit */
  metric: string;
  /** the variant that is compared with the control */
  treatment: string;
  /**  */
  effect: EffectBody;
  /** whether what units did before was taken out */
  adjusted: boolean;
  /** for a guard-rail, how much of a rise is let pass */
  margin?: number;
  /** whether a guard-rail is broken beyond doubt */
  broken: boolean;
}

/**
 * What made a probability. The base and the parts of all features sum to the margin, which the model's
 * calibration turns into it.
 */
export interface ModelPartsBody {
  /** a column of the surface's plan, or of a sparse space */
  column: string;
  /** what the column's model is called */
  model: string;
  /** the sum, on the scale of log-odds */
  margin: number;
  /** what the model says where nothing is known of features */
  base: number;
  /** in the model's order */
  features: FeaturePartBody[];
}

/** An id whose greatest cluster is another. */
export interface MovedBody {
  /** an entity, kind:value */
  id: string;
  /** the cluster in the first release, with its label */
  from: string;
  /** the cluster in the second release, with its label */
  to: string;
}

/** An entity. */
export interface NamedBody {
  /** an entity, kind:value */
  id: string;
  /** whole, as it was published */
  name: string;
  /** of typing between the prefix and the name: 0 or 1 */
  errors: number;
}

/** The nearest rows. */
export interface NeighborDriftBody {
  /** how many ids' nearest rows were sought */
  drawn: number;
  /** true where every row was looked at, false where the release's index was asked */
  exact: boolean;
  /** for each k */
  lists: ListDriftBody[];
}

/** What was missing or degraded. */
export interface NoticeBody {
  /** empty where the whole answer is concerned */
  column: string;
  /** a code, such as timeout */
  reason: string;
  /** the same in words */
  message: string;
}

/** The answer to a line of POST /v1/outcomes. */
export interface OutcomeAnswerBody {
  /** the number of the line, from 1 */
  line: number;
  /**
   * ACCEPTED where the outcome is durable and counts, LATE where it is durable and does not, for it came about
   * after the window of its decision, or REFUSED
   */
  status: "ACCEPTED" | "LATE" | "REFUSED";
  /** of a refusal: the rule */
  code?: string;
  /** of a refusal: the rule, the value and the place */
  message?: string;
}

/** A line of POST /v1/outcomes: what a person did with a candidate of an answer, or that it was shown to them. */
export interface OutcomeBody {
  /** the answer's provenance.decisionId */
  decision: string;
  /** one that was answered */
  candidate: string;
  /** such as follow; impression for one that was seen */
  kind: string;
  /** what it counts for; 1 where absent; 1 by default */
  value?: number;
  /** when, in UTC; now where absent */
  time?: string;
}

/** The last line of an answer of POST /v1/outcomes. */
export interface OutcomesSummaryBody {
  /** how many lines were answered */
  lines: number;
  /** how many of them are durable and count */
  accepted: number;
  /** how many are durable and came about too late to count */
  late: number;
  /** how many broke a rule */
  refused: number;
  /** the code of what ended the stream early */
  stopped?: string;
  /** the same in words */
  reason?: string;
  /** the first line that was not answered */
  from?: number;
}

/** A source and a candidate. */
export interface PairBody {
  /** what is sought for or compared: an entity or vectors */
  source: string;
  /** an entity that is scored */
  candidate: string;
}

/** A score, or the reason code why there is none. */
export interface PairScoreBody {
  /** what is sought for or compared: an entity or vectors */
  source: string;
  /** an entity that is scored */
  candidate: string;
  /** the score; absent where there is none */
  score?: number;
  /** the reason why there is none */
  missing?: "no-embedding-source" | "no-embedding-candidate" | "expired" | "unknown-version" | "kind-mismatch" | "disabled" | "timeout" | "error";
}

/** The body of POST /v1/scores/pairs: pairs to score by one similarity between two spaces. */
export interface PairsRequest {
  /** how source and candidate are compared */
  similarity: "dot" | "cosine" | "l2" | "jaccard" | "fuzzy-jaccard" | "euclidean-distance" | "manhattan-distance" | "log-cosine" | "exp-scaled-cosine";
  /** where sources are looked up */
  sourceSpace: string;
  /** where candidates are looked up */
  candidateSpace: string;
  /** a relation vector that is added to the source */
  translation?: TranslationBody;
  /** scored in this order, duplicates kept; at most 10000 */
  pairs: PairBody[];
  /** a kept release to read; absent for the live one */
  release?: string;
}

/** The answer of POST /v1/scores/pairs: as many scores as pairs, in their order. */
export interface PairsResponse {
  /** false where the score is a distance */
  higherIsCloser: boolean;
  /** the interval of the scores */
  range: string;
  /** what the scores are measured in */
  unit: string;
  /** one for each that was asked for, in the same order */
  scores: PairScoreBody[];
  /** where the answer comes from */
  provenance: ProvenanceBody;
}

/** One partition of a topic. */
export interface PartitionBody {
  /** its number */
  partition: number;
  /** the offset that is read next */
  next: number;
  /** records that follow; absent where that is not known yet */
  lag?: number;
}

/** What became of a place. */
export interface PlaceBody {
  /** a release, the signals, the decisions … */
  place: string;
  /** in words */
  outcome: string;
}

/** A problem document (RFC 9457). */
export interface ProblemBody {
  /** a path that names the rule, such as /problems/dimension-differs */
  type?: string;
  /** the code in words */
  title?: string;
  /** of HTTP */
  status: number;
  /** the rule, the value and the place */
  detail?: string;
  /** the path that was asked */
  instance?: string;
  /** stable, for programs to look at */
  code?: string;
  /** the place in the request */
  field?: string;
}

/** Where an answer comes from. */
export interface ProvenanceBody {
  /** the answer's own id, also in the header X-Decision-Id */
  decisionId: string;
  /** a release's name */
  release: string;
  /** of the spaces that took part */
  versions: Record<string, string>;
  /** the variants the unit is in */
  experiments: AssignmentBody[];
  /** what was missing or degraded, and why */
  notices: NoticeBody[];
  /** how long each stage took */
  micros: Record<string, number>;
  /** how each column was searched */
  plans: Record<string, string>;
}

/** One thing that a user did, or took back. */
export interface PushBody {
  /** who did it, such as user:12 */
  user: string;
  /** one of the declared signals */
  type: string;
  /** what it was done to */
  entity: string;
  /** when, such as 2026-01-31T12:00:00Z; now where absent */
  at?: string;
  /** true where the user took it back, such as an unblocking; false by default */
  undone?: boolean;
}

/** How well one direction did. */
export interface QualityBody {
  /** of a mapped row with the id's own, on average */
  cosine: number;
  /** the share of the 10 nearest rows of the id's own row that the mapped row finds too; 0 to 1 */
  recall: number;
}

/** Over what candidates were ranked. */
export interface RankedBody {
  /** union of what the columns retrieved, or all entities there are */
  plan: "union" | "all";
  /** whether no entity at all could score higher than those answered */
  optimal: boolean;
  /** no entity that was not looked at scores more than the k-th candidate and this; absent where nothing is known */
  gap?: number;
  /** how many entities bounds were taken of */
  bounded: number;
  /** how many of those were scored */
  exact: number;
}

/** One reason. */
export interface ReasonBody {
  /** rows-changed, rows-streamed, signals-read, upstream-asked or time-limited */
  code: string;
  /** the same in words */
  message: string;
}

/** What is known of one space. */
export interface RecallBody {
  /** a declared space */
  space: string;
  /** a release's name */
  release: string;
  /** how much of the space a search was allowed to answer: 90-100%, 10-90%, 1-10% or 0-1% */
  filter: string;
  /** the searches that this tells of */
  samples: number;
  /** share of the best that a search found, of as many as it was asked for */
  mean: number;
  /** the true mean lies from here on with 95 % probability, however often this is looked at */
  lower: number;
  /** to here */
  upper: number;
  /** why this is too low; absent where it is not */
  alarm?: string;
}

/** What share of the best candidates searches find. */
export interface RecallResponse {
  /** searches that were answered again exactly */
  sampled: number;
  /** those that were not, because others waited for it */
  skipped: number;
  /** by space, filter and release, the release that was searched last at the end */
  spaces: RecallBody[];
}

/** Why files were not taken. */
export interface RefusalBody {
  /** when */
  at: string;
  /** the file, the line, the rule and the value */
  reason: string;
}

/** A release. */
export interface ReleaseBody {
  /** a release's name */
  release: string;
  /** LIVE, KEPT, STAGED or REJECTED */
  state: "LIVE" | "KEPT" | "STAGED" | "REJECTED";
  /** when, in UTC */
  publishedAt: string;
  /** by space */
  versions: Record<string, string>;
  /** what was measured before it went live */
  checks: Record<string, number>;
  /** why its publication or promotion failed */
  rejection?: string;
  /** the releases that spaces were carried over from, by space; absent where none was */
  carried?: Record<string, string>;
  /** true where it is kept until somebody unpins it; absent otherwise */
  pinned?: boolean;
  /** what it was held to before it went live, or would be; absent where nothing was measured */
  gates?: GateBody[];
  /** who had it go live past gates that failed; absent where nobody did */
  forced?: ForcedBody;
}

/** The answer of GET /v1/decisions/{decision}/replay: a decision taken again. */
export interface ReplayResponse {
  /** when it was taken first, in UTC */
  decided: string;
  /** whether the candidates and their scores are those of then; absent where the log keeps no candidates */
  same?: boolean;
  /** why they may be others; empty where nothing is known to have changed */
  mayDiffer: ReasonBody[];
  /** as it was then, but for provenance.micros */
  answer: CandidatesResponse;
}

/** What one rule did to the whole list. */
export interface RuleReportBody {
  /** a rule of the surface */
  rule: string;
  /** on, off or dry-run */
  mode: "on" | "off" | "dry-run";
  /** ids that it names; unless it is a dry run they were left out of the searches already */
  named: number;
  /** candidates that it took out of the ranked list, best first, the first hundred */
  removed: string[];
  /** all of them */
  removedCount: number;
  /** candidates that it gave another score */
  scored: number;
  /** candidates that it moved */
  placed: number;
}

/** What one rule did. */
export interface RuleTraceBody {
  /** a rule of the surface */
  rule: string;
  /** removed, scored or placed */
  change: "removed" | "scored" | "placed";
  /** false for a dry run, which did nothing */
  applied: boolean;
  /** the rank, or the score where that changed */
  before: number;
  /** likewise; 0 for what is removed */
  after: number;
  /** what the score was multiplied by; absent where the rule does not go by what candidates are worth */
  worth?: number;
}

/** A release that is tried. */
export interface Running {
  /** a release's name */
  release: string;
  /** the live release */
  against: string;
  /** of ten thousand units */
  share: number;
  /** when */
  begun: string;
  /** before this it does not go live by itself */
  until: string;
  /** that it answered, counted since it began or the service did */
  units: number;
  /** that it answers before it goes live by itself */
  unitsMin: number;
  /** what it goes live after, in words */
  waitsFor: string;
  /** the name of the key that began it */
  by: string;
  /** why, in words */
  reason: string;
}

/** What a column says to people. */
export interface SaidBody {
  /** a column of the surface's plan, or of a sparse space */
  column: string;
  /** such as "followed by Ada and 3 others, whom you follow" */
  text: string;
}

/** Whether units are dealt as they should be. */
export interface SampleRatioBody {
  /** Pearson's */
  chiSquare: number;
  /** of it, for one look; 0 to 1 */
  pValue: number;
  /** a p-value for as many looks as one likes */
  anytime: number;
}

/** A score, or the reason code why there is none. */
export interface ScoreBody {
  /** an entity, kind:value */
  id: string;
  /** the score; absent where there is none */
  score?: number;
  /** the reason why there is none */
  missing?: "no-embedding-source" | "no-embedding-candidate" | "expired" | "unknown-version" | "kind-mismatch" | "disabled" | "timeout" | "error";
  /** the columns of the plan, or what each of them says */
  columns?: ColumnBody[];
  /** clusters that source and candidate share, strongest first */
  sharedClusters?: SharedClusterBody[];
}

/** The body of POST /v1/scores: by surface, or by similarity between two spaces. */
export interface ScoresRequest {
  /** a declared surface */
  surface?: string;
  /** such as cosine or log-cosine */
  similarity?: "dot" | "cosine" | "l2" | "jaccard" | "fuzzy-jaccard" | "euclidean-distance" | "manhattan-distance" | "log-cosine" | "exp-scaled-cosine";
  /** with similarity: where the source is looked up */
  sourceSpace?: string;
  /** with similarity: where the candidates are looked up */
  candidateSpace?: string;
  /** with similarity between dense spaces: a relation vector to add to the source */
  translation?: TranslationBody;
  /** what is sought for or compared: an entity or vectors */
  source: SourceBody;
  /** scored in this order, duplicates kept; at most 10000 */
  candidates: string[];
  /** changes to the plan, by dotted key */
  overrides?: Record<string, unknown>;
  /** what experiments are assigned by */
  unit?: string;
  /** what is told of whom the request is for, by name, such as country; experiments may look at it */
  context?: Record<string, string>;
  /** true to have every column and the shared clusters told; false by default */
  explain?: boolean;
  /** with similarity: a kept release to read; a surface takes it among its overrides */
  release?: string;
}

/** The answer of POST /v1/scores: as many scores as candidates, in their order. */
export interface ScoresResponse {
  /** false where the score is a distance */
  higherIsCloser: boolean;
  /** the interval of the scores */
  range: string;
  /** what the scores are measured in */
  unit: string;
  /** one for each that was asked for, in the same order */
  scores: ScoreBody[];
  /** where the answer comes from */
  provenance: ProvenanceBody;
}

/** One column's search. */
export interface SearchBody {
  /** a column of the surface's plan, or of a sparse space */
  column: string;
  /** why the column cannot find it */
  missing?: string;
  /** its score by the index's measure */
  score?: number;
  /** the least score that was retrieved */
  cut?: number;
  /** how it stands among all that may be answered, by exact scores */
  rank?: number;
  /** how many the search brought */
  retrieved: number;
  /** whether the id is among them */
  found: boolean;
}

/** One such plan. */
export interface ShadowBody {
  /** its name */
  shadow: string;
  /** a declared surface */
  surface: string;
  /** of the surface's requests that it is drawn for; 0 to 1 */
  share: number;
  /** changes to the plan, by dotted key */
  overrides: Record<string, string>;
  /** requests that both plans answered */
  compared: number;
  /** requests that it was drawn for while no processor was idle */
  dropped: number;
  /** requests that it has no answer to */
  failed: number;
  /** the last reason why not */
  failure?: string;
  /** the share of the best k that both have, of the last thousand that were compared; absent before the first */
  overlap?: DistributionBody;
  /** of the best k, extrapolated, with p = 0.9, of the same */
  rankBiasedOverlap?: DistributionBody;
  /** by how much it scores candidates higher that both answer, on average over each answer */
  scoreShift?: DistributionBody;
  /** its time by that of the answer */
  latencyRatio?: DistributionBody;
  /** the requests whose answers are least alike, the least first */
  worst: ShadowWorstBody[];
}

/** One request and both answers. */
export interface ShadowWorstBody {
  /** the answer's own id, also in the header X-Decision-Id */
  decisionId: string;
  /** what was sought for, in words */
  source: string;
  /** the share of the best k that both answers have; 0 to 1 */
  overlap: number;
  /** of both answers; 0 to 1 */
  rankBiasedOverlap: number;
  /** the best ten that were answered */
  live: string[];
  /** the best ten of the plan beside */
  shadow: string[];
}

/** What plans would have answered that run beside those that answer. */
export interface ShadowsResponse {
  /** when the configuration in force began to answer, from when on all is counted */
  since: string;
  /** by name */
  shadows: ShadowBody[];
}

/** Answers that two variants share. */
export interface SharedBody {
  /** whose share of the credit is told */
  variant: string;
  /** that answers went to */
  units: number;
  /** that were shared */
  answers: number;
  /** of the credit of both; 0 to 1 */
  share: number;
  /** the least share, for one look; absent where nothing bounds it */
  low?: number;
  /** the greatest share, for one look */
  high?: number;
  /** the least share, for as many looks as one likes */
  anytimeLow?: number;
  /** the greatest share, for as many looks as one likes */
  anytimeHigh?: number;
  /** the least distance from one half that so many units find in four of five cases */
  least?: number;
  /** how many times as many answers an A/B test would take, estimated; absent where nothing is known of it */
  abTimes?: number;
}

/** A cluster that source and candidate share. */
export interface SharedClusterBody {
  /** a column of the surface's plan, or of a sparse space */
  column: string;
  /** a cluster's number */
  cluster: string;
  /** words for it */
  label: string;
  /** of the sparse inner product, 0 to 1; 0 to 1 */
  share: number;
}

/** An id, and the reason code where it has no scores. */
export interface SideBody {
  /** an entity, kind:value */
  id: string;
  /** the reason why there is none */
  missing?: "no-embedding-source" | "no-embedding-candidate" | "expired" | "unknown-version" | "kind-mismatch" | "disabled" | "timeout" | "error";
}

/** One thing that a user did to one entity. */
export interface SignalBody {
  /** such as fav, block or seen */
  type?: string;
  /** what it was done to */
  entity?: string;
  /** when, in ISO 8601; now where absent */
  at?: string;
}

/** The body of POST /v1/signals: signals to keep, all or none. */
export interface SignalsRequest {
  /** at most 10,000; of two of one type about one entity the later stays; at most 10000 */
  signals: PushBody[];
}

/** The answer of GET /v1/signals/{user}: what a user did, latest first. */
export interface SignalsResponse {
  /** the user whose signals are meant */
  user: string;
  /** latest first */
  signals: SignalBody[];
}

/** The answer of POST /v1/signals. */
export interface SignalsTakenResponse {
  /** how many were taken */
  taken: number;
}

/** What candidates are sought for: exactly one of id, ids, text and vector/clusters. */
export interface SourceBody {
  /** one entity, such as user:12 */
  id?: string;
  /** several entities with weights; at most 100 */
  ids?: WeightedId[];
  /** a dense vector of the dense spaces' dimension */
  vector?: number[];
  /** a sparse vector: weights by cluster number; at most 10000 */
  clusters?: ClusterWeight[];
  /**
   * whose coordinates vector and clusters have: the version of a space that they were read with, or the training
   * that made it; those of the release that is read where absent
   */
  version?: string;
  /** words, which columns of texts look for: any characters at all */
  text?: string;
}

/** A declared space and its live version. */
export interface SpaceBody {
  /** a declared space */
  space: string;
  /** the training that made it */
  model: string;
  /** what kind of entity it holds */
  kind: string;
  /** dense, sparse or text */
  form: "dense" | "sparse" | "text";
  /** values of a dense vector */
  dimension?: number;
  /** of a dense space */
  metric?: "cosine" | "inner-product" | "l2";
  /** of a dense space */
  engine?: "exact" | "hnsw" | "hnswlib";
  /** whether a release needs it */
  required: boolean;
  /** absent where the live release lacks the space */
  liveVersion?: string;
  /** rows of the live version */
  liveCount?: number;
}

/** One space in both releases. */
export interface SpaceDriftBody {
  /** a declared space */
  space: string;
  /** what kind of entity it holds */
  kind: string;
  /** dense, sparse or text, in the first release */
  form: "dense" | "sparse" | "text";
  /** of the first release */
  versionA: string;
  /** of the second release */
  versionB: string;
  /** ids that both have */
  shared: number;
  /** ids that the first release has alone */
  onlyA: number;
  /** ids that the second release has alone */
  onlyB: number;
  /** how many of the shared ids were looked at */
  drawn: number;
  /** what the first release's rows were learnt by; absent where its file names none */
  trainingA?: string;
  /** what the second release's rows were learnt by; absent where its file names none */
  trainingB?: string;
  /** whether rows of both mean something beside each other */
  rows: "same-training" | "entities" | "unknown-training" | "other-training" | "incomparable";
  /** how the figures are to be read, where that is not plain */
  note?: string;
  /** what became of dense rows */
  dense?: DenseDriftBody;
  /** what became of sparse rows */
  sparse?: SparseDriftBody;
  /** what became of the nearest rows, each within its own release; absent where the space is not searched */
  neighbors?: NeighborDriftBody;
}

/** What the live version of a space is made of. */
export interface SpaceReportBody {
  /** a declared space */
  space: string;
  /** a release's name */
  release: string;
  /** the checksum of the space's file */
  version: string;
  /** what its rows were learnt by, where their file says so */
  training?: string;
  /** that it holds, changes counted */
  rows: number;
  /** rows of the file that changes lie over */
  baseRows: number;
  /** streamed in since that file was written */
  changes: number;
  /** of the file by part, and of the index: links, upper links and codes */
  bytes: Record<string, number>;
  /** of a space that is searched */
  index?: IndexBody;
}

/** A version of a space. */
export interface SpaceVersionBody {
  /** a declared space */
  space: string;
  /** the checksum of the space's file */
  version: string;
  /** a release's name */
  release: string;
  /** LIVE, KEPT or STAGED */
  state: "LIVE" | "KEPT" | "STAGED" | "REJECTED";
  /** when, in UTC */
  publishedAt: string;
}

/** Sparse rows. Clusters are the same where their ids are. */
export interface SparseDriftBody {
  /** the share of ids whose greatest cluster is another */
  greatestChanged?: number;
  /** clusters that both rows have by all that either has */
  jaccard?: DistributionBody;
  /** the sum of the differences of all weights */
  l1?: DistributionBody;
  /** the sum of the second row's weights by the first one's */
  weightRatio?: DistributionBody;
  /** the share of ids with any label whose set of labels is another */
  labelsMoved?: number;
  /** clusters whose label is another, or gone, or new */
  relabelled: number;
  /** some of the ids whose greatest cluster is another */
  moved: MovedBody[];
}

/** A staged file. */
export interface StagedBody {
  /** a release's name */
  release: string;
  /** a declared space */
  space: string;
  /** the checksum of the space's file */
  version: string;
}

/** A release that waits to be published, or whose publication was refused. */
export interface StagedReleaseBody {
  /** its name to come */
  release: string;
  /** bytes of the staged file of each space */
  files: Record<string, number>;
}

/** Statistics of one column's values over the candidates, turned so that higher is closer. */
export interface StatisticsBody {
  /** a column of the surface's plan, or of a sparse space */
  column: string;
  /** of candidates that have a value */
  count: number;
  /** the least */
  min: number;
  /** the greatest */
  max: number;
  /** the mean */
  mean: number;
  /** the population's standard deviation */
  sigma: number;
  /** the root of the sum of squares */
  norm: number;
  /** the logarithm of the sum of exponentials */
  logSumExp: number;
}

/** A share and the moment it begins. */
export interface StepBody {
  /** from when on, such as 2026-12-01T00:00:00Z */
  at: string;
  /** of the experiment's units, 0 to 1; 0 to 1 */
  share: number;
  /** of the variants for the units that come in by it; the variants' own where absent */
  weights?: Record<string, number>;
}

/** One topic. */
export interface StreamBody {
  /** a declared space */
  space: string;
  /** its name */
  topic: string;
  /** whose changes these are; absent while it waits */
  release?: string;
  /** why no records are read; absent where they are */
  waiting?: string;
  /** records that were not read yet */
  lag: number;
  /** records that were taken, since the service started */
  accepted: number;
  /** records that had been taken before */
  repeated: number;
  /** records that break a rule */
  refused: number;
  /** records that the brokers deleted before they were read */
  missed: number;
  /** the rule that the newest refused record breaks, and where it stands */
  lastRefused?: string;
  /** where each stands */
  partitions: PartitionBody[];
}

/** How far the topics were read that change spaces. */
export interface StreamsResponse {
  /** by the names of their spaces */
  streams: StreamBody[];
}

/** A surface and its plan, under the keys of its configuration file. */
export interface SurfaceBody {
  /** a declared surface */
  surface: string;
  /** what kinds of entities are answered */
  kinds: string[];
  /** how many are answered where a request does not say */
  kDefault: number;
  /** how columns are blended */
  blend: Record<string, unknown>;
  /** histories whose entities are left out */
  exclude: string[];
  /** the columns of the plan, or what each of them says */
  columns: (Record<string, unknown>)[];
  /** by name, where rules read them; absent where there are none */
  attributes?: Record<string, unknown>;
  /** where the times of candidates are read; absent where nowhere */
  created?: Record<string, unknown>;
  /** in their order; absent where there are none */
  rules?: (Record<string, unknown>)[];
  /** what chance does to the list that rules leave; absent where a file says nothing of it */
  explore?: Record<string, unknown>;
  /**
   * scores and what they are as probabilities, rising, with straight lines between; absent where a file says
   * nothing of it
   */
  calibration?: CalibrationPointBody[];
}

/** What a surface answers. */
export interface SurfaceDriftBody {
  /** a declared surface */
  surface: string;
  /** how many sources it was asked for */
  sources: number;
  /** how many of them the first release has no candidates for */
  unansweredA: number;
  /** how many of them the second release has no candidates for */
  unansweredB: number;
  /** the first reason why not */
  reason?: string;
  /** of sources that both answered */
  answers?: ListDriftBody;
  /** the sources whose answers are least alike, the least first */
  worst: WorstBody[];
}

/** What is served to a share of those who ask. */
export interface SwitchBody {
  /** surface, space, release, caller */
  kind: "surface" | "space" | "release" | "caller";
  /** of the surface, space or release, or of a caller's key */
  name: string;
  /** of ten thousand; 0 for nobody */
  share: number;
  /** who said it: a file, or somebody over the API, whose word wins */
  source: "api" | "file";
  /** when; absent where a file says it */
  at?: string;
  /** who; absent where a file says it */
  author?: string;
  /** why; absent where a file says it */
  reason?: string;
}

/** Serves something to a share of those who ask. */
export interface SwitchRequest {
  /** of ten thousand; 0 for nobody; 0 to 10000 */
  share: number;
  /** in words, for the history */
  reason: string;
}

/** A word of source and candidate. */
export interface TermBody {
  /** a column of the surface's plan, or of a sparse space */
  column: string;
  /** as it is compared: folded, and stemmed where the language is */
  term: string;
  /** it stands in the candidate's text */
  times: number;
  /** texts that have it */
  documents: number;
  /** of the column's raw value */
  part: number;
}

/** A relation vector that is added to a dense source before it is compared. */
export interface TranslationBody {
  /** where relation vectors are, such as twhin-relation */
  space: string;
  /** such as follow */
  relation: string;
}

/** One way of an experiment. */
export interface VariantBody {
  /** a variant's name */
  variant: string;
  /** its share beside the other variants' */
  weight: number;
  /** what differs from the surface's plan, by dotted key */
  overrides: Record<string, string>;
  /** the two variants that share its answers; absent for one with a plan of its own */
  interleave?: InterleaveBody;
  /** true where its units are answered by the surface's own plan; absent where they are not */
  stopped?: boolean;
  /** a guard-rail or who else, and why */
  stoppedBy?: string;
}

/** A range of weights, both ends included. */
export interface WeightBody {
  /** a sparse one */
  space: string;
  /** an id that one of its columns stands for */
  column: string;
  /** any where absent */
  min?: number;
  /** any where absent */
  max?: number;
}

/** One of several entities that make up a source. */
export interface WeightedId {
  /** an entity, kind:value */
  id: string;
  /** beside the others'; 1 where absent; 1 by default */
  weight?: number;
}

/** The body of POST /v1/why-not: a request for candidates and the id that its answer lacks. */
export interface WhyNotRequest {
  /** the candidate that is missed, such as user:31 */
  id: string;
  /** a declared surface */
  surface: string;
  /** what is sought for or compared: an entity or vectors */
  source: SourceBody;
  /** how many; 1 to 1000 */
  k?: number;
  /** which candidates may be answered */
  filters?: Filters;
  /** changes to the plan, by dotted key */
  overrides?: Record<string, unknown>;
  /** what experiments are assigned by */
  unit?: string;
  /** what is told of whom the request is for, by name, such as country; experiments may look at it */
  context?: Record<string, string>;
}

/** The answer of POST /v1/why-not: the stage that lost the id and the value that would have kept it. */
export interface WhyNotResponse {
  /** an entity, kind:value */
  id: string;
  /** kind, excluded, embedding, retrieval, blend, rule, chance, rank; answered where nothing lost it */
  stage: "kind" | "excluded" | "embedding" | "retrieval" | "blend" | "rule" | "chance" | "rank" | "answered";
  /** the rule, the value and the place */
  message: string;
  /** who lost it: source, filters.excludeIds, a history space, a column, a rule, explore or interleave */
  by?: string;
  /** what decided, such as columns.twhin.retrieve */
  setting?: string;
  /** of the setting in this request */
  value?: string;
  /** the least value that takes it past this stage, all else equal: as an override, or as k */
  needed?: string;
  /** its blended score, where it came so far */
  score?: number;
  /** the score at rank k */
  scoreNeeded?: number;
  /** its rank, where it came so far */
  rank?: number;
  /** the settings that together have it answered; absent where no such settings were found */
  remedy?: Record<string, string>;
  /** what each column's search had to say */
  searches: SearchBody[];
  /** where the answer comes from */
  provenance: ProvenanceBody;
}

/** A source and what both releases answer. */
export interface WorstBody {
  /** an entity */
  source: string;
  /** the share that both answers have; 0 to 1 */
  overlap: number;
  /** of both answers; 0 to 1 */
  rankBiasedOverlap: number;
  /** candidates out of the first release, best first */
  a: string[];
  /** candidates out of the second release, best first */
  b: string[];
}
