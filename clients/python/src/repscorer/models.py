# Made of the service's OpenAPI document by ClientModelsTest, which fails where the two differ. Do not edit.
"""The bodies of requests and answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, kw_only=True)
class AgeBody:
    """How long ago it was made, both ends included."""

    # such as 1h; 0 where absent
    min: str | None = None

    # such as 7d; any age where absent
    max: str | None = None


@dataclass(frozen=True, kw_only=True)
class AlignmentBody:
    """Maps between the coordinates of two trainings of a model, both ways, kept with a release."""

    # what it is deleted by
    name: str

    # whose dense spaces it holds for
    model: str

    # whose rows it makes comparable with the release's
    from_: CoordinatesBody = field(metadata={"key": "from"})

    # what the release holds
    to: CoordinatesBody

    # that is kept: procrustes, affine or residual
    method: Literal["procrustes", "affine", "residual"]

    # ids that both have
    shared: int

    # of them that it was fitted on
    pairs: int

    # of them that it was judged by
    held_out: int = field(metadata={"key": "heldOut"})

    # of the draw and of what is learnt
    seed: int

    # that the map of the older rows is made of
    values: int

    # what was tried, the simplest first
    fits: list[FitBody]


@dataclass(frozen=True, kw_only=True)
class AlignmentsResponse:
    """The alignments of a release, by name."""

    # a release's name
    release: str

    # those that were fitted for what the release holds
    alignments: list[AlignmentBody]


@dataclass(frozen=True, kw_only=True)
class AnchorBody:
    """A known entity."""

    # a column of the surface's plan, or of a sparse space
    column: str

    # an entity, kind:value
    id: str

    # its cosine with the candidate
    similarity: float

    # its cosine with the source
    source_similarity: float = field(metadata={"key": "sourceSimilarity"})


@dataclass(frozen=True, kw_only=True)
class AssignedBody:
    """The variant that a unit is in, and what it changes."""

    # an experiment's name
    experiment: str

    # a declared surface
    surface: str

    # a variant's name
    variant: str

    # none where the variant is stopped
    overrides: dict[str, str]

    # true where its units are answered by the surface's own plan; absent where they are not
    stopped: bool | None = None


@dataclass(frozen=True, kw_only=True)
class AssignmentBody:
    """The variant of an experiment that the unit is in."""

    # an experiment's name
    experiment: str

    # a variant's name
    variant: str


@dataclass(frozen=True, kw_only=True)
class AssignmentsResponse:
    """The variants that a unit is in."""

    # what experiments are assigned by
    unit: str

    # one for each experiment that the unit takes part in
    assignments: list[AssignedBody]

    # where experiments leave it alone
    held_out: HeldOutBody = field(metadata={"key": "heldOut"})


@dataclass(frozen=True, kw_only=True)
class AttributeBody:
    """Values of an attribute."""

    # of the surface's attributes
    name: str

    # ids, one of which it must have; at most 100000
    values: list[str]


@dataclass(frozen=True, kw_only=True)
class AuditEntryBody:
    """Something that was done, or that was tried and refused."""

    # 1 for the first
    seq: int

    # when
    at: str

    # the name of a key, the admin token, what acts by itself, or a command line's user
    who: str

    # the address it came from
    from_: str = field(metadata={"key": "from"})

    # the request's method and address, or the command
    what: str

    # of the answer; 0 for a command
    status: int

    # of what it changed, by name, what it was
    before: dict[str, str]

    # the same afterwards
    after: dict[str, str]

    # of the line
    hash: str


@dataclass(frozen=True, kw_only=True)
class AuditResponse:
    """What was done to a service."""

    # in the order it was done
    entries: list[AuditEntryBody]

    # entries of the whole log
    count: int

    # of the last of them, to be noted elsewhere: who has it sees that later lines were cut off
    hash: str

    # the first line that was changed, taken out, put in or moved; absent where all hang together
    broken: str | None = None


@dataclass(frozen=True, kw_only=True)
class CalibrationPointBody:
    """One point of a calibration."""

    # of a candidate
    score: float

    # of what the calibration was fitted to, at that score; 0 to 1
    probability: float


@dataclass(frozen=True, kw_only=True)
class CanaryBody:
    """Whether a release is tried on a share of units, and what became of those before it."""

    # the one that is tried; absent where none is
    running: Running | None = None

    # what was begun and ended by whom and why, latest first
    history: list[HistoryEntryBody]


@dataclass(frozen=True, kw_only=True)
class CandidateBody:
    """One ranked candidate."""

    # from 1
    rank: int

    # an entity, kind:value
    id: str

    # the score; absent where there is none
    score: float

    # where explanations were asked for
    columns: list[ColumnBody] | None = None

    # where explanations were asked for, strongest first
    shared_clusters: list[SharedClusterBody] | None = field(default=None, metadata={"key": "sharedClusters"})

    # where explanations were asked for: known entities nearest to it on the dense side
    anchors: list[AnchorBody] | None = None

    # where explanations were asked for: what rules did to it, in their order
    rules: list[RuleTraceBody] | None = None

    # where chance took part in the answer: the probability that it stood at its rank, given all ranks before it; 0 to
    # 1
    propensity: float | None = None

    # where two variants share the answer: the one that is credited with what is done to it; absent for neither
    team: str | None = None

    # what that counts for its team
    credit: float | None = None

    # where the surface has a calibration and neither an experiment nor the request changed what scores mean: of what
    # it was fitted to, such as a follow; 0 to 1
    probability: float | None = None

    # where explanations were asked for and the source is a text: the words that it shares with the candidate's,
    # greatest part first; of a column they sum to its raw value
    terms: list[TermBody] | None = None

    # where explanations were asked for and the surface has some: sentences for people, in the order of the columns
    reasons: list[SaidBody] | None = None

    # where explanations were asked for and a model computes a column: what made its probability of this candidate
    models: list[ModelPartsBody] | None = None


@dataclass(frozen=True, kw_only=True)
class CandidatesRequest:
    """The body of POST /v1/candidates."""

    # follow, tweet or search
    surface: str

    # what is sought for or compared: an entity or vectors
    source: SourceBody

    # how many; the surface's default where absent; 1 to 1000
    k: int | None = None

    # which candidates may be answered
    filters: Filters | None = None

    # of the plan by dotted key, numbers, booleans or text
    overrides: dict[str, Any] | None = None

    # what experiments are assigned by; none takes part in no experiment
    unit: str | None = None

    # what is told of whom the request is for, by name, such as country; experiments may look at it
    context: dict[str, str] | None = None

    # true to have every column, the shared clusters, the anchors and the rules told; false by default
    explain: bool | None = None

    # true to have told what rules would do, without any effect; false by default
    dry_run: bool | None = field(default=None, metadata={"key": "dryRun"})


@dataclass(frozen=True, kw_only=True)
class CandidatesResponse:
    """The answer of POST /v1/candidates."""

    # a declared surface
    surface: str

    # how many
    k: int

    # how many are answered
    returned: int

    # why fewer than k are answered
    shortfall: str | None = None

    # best first, ties by ascending id
    candidates: list[CandidateBody]

    # over what these are the best
    ranked: RankedBody | None = None

    # where explanations were asked for: the normaliser, or the blend where it does not normalise
    scale: str | None = None

    # where explanations were asked for: what the normaliser knew of each column
    statistics: list[StatisticsBody] | None = None

    # what each rule of the surface did; absent where there are none
    rules: list[RuleReportBody] | None = None

    # the part that chance had in the answer; absent where it had none
    chance: ChanceBody | None = None

    # where the answer comes from
    provenance: ProvenanceBody


@dataclass(frozen=True, kw_only=True)
class ChanceBody:
    """The part that chance had in an answer."""

    # what it went by; the override seed with it draws the same again
    seed: str

    # uniform or softmax; absent where nothing was explored
    exploration: Literal["uniform", "softmax"] | None = None

    # absent where one plan answered
    interleaved: InterleavedBody | None = None


@dataclass(frozen=True, kw_only=True)
class ChangeAnswerBody:
    """The answer to a line of POST /v1/spaces/{space}/upserts."""

    # the number of the line, from 1
    line: int

    # ACCEPTED where the change is durable and visible, DUPLICATE, or REFUSED
    status: Literal["ACCEPTED", "DUPLICATE", "REFUSED"]

    # where accepted: the change's place in the release
    sequence: int | None = None

    # of a duplicate: the highest number accepted of its producer
    highest: int | None = None

    # of a refusal: the rule
    code: str | None = None

    # of a refusal: the rule, the value and the place
    message: str | None = None


@dataclass(frozen=True, kw_only=True)
class ChangeBody:
    """A line of POST /v1/spaces/{space}/upserts: a vector, entries, a text, a deletion, or an engagement."""

    # the entity that changes, such as user:12
    id: str

    # of a dense space; a text of float32 values, little-endian, in base64 may stand in its place
    vector: list[float] | str | None = None

    # of a sparse space: weights by column, such as cluster:3
    entries: dict[str, float] | None = None

    # of a space of texts
    text: str | None = None

    # true to take the entity away; false by default
    delete: bool | None = None

    # of an engagement, where vectors of the space are made from those: who engaged with the entity
    user: str | None = None

    # of an engagement, such as favorite
    kind: str | None = None

    # when the vector was made or the user engaged, in milliseconds since 1970, where vectors of the space grow old;
    # when it is taken where absent
    time: int | None = None

    # the producer's own number, which ascends; repeated lines are answered as duplicates by it
    seq: int | None = None


@dataclass(frozen=True, kw_only=True)
class ChangesSummaryBody:
    """The last line of an answer of POST /v1/spaces/{space}/upserts."""

    # the release that was changed
    release: str

    # how many lines were answered
    lines: int

    # how many of them are durable and visible
    accepted: int

    # how many were there before
    duplicates: int

    # how many broke a rule
    refused: int

    # the code of what ended the stream early
    stopped: str | None = None

    # the same in words
    reason: str | None = None

    # the first line that was not answered
    from_: int | None = field(default=None, metadata={"key": "from"})


@dataclass(frozen=True, kw_only=True)
class CheckedBody:
    """A place that was looked through."""

    # a directory, or what is in memory
    place: str

    # that were read
    files: int

    # rows, columns, records or lines of the subject
    found: int


@dataclass(frozen=True, kw_only=True)
class ClusterWeight:
    """One entry of a sparse vector."""

    # its number; 0 to 2147483647
    cluster: int

    # above 0
    weight: float


@dataclass(frozen=True, kw_only=True)
class CodeLossBody:
    """What codes cost, on queries that were sampled when the graph was built."""

    # how many
    queries: int

    # between a code's score and the row's own, that 99 % stay below
    error_p99: float = field(metadata={"key": "errorP99"})

    # of a scan by codes alone; 0 to 1
    recall: float

    # of the same after reranking; 0 to 1
    recall_reranked: float = field(metadata={"key": "recallReranked"})


@dataclass(frozen=True, kw_only=True)
class ColumnBody:
    """What one column says of one candidate: a score with its parts, or the reason why there is none."""

    # a column of the surface's plan, or of a sparse space
    column: str

    # the value as the index measures it
    raw: float | None = None

    # the value after normalisation
    normalized: float | None = None

    # in effect, after the weights of missing columns were shared out
    weight: float | None = None

    # the contributions of all columns sum to the score
    contribution: float | None = None

    # within the column, where the blend ranks
    rank: int | None = None

    # a reason code
    missing: Literal["no-embedding-source", "no-embedding-candidate", "expired", "unknown-version", "kind-mismatch", "disabled", "timeout", "error"] | None = None


@dataclass(frozen=True, kw_only=True)
class CompactedBody:
    """The answer of POST /v1/spaces/{space}/compact."""

    # the space whose changes were compacted
    space: str

    # whether there was anything to compact; its name in JSON is an older one
    folded: bool


@dataclass(frozen=True, kw_only=True)
class ComparisonResponse:
    """The answer of GET /v1/releases/{a}/compare/{b}: how one release differs from another. Ids are counted whole;
    the rest is over ids that were drawn."""

    # the release that is compared from
    a: str

    # the release that is compared to
    b: str

    # how many ids were drawn from each space at most
    sample: int

    # of the draws: the same seed draws the same ids
    seed: int

    # spaces that the first release has alone
    only_a: list[str] = field(metadata={"key": "onlyA"})

    # spaces that the second release has alone
    only_b: list[str] = field(metadata={"key": "onlyB"})

    # those that both have, by name
    spaces: list[SpaceDriftBody]

    # what each surface answers out of both
    surfaces: list[SurfaceDriftBody]


@dataclass(frozen=True, kw_only=True)
class ConditionBody:
    """What a candidate must meet: exactly one of the keys. What is not known of a candidate meets no condition on
    it, and so meets not around one."""

    # every one of them
    all: list[ConditionBody] | None = None

    # one of them at least
    any: list[ConditionBody] | None = None

    # the opposite
    not_: ConditionBody | None = field(default=None, metadata={"key": "not"})

    # is of one of these kinds; at most 100
    kinds: list[str] | None = None

    # is one of these; at most 100000
    ids: list[str] | None = None

    # has a value of an attribute of the surface
    attribute: AttributeBody | None = None

    # was made so long ago
    age: AgeBody | None = None

    # has a weight in a column of a sparse space
    weight: WeightBody | None = None

    # is on an entity's list in a sparse space
    list_: ListBody | None = field(default=None, metadata={"key": "list"})


@dataclass(frozen=True, kw_only=True)
class ConfigBody:
    """The configuration in force."""

    # when it began to answer
    since: str

    # the SHA-256 of each file that it was made of, by path below the configuration directory
    files: dict[str, str]

    # whether the files as they are now were refused, so that they are not what is in force
    refused: bool

    # the last there was, whether it still stands or not
    last_refusal: RefusalBody | None = field(default=None, metadata={"key": "lastRefusal"})

    # what was changed and has no effect before a restart
    needs_restart: list[str] = field(metadata={"key": "needsRestart"})


@dataclass(frozen=True, kw_only=True)
class CoordinatesBody:
    """Whose coordinates rows have."""

    # that they were read from
    release: str

    # that made them; absent where their files name none
    training: str | None = None

    # of the model's dense spaces, by space
    versions: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class DayBody:
    """The goal's effect over all answers until the end of a day."""

    # in UTC
    day: str

    # the variant that is compared with the control
    treatment: str

    # 
    effect: EffectBody


@dataclass(frozen=True, kw_only=True)
class DenseDriftBody:
    """Dense rows."""

    # of both rows of an id
    cosine: DistributionBody | None = None

    # their distance
    l2: DistributionBody | None = None

    # of the first release's rows
    norm_a: DistributionBody | None = field(default=None, metadata={"key": "normA"})

    # of the second release's rows
    norm_b: DistributionBody | None = field(default=None, metadata={"key": "normB"})

    # the second row's norm by the first one's
    norm_ratio: DistributionBody | None = field(default=None, metadata={"key": "normRatio"})


@dataclass(frozen=True, kw_only=True)
class DistributionBody:
    """How values are spread."""

    # of the values
    count: int

    # the mean
    mean: float

    # the least
    min: float

    # a hundredth of the values is less
    p1: float

    # a tenth of the values is less
    p10: float

    # the median
    p50: float

    # a tenth of the values is greater
    p90: float

    # a hundredth of the values is greater
    p99: float

    # the greatest
    max: float

    # how many values lie in each of equal parts between the least and the greatest
    bins: list[int]


@dataclass(frozen=True, kw_only=True)
class EffectBody:
    """A difference."""

    # the control's value
    control: float

    # the treatment's value
    treatment: float

    # treatment minus control
    difference: float

    # the least difference, for one look; absent where nothing bounds it
    low: float | None = None

    # the greatest difference, for one look
    high: float | None = None

    # the least difference, for as many looks as one likes
    anytime_low: float | None = field(default=None, metadata={"key": "anytimeLow"})

    # the greatest difference, for as many looks as one likes
    anytime_high: float | None = field(default=None, metadata={"key": "anytimeHigh"})

    # for one look; 0 to 1
    p_value: float = field(metadata={"key": "pValue"})


@dataclass(frozen=True, kw_only=True)
class EmbeddingBody:
    """One embedding, dense or sparse or a text, or the reason why there is none."""

    # an entity, kind:value
    id: str

    # of a dense space
    vector: list[float] | None = None

    # of a sparse space, by ascending column
    entries: list[EntryBody] | None = None

    # the reason why there is none
    missing: Literal["no-embedding-source", "no-embedding-candidate", "expired", "unknown-version", "kind-mismatch", "disabled", "timeout", "error"] | None = None

    # of a dense space in place of vector, where asked for: float32 values, little-endian, in base64
    vector_base64: str | None = field(default=None, metadata={"key": "vectorBase64"})

    # of a space of texts
    text: str | None = None


@dataclass(frozen=True, kw_only=True)
class EmbeddingsRequest:
    """The body of POST /v1/embeddings/{space}."""

    # entities in the order they are answered in; at most 10000
    ids: list[str]

    # the live one where absent
    release: str | None = None


@dataclass(frozen=True, kw_only=True)
class EmbeddingsResponse:
    """Embeddings of one space and one version, in the order asked for."""

    # a declared space
    space: str

    # a release's name
    release: str

    # the checksum of the space's file
    version: str

    # one for each id, in the order asked for
    embeddings: list[EmbeddingBody]

    # whose coordinates the rows have, where others than the release's were asked for
    as_: str | None = field(default=None, metadata={"key": "as"})


@dataclass(frozen=True, kw_only=True)
class EngagementRequest:
    """The body of POST /v1/features/engagement."""

    # whose signals are read, once
    user: str

    # in this order, duplicates kept; at most 10000
    candidates: list[str]

    # a kept release to read; absent for the live one
    release: str | None = None


@dataclass(frozen=True, kw_only=True)
class EngagementResponse:
    """The answer of POST /v1/features/engagement: as many entries as candidates, in their order."""

    # the user whose signals are meant
    user: str

    # of all features there are
    names: list[str]

    # how many of the user's signals were read
    signals: int

    # entities in the order they are answered in
    candidates: list[FeaturesBody]

    # where the answer comes from
    provenance: ProvenanceBody


@dataclass(frozen=True, kw_only=True)
class EntitiesResponse:
    """Entities by the beginnings of their names."""

    # nearest first: names without a typing error, then those whose first word is meant, then shorter ones
    entities: list[NamedBody]


@dataclass(frozen=True, kw_only=True)
class EntryBody:
    """One entry of a sparse vector."""

    # a column of the surface's plan, or of a sparse space
    column: int

    # what the column stands for, such as cluster:17
    name: str

    # words for it, where there are any
    label: str | None = None

    # its weight
    weight: float


@dataclass(frozen=True, kw_only=True)
class ErasureBody:
    """The receipt of an erasure."""

    # its name
    receipt: str

    # when it was asked for: from then on the subject answers nothing
    at: str

    # who asked
    by: str

    # why
    reason: str

    # how many texts are erased: ids, units, and what they are written as in logs
    subjects: int

    # running, waiting or done
    status: str

    # why it goes on later; absent where nothing failed
    waiting: str | None = None

    # when the last byte was gone; absent until then
    done: str | None = None

    # what became of each place
    places: list[PlaceBody]

    # what a look into every place found, where that was asked for
    checked: list[CheckedBody] | None = None

    # how much of the subject that look found; 0 where it is nowhere
    found: int | None = None


@dataclass(frozen=True, kw_only=True)
class ErasureRequest:
    """Erases a subject."""

    # the subject's ids, 1 to 100; at most 100
    ids: list[str]

    # what experiments are assigned by, where that is another text than an id; at most 100
    units: list[str] | None = None

    # in words, for the receipt; names no id
    reason: str


@dataclass(frozen=True, kw_only=True)
class ExperimentBody:
    """An experiment."""

    # an experiment's name
    experiment: str

    # a declared surface
    surface: str

    # experiments of one layer share its units among them
    layer: str

    # how units are dealt: ours, growthbook-1, growthbook-2, unleash, openfeature
    bucketing: Literal["ours", "growthbook-1", "growthbook-2", "unleash", "openfeature"]

    # the first of the layer's buckets that is the experiment's
    bucket_from: int = field(metadata={"key": "bucketFrom"})

    # the first that is not any more
    bucket_to: int = field(metadata={"key": "bucketTo"})

    # before it nobody is in; for ever since where absent
    start: str | None = None

    # from it on nobody is in; never where absent
    end: str | None = None

    # the shares of its units that it has from some moments on; all of them where empty
    ramp: list[StepBody]

    # what all of a request's sources are of; anything where empty
    source_kinds: list[str] = field(metadata={"key": "sourceKinds"})

    # by name, the values that a request's context may have; absent where it is not looked at
    context: dict[str, list[str]] | None = None

    # whether it runs
    enabled: bool

    # its ways, the first of them being usual
    variants: list[VariantBody]

    # by how much a variant may exceed its control before it is stopped, by what is watched; absent where nothing is
    guard_rails: dict[str, float] | None = field(default=None, metadata={"key": "guardRails"})


@dataclass(frozen=True, kw_only=True)
class ExperimentReportResponse:
    """The answer of GET /v1/experiments/{experiment}/report: what came of an experiment."""

    # an experiment's name
    experiment: str

    # what is to be done: no-data, mismatch, stop, winner, control or undecided
    state: Literal["no-data", "mismatch", "stop", "winner", "control", "undecided"]

    # the same in a sentence
    verdict: str

    # the variant that others are compared with
    control: str

    # the kind of outcome that decides; absent where the log has none
    goal: str | None = None

    # of each interval, such as 0.95; 0 to 1
    confidence: float

    # under the experiment, those that variants share not counted
    answers: int

    # the first answer's time, in UTC; absent where there is none
    from_: str | None = field(default=None, metadata={"key": "from"})

    # the last answer's time, in UTC
    to: str | None = None

    # units that were in several variants and count for none
    crossed: int

    # each with who saw it, by name
    variants: list[ExposedBody]

    # whether units are dealt as they should be; absent for fewer than two variants
    sample_ratio: SampleRatioBody | None = field(default=None, metadata={"key": "sampleRatio"})

    # of each treatment, the goal's first, guard-rails last
    metrics: list[MetricBody]

    # the goal's effect at the end of each day
    days: list[DayBody]

    # answers that two variants share
    shared: list[SharedBody]

    # what a reader should know
    notes: list[str]


@dataclass(frozen=True, kw_only=True)
class ExperimentSourceBody:
    """An experiment and the document that says what it is."""

    # who said it: a file, or somebody over the API, whose word wins
    source: Literal["api", "file"]

    # the file below the configuration directory, or what stands for the API in its complaints
    place: str

    # the SHA-256 of the document, as the header ETag has it
    version: str

    # as it was given, YAML or JSON
    document: str

    # what was made of it
    experiment: ExperimentBody


@dataclass(frozen=True, kw_only=True)
class ExposedBody:
    """One variant."""

    # a variant's name
    variant: str

    # that were exposed
    units: int

    # that they were given
    answers: int

    # the share of units that is due by the weights; 0 to 1
    due_share: float = field(metadata={"key": "dueShare"})

    # the share of units that it has; 0 to 1
    share: float

    # half of its answers took longer
    millis_median: float = field(metadata={"key": "millisMedian"})

    # a hundredth of its answers took longer
    millis_p99: float = field(metadata={"key": "millisP99"})


@dataclass(frozen=True, kw_only=True)
class FeaturePartBody:
    """A feature's part in a probability."""

    # as models name it, such as column:twhin
    feature: str

    # absent where it is missing
    value: float | None = None

    # of the margin
    part: float


@dataclass(frozen=True, kw_only=True)
class FeaturesBody:
    """One candidate's features."""

    # an entity, kind:value
    id: str

    # by name; a feature that no signal speaks for is absent, which is not 0
    features: dict[str, float]

    # why none can be there
    missing: Literal["no-embedding-source", "no-embedding-candidate", "expired", "unknown-version", "kind-mismatch", "disabled", "timeout", "error"] | None = None


@dataclass(frozen=True, kw_only=True)
class Filters:
    """Which candidates may be answered."""

    # only candidates of these kinds; at most 100
    kinds: list[str] | None = None

    # never these; at most 100000
    exclude_ids: list[str] | None = field(default=None, metadata={"key": "excludeIds"})

    # nothing that these history spaces hold for the source; the surface's default where absent; at most 100
    exclude_histories: list[str] | None = field(default=None, metadata={"key": "excludeHistories"})

    # only candidates that meet it: searches look at no others
    where: ConditionBody | None = None


@dataclass(frozen=True, kw_only=True)
class FitBody:
    """What one method came to over held-out ids."""

    # that was tried
    method: Literal["procrustes", "affine", "residual"]

    # of rows of the older coordinates
    forward: QualityBody

    # of the release's rows
    backward: QualityBody


@dataclass(frozen=True, kw_only=True)
class ForcedBody:
    """Who had a release go live past its gates."""

    # the name of the key that asked
    by: str

    # why, in words
    reason: str

    # when
    at: str


@dataclass(frozen=True, kw_only=True)
class GateBody:
    """A gate."""

    # its name
    gate: str

    # what was measured, such as the space
    of: str

    # that was measured
    value: float

    # the least that passes; absent where nothing is too little
    min: float | None = None

    # the most that passes; absent where nothing is too much
    max: float | None = None

    # whether the value is within its bounds
    passed: bool


@dataclass(frozen=True, kw_only=True)
class HeldOutBody:
    """Where a unit is in no experiment."""

    # whether in none at all
    everywhere: bool

    # those that have a hold-out with the unit in it
    layers: list[str]


@dataclass(frozen=True, kw_only=True)
class HistoryEntryBody:
    """One thing that was changed over the API or by a guard-rail, or was to be."""

    # when
    at: str

    # the name of a key, admin token, guard-rail or canary
    author: str

    # why, in words
    reason: str

    # what was changed: an experiment, a variant of one, a switch, a canary
    subject: Literal["experiment", "variant", "switch", "canary"]

    # of the experiment, or of what is switched
    name: str

    # the variant, or the kind of what is switched; absent for an experiment as a whole
    part: str | None = None

    # a document, a share, or the word stopped; absent where there was nothing
    before: str | None = None

    # the same afterwards; absent where it was taken away
    after: str | None = None

    # whether it is so now, or was refused
    outcome: Literal["taken", "refused"]

    # why nothing was changed
    refusal: str | None = None


@dataclass(frozen=True, kw_only=True)
class ImportedBody:
    """Rows of another tool's file, staged."""

    # a release's name
    release: str

    # a declared space
    space: str

    # the checksum of the space's file
    version: str

    # how many rows were taken
    rows: int

    # rows without length that were dropped, as the space wants it
    zero_vectors: int = field(metadata={"key": "zeroVectors"})

    # rows that were left out, as the request allowed
    bad_rows: int = field(metadata={"key": "badRows"})

    # the first of them, by number and rule
    named: list[str]

    # which columns the rows were made of, where those are not called id and vector
    columns: str | None = None


@dataclass(frozen=True, kw_only=True)
class IndexBody:
    """The index over the file's rows."""

    # that searches it: exact, hnsw, hnswlib or clusters
    engine: str

    # what searches of a graph compare
    codes: str | None = None

    # what an index of so many rows was expected to take
    bytes_estimated: int | None = field(default=None, metadata={"key": "bytesEstimated"})

    # of a graph
    levels: int | None = None

    # by number of links, how many rows have so many on the lowest level
    degrees: list[int] | None = None

    # rows that no search comes to
    unreachable: int | None = None

    # rows that none came to before they were linked anew
    repaired: int | None = None

    # 
    code_loss: CodeLossBody | None = field(default=None, metadata={"key": "codeLoss"})

    # the share of the true ten nearest that it found when it was checked; 0 to 1
    recall: float | None = None


@dataclass(frozen=True, kw_only=True)
class InterleaveBody:
    """How two variants share an answer."""

    # team-draft or optimised
    method: Literal["team-draft", "optimised"]

    # the two variants
    of: list[str]


@dataclass(frozen=True, kw_only=True)
class InterleavedBody:
    """Two variants that share an answer."""

    # an experiment's name
    experiment: str

    # the one of the experiment that interleaves
    variant: str

    # team-draft or optimised
    method: Literal["team-draft", "optimised"]

    # the two variants
    teams: list[str]


@dataclass(frozen=True, kw_only=True)
class ListBody:
    """A row of a space, whose columns are the entities on the list."""

    # a sparse one, such as a history
    space: str

    # whose list it is
    of: str


@dataclass(frozen=True, kw_only=True)
class ListDriftBody:
    """Ranked lists of both releases."""

    # how long the compared front of each list is
    k: int

    # the share that both fronts have
    overlap: DistributionBody

    # of both fronts, extrapolated, with p = 0.9
    rank_biased_overlap: DistributionBody = field(metadata={"key": "rankBiasedOverlap"})


@dataclass(frozen=True, kw_only=True)
class MatrixRequest:
    """The body of POST /v1/scores/matrix: every source is scored with every candidate by one similarity between
    two spaces."""

    # how source and candidate are compared
    similarity: Literal["dot", "cosine", "l2", "jaccard", "fuzzy-jaccard", "euclidean-distance", "manhattan-distance", "log-cosine", "exp-scaled-cosine"]

    # where sources are looked up
    source_space: str = field(metadata={"key": "sourceSpace"})

    # where candidates are looked up
    candidate_space: str = field(metadata={"key": "candidateSpace"})

    # a relation vector that is added to the source
    translation: TranslationBody | None = None

    # entities in the order of the rows; at most 10000
    sources: list[str]

    # entities in the order they are answered in; at most 10000
    candidates: list[str]

    # a kept release to read; absent for the live one
    release: str | None = None


@dataclass(frozen=True, kw_only=True)
class MatrixResponse:
    """The answer of POST /v1/scores/matrix."""

    # false where the score is a distance
    higher_is_closer: bool = field(metadata={"key": "higherIsCloser"})

    # the interval of the scores
    range: str

    # what the scores are measured in
    unit: str

    # one for each row, in the order asked for
    sources: list[SideBody]

    # one for each column, in the order asked for
    candidates: list[SideBody]

    # row by row; null where the source or the candidate is missing
    scores: list[list[float | None]]

    # where the answer comes from
    provenance: ProvenanceBody


@dataclass(frozen=True, kw_only=True)
class MetricBody:
    """One metric of a treatment."""

    # its name, such as follow per unit
    metric: str

    # the variant that is compared with the control
    treatment: str

    # 
    effect: EffectBody

    # whether what units did before was taken out
    adjusted: bool

    # for a guard-rail, how much of a rise is let pass
    margin: float | None = None

    # whether a guard-rail is broken beyond doubt
    broken: bool


@dataclass(frozen=True, kw_only=True)
class ModelPartsBody:
    """What made a probability. The base and the parts of all features sum to the margin, which the model's
    calibration turns into it."""

    # a column of the surface's plan, or of a sparse space
    column: str

    # what the column's model is called
    model: str

    # the sum, on the scale of log-odds
    margin: float

    # what the model says where nothing is known of features
    base: float

    # in the model's order
    features: list[FeaturePartBody]


@dataclass(frozen=True, kw_only=True)
class MovedBody:
    """An id whose greatest cluster is another."""

    # an entity, kind:value
    id: str

    # the cluster in the first release, with its label
    from_: str = field(metadata={"key": "from"})

    # the cluster in the second release, with its label
    to: str


@dataclass(frozen=True, kw_only=True)
class NamedBody:
    """An entity."""

    # an entity, kind:value
    id: str

    # whole, as it was published
    name: str

    # of typing between the prefix and the name: 0 or 1
    errors: int


@dataclass(frozen=True, kw_only=True)
class NeighborDriftBody:
    """The nearest rows."""

    # how many ids' nearest rows were sought
    drawn: int

    # true where every row was looked at, false where the release's index was asked
    exact: bool

    # for each k
    lists: list[ListDriftBody]


@dataclass(frozen=True, kw_only=True)
class NoticeBody:
    """What was missing or degraded."""

    # empty where the whole answer is concerned
    column: str

    # a code, such as timeout
    reason: str

    # the same in words
    message: str


@dataclass(frozen=True, kw_only=True)
class OutcomeAnswerBody:
    """The answer to a line of POST /v1/outcomes."""

    # the number of the line, from 1
    line: int

    # ACCEPTED where the outcome is durable and counts, LATE where it is durable and does not, for it came about after
    # the window of its decision, or REFUSED
    status: Literal["ACCEPTED", "LATE", "REFUSED"]

    # of a refusal: the rule
    code: str | None = None

    # of a refusal: the rule, the value and the place
    message: str | None = None


@dataclass(frozen=True, kw_only=True)
class OutcomeBody:
    """A line of POST /v1/outcomes: what a person did with a candidate of an answer, or that it was shown to them."""

    # the answer's provenance.decisionId
    decision: str

    # one that was answered
    candidate: str

    # such as follow; impression for one that was seen
    kind: str

    # what it counts for; 1 where absent; 1 by default
    value: float | None = None

    # when, in UTC; now where absent
    time: str | None = None


@dataclass(frozen=True, kw_only=True)
class OutcomesSummaryBody:
    """The last line of an answer of POST /v1/outcomes."""

    # how many lines were answered
    lines: int

    # how many of them are durable and count
    accepted: int

    # how many are durable and came about too late to count
    late: int

    # how many broke a rule
    refused: int

    # the code of what ended the stream early
    stopped: str | None = None

    # the same in words
    reason: str | None = None

    # the first line that was not answered
    from_: int | None = field(default=None, metadata={"key": "from"})


@dataclass(frozen=True, kw_only=True)
class PairBody:
    """A source and a candidate."""

    # what is sought for or compared: an entity or vectors
    source: str

    # an entity that is scored
    candidate: str


@dataclass(frozen=True, kw_only=True)
class PairScoreBody:
    """A score, or the reason code why there is none."""

    # what is sought for or compared: an entity or vectors
    source: str

    # an entity that is scored
    candidate: str

    # the score; absent where there is none
    score: float | None = None

    # the reason why there is none
    missing: Literal["no-embedding-source", "no-embedding-candidate", "expired", "unknown-version", "kind-mismatch", "disabled", "timeout", "error"] | None = None


@dataclass(frozen=True, kw_only=True)
class PairsRequest:
    """The body of POST /v1/scores/pairs: pairs to score by one similarity between two spaces."""

    # how source and candidate are compared
    similarity: Literal["dot", "cosine", "l2", "jaccard", "fuzzy-jaccard", "euclidean-distance", "manhattan-distance", "log-cosine", "exp-scaled-cosine"]

    # where sources are looked up
    source_space: str = field(metadata={"key": "sourceSpace"})

    # where candidates are looked up
    candidate_space: str = field(metadata={"key": "candidateSpace"})

    # a relation vector that is added to the source
    translation: TranslationBody | None = None

    # scored in this order, duplicates kept; at most 10000
    pairs: list[PairBody]

    # a kept release to read; absent for the live one
    release: str | None = None


@dataclass(frozen=True, kw_only=True)
class PairsResponse:
    """The answer of POST /v1/scores/pairs: as many scores as pairs, in their order."""

    # false where the score is a distance
    higher_is_closer: bool = field(metadata={"key": "higherIsCloser"})

    # the interval of the scores
    range: str

    # what the scores are measured in
    unit: str

    # one for each that was asked for, in the same order
    scores: list[PairScoreBody]

    # where the answer comes from
    provenance: ProvenanceBody


@dataclass(frozen=True, kw_only=True)
class PartitionBody:
    """One partition of a topic."""

    # its number
    partition: int

    # the offset that is read next
    next: int

    # records that follow; absent where that is not known yet
    lag: int | None = None


@dataclass(frozen=True, kw_only=True)
class PlaceBody:
    """What became of a place."""

    # a release, the signals, the decisions …
    place: str

    # in words
    outcome: str


@dataclass(frozen=True, kw_only=True)
class ProblemBody:
    """A problem document (RFC 9457)."""

    # a path that names the rule, such as /problems/dimension-differs
    type: str | None = None

    # the code in words
    title: str | None = None

    # of HTTP
    status: int

    # the rule, the value and the place
    detail: str | None = None

    # the path that was asked
    instance: str | None = None

    # stable, for programs to look at
    code: str | None = None

    # the place in the request
    field_: str | None = field(default=None, metadata={"key": "field"})


@dataclass(frozen=True, kw_only=True)
class ProvenanceBody:
    """Where an answer comes from."""

    # the answer's own id, also in the header X-Decision-Id
    decision_id: str = field(metadata={"key": "decisionId"})

    # a release's name
    release: str

    # of the spaces that took part
    versions: dict[str, str]

    # the variants the unit is in
    experiments: list[AssignmentBody]

    # what was missing or degraded, and why
    notices: list[NoticeBody]

    # how long each stage took
    micros: dict[str, int]

    # how each column was searched
    plans: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class PushBody:
    """One thing that a user did, or took back."""

    # who did it, such as user:12
    user: str

    # one of the declared signals
    type: str

    # what it was done to
    entity: str

    # when, such as 2026-01-31T12:00:00Z; now where absent
    at: str | None = None

    # true where the user took it back, such as an unblocking; false by default
    undone: bool | None = None


@dataclass(frozen=True, kw_only=True)
class QualityBody:
    """How well one direction did."""

    # of a mapped row with the id's own, on average
    cosine: float

    # the share of the 10 nearest rows of the id's own row that the mapped row finds too; 0 to 1
    recall: float


@dataclass(frozen=True, kw_only=True)
class RankedBody:
    """Over what candidates were ranked."""

    # union of what the columns retrieved, or all entities there are
    plan: Literal["union", "all"]

    # whether no entity at all could score higher than those answered
    optimal: bool

    # no entity that was not looked at scores more than the k-th candidate and this; absent where nothing is known
    gap: float | None = None

    # how many entities bounds were taken of
    bounded: int

    # how many of those were scored
    exact: int


@dataclass(frozen=True, kw_only=True)
class ReasonBody:
    """One reason."""

    # rows-changed, rows-streamed, signals-read, upstream-asked or time-limited
    code: str

    # the same in words
    message: str


@dataclass(frozen=True, kw_only=True)
class RecallBody:
    """What is known of one space."""

    # a declared space
    space: str

    # a release's name
    release: str

    # how much of the space a search was allowed to answer: 90-100%, 10-90%, 1-10% or 0-1%
    filter: str

    # the searches that this tells of
    samples: int

    # share of the best that a search found, of as many as it was asked for
    mean: float

    # the true mean lies from here on with 95 % probability, however often this is looked at
    lower: float

    # to here
    upper: float

    # why this is too low; absent where it is not
    alarm: str | None = None


@dataclass(frozen=True, kw_only=True)
class RecallResponse:
    """What share of the best candidates searches find."""

    # searches that were answered again exactly
    sampled: int

    # those that were not, because others waited for it
    skipped: int

    # by space, filter and release, the release that was searched last at the end
    spaces: list[RecallBody]


@dataclass(frozen=True, kw_only=True)
class RefusalBody:
    """Why files were not taken."""

    # when
    at: str

    # the file, the line, the rule and the value
    reason: str


@dataclass(frozen=True, kw_only=True)
class ReleaseBody:
    """A release."""

    # a release's name
    release: str

    # LIVE, KEPT, STAGED or REJECTED
    state: Literal["LIVE", "KEPT", "STAGED", "REJECTED"]

    # when, in UTC
    published_at: str = field(metadata={"key": "publishedAt"})

    # by space
    versions: dict[str, str]

    # what was measured before it went live
    checks: dict[str, float]

    # why its publication or promotion failed
    rejection: str | None = None

    # the releases that spaces were carried over from, by space; absent where none was
    carried: dict[str, str] | None = None

    # true where it is kept until somebody unpins it; absent otherwise
    pinned: bool | None = None

    # what it was held to before it went live, or would be; absent where nothing was measured
    gates: list[GateBody] | None = None

    # who had it go live past gates that failed; absent where nobody did
    forced: ForcedBody | None = None


@dataclass(frozen=True, kw_only=True)
class ReplayResponse:
    """The answer of GET /v1/decisions/{decision}/replay: a decision taken again."""

    # when it was taken first, in UTC
    decided: str

    # whether the candidates and their scores are those of then; absent where the log keeps no candidates
    same: bool | None = None

    # why they may be others; empty where nothing is known to have changed
    may_differ: list[ReasonBody] = field(metadata={"key": "mayDiffer"})

    # as it was then, but for provenance.micros
    answer: CandidatesResponse


@dataclass(frozen=True, kw_only=True)
class RuleReportBody:
    """What one rule did to the whole list."""

    # a rule of the surface
    rule: str

    # on, off or dry-run
    mode: Literal["on", "off", "dry-run"]

    # ids that it names; unless it is a dry run they were left out of the searches already
    named: int

    # candidates that it took out of the ranked list, best first, the first hundred
    removed: list[str]

    # all of them
    removed_count: int = field(metadata={"key": "removedCount"})

    # candidates that it gave another score
    scored: int

    # candidates that it moved
    placed: int


@dataclass(frozen=True, kw_only=True)
class RuleTraceBody:
    """What one rule did."""

    # a rule of the surface
    rule: str

    # removed, scored or placed
    change: Literal["removed", "scored", "placed"]

    # false for a dry run, which did nothing
    applied: bool

    # the rank, or the score where that changed
    before: float

    # likewise; 0 for what is removed
    after: float

    # what the score was multiplied by; absent where the rule does not go by what candidates are worth
    worth: float | None = None


@dataclass(frozen=True, kw_only=True)
class Running:
    """A release that is tried."""

    # a release's name
    release: str

    # the live release
    against: str

    # of ten thousand units
    share: int

    # when
    begun: str

    # before this it does not go live by itself
    until: str

    # that it answered, counted since it began or the service did
    units: int

    # that it answers before it goes live by itself
    units_min: int = field(metadata={"key": "unitsMin"})

    # what it goes live after, in words
    waits_for: str = field(metadata={"key": "waitsFor"})

    # the name of the key that began it
    by: str

    # why, in words
    reason: str


@dataclass(frozen=True, kw_only=True)
class SaidBody:
    """What a column says to people."""

    # a column of the surface's plan, or of a sparse space
    column: str

    # such as "followed by Ada and 3 others, whom you follow"
    text: str


@dataclass(frozen=True, kw_only=True)
class SampleRatioBody:
    """Whether units are dealt as they should be."""

    # Pearson's
    chi_square: float = field(metadata={"key": "chiSquare"})

    # of it, for one look; 0 to 1
    p_value: float = field(metadata={"key": "pValue"})

    # a p-value for as many looks as one likes
    anytime: float


@dataclass(frozen=True, kw_only=True)
class ScoreBody:
    """A score, or the reason code why there is none."""

    # an entity, kind:value
    id: str

    # the score; absent where there is none
    score: float | None = None

    # the reason why there is none
    missing: Literal["no-embedding-source", "no-embedding-candidate", "expired", "unknown-version", "kind-mismatch", "disabled", "timeout", "error"] | None = None

    # the columns of the plan, or what each of them says
    columns: list[ColumnBody] | None = None

    # clusters that source and candidate share, strongest first
    shared_clusters: list[SharedClusterBody] | None = field(default=None, metadata={"key": "sharedClusters"})


@dataclass(frozen=True, kw_only=True)
class ScoresRequest:
    """The body of POST /v1/scores: by surface, or by similarity between two spaces."""

    # a declared surface
    surface: str | None = None

    # such as cosine or log-cosine
    similarity: Literal["dot", "cosine", "l2", "jaccard", "fuzzy-jaccard", "euclidean-distance", "manhattan-distance", "log-cosine", "exp-scaled-cosine"] | None = None

    # with similarity: where the source is looked up
    source_space: str | None = field(default=None, metadata={"key": "sourceSpace"})

    # with similarity: where the candidates are looked up
    candidate_space: str | None = field(default=None, metadata={"key": "candidateSpace"})

    # with similarity between dense spaces: a relation vector to add to the source
    translation: TranslationBody | None = None

    # what is sought for or compared: an entity or vectors
    source: SourceBody

    # scored in this order, duplicates kept; at most 10000
    candidates: list[str]

    # changes to the plan, by dotted key
    overrides: dict[str, Any] | None = None

    # what experiments are assigned by
    unit: str | None = None

    # what is told of whom the request is for, by name, such as country; experiments may look at it
    context: dict[str, str] | None = None

    # true to have every column and the shared clusters told; false by default
    explain: bool | None = None

    # with similarity: a kept release to read; a surface takes it among its overrides
    release: str | None = None


@dataclass(frozen=True, kw_only=True)
class ScoresResponse:
    """The answer of POST /v1/scores: as many scores as candidates, in their order."""

    # false where the score is a distance
    higher_is_closer: bool = field(metadata={"key": "higherIsCloser"})

    # the interval of the scores
    range: str

    # what the scores are measured in
    unit: str

    # one for each that was asked for, in the same order
    scores: list[ScoreBody]

    # where the answer comes from
    provenance: ProvenanceBody


@dataclass(frozen=True, kw_only=True)
class SearchBody:
    """One column's search."""

    # a column of the surface's plan, or of a sparse space
    column: str

    # why the column cannot find it
    missing: str | None = None

    # its score by the index's measure
    score: float | None = None

    # the least score that was retrieved
    cut: float | None = None

    # how it stands among all that may be answered, by exact scores
    rank: int | None = None

    # how many the search brought
    retrieved: int

    # whether the id is among them
    found: bool


@dataclass(frozen=True, kw_only=True)
class ShadowBody:
    """One such plan."""

    # its name
    shadow: str

    # a declared surface
    surface: str

    # of the surface's requests that it is drawn for; 0 to 1
    share: float

    # changes to the plan, by dotted key
    overrides: dict[str, str]

    # requests that both plans answered
    compared: int

    # requests that it was drawn for while no processor was idle
    dropped: int

    # requests that it has no answer to
    failed: int

    # the last reason why not
    failure: str | None = None

    # the share of the best k that both have, of the last thousand that were compared; absent before the first
    overlap: DistributionBody | None = None

    # of the best k, extrapolated, with p = 0.9, of the same
    rank_biased_overlap: DistributionBody | None = field(default=None, metadata={"key": "rankBiasedOverlap"})

    # by how much it scores candidates higher that both answer, on average over each answer
    score_shift: DistributionBody | None = field(default=None, metadata={"key": "scoreShift"})

    # its time by that of the answer
    latency_ratio: DistributionBody | None = field(default=None, metadata={"key": "latencyRatio"})

    # the requests whose answers are least alike, the least first
    worst: list[ShadowWorstBody]


@dataclass(frozen=True, kw_only=True)
class ShadowWorstBody:
    """One request and both answers."""

    # the answer's own id, also in the header X-Decision-Id
    decision_id: str = field(metadata={"key": "decisionId"})

    # what was sought for, in words
    source: str

    # the share of the best k that both answers have; 0 to 1
    overlap: float

    # of both answers; 0 to 1
    rank_biased_overlap: float = field(metadata={"key": "rankBiasedOverlap"})

    # the best ten that were answered
    live: list[str]

    # the best ten of the plan beside
    shadow: list[str]


@dataclass(frozen=True, kw_only=True)
class ShadowsResponse:
    """What plans would have answered that run beside those that answer."""

    # when the configuration in force began to answer, from when on all is counted
    since: str

    # by name
    shadows: list[ShadowBody]


@dataclass(frozen=True, kw_only=True)
class SharedBody:
    """Answers that two variants share."""

    # whose share of the credit is told
    variant: str

    # that answers went to
    units: int

    # that were shared
    answers: int

    # of the credit of both; 0 to 1
    share: float

    # the least share, for one look; absent where nothing bounds it
    low: float | None = None

    # the greatest share, for one look
    high: float | None = None

    # the least share, for as many looks as one likes
    anytime_low: float | None = field(default=None, metadata={"key": "anytimeLow"})

    # the greatest share, for as many looks as one likes
    anytime_high: float | None = field(default=None, metadata={"key": "anytimeHigh"})

    # the least distance from one half that so many units find in four of five cases
    least: float | None = None

    # how many times as many answers an A/B test would take, estimated; absent where nothing is known of it
    ab_times: float | None = field(default=None, metadata={"key": "abTimes"})


@dataclass(frozen=True, kw_only=True)
class SharedClusterBody:
    """A cluster that source and candidate share."""

    # a column of the surface's plan, or of a sparse space
    column: str

    # a cluster's number
    cluster: str

    # words for it
    label: str

    # of the sparse inner product, 0 to 1; 0 to 1
    share: float


@dataclass(frozen=True, kw_only=True)
class SideBody:
    """An id, and the reason code where it has no scores."""

    # an entity, kind:value
    id: str

    # the reason why there is none
    missing: Literal["no-embedding-source", "no-embedding-candidate", "expired", "unknown-version", "kind-mismatch", "disabled", "timeout", "error"] | None = None


@dataclass(frozen=True, kw_only=True)
class SignalBody:
    """One thing that a user did to one entity."""

    # such as fav, block or seen
    type: str | None = None

    # what it was done to
    entity: str | None = None

    # when, in ISO 8601; now where absent
    at: str | None = None


@dataclass(frozen=True, kw_only=True)
class SignalsRequest:
    """The body of POST /v1/signals: signals to keep, all or none."""

    # at most 10,000; of two of one type about one entity the later stays; at most 10000
    signals: list[PushBody]


@dataclass(frozen=True, kw_only=True)
class SignalsResponse:
    """The answer of GET /v1/signals/{user}: what a user did, latest first."""

    # the user whose signals are meant
    user: str

    # latest first
    signals: list[SignalBody]


@dataclass(frozen=True, kw_only=True)
class SignalsTakenResponse:
    """The answer of POST /v1/signals."""

    # how many were taken
    taken: int


@dataclass(frozen=True, kw_only=True)
class SourceBody:
    """What candidates are sought for: exactly one of id, ids, text and vector/clusters."""

    # one entity, such as user:12
    id: str | None = None

    # several entities with weights; at most 100
    ids: list[WeightedId] | None = None

    # a dense vector of the dense spaces' dimension
    vector: list[float] | None = None

    # a sparse vector: weights by cluster number; at most 10000
    clusters: list[ClusterWeight] | None = None

    # whose coordinates vector and clusters have: the version of a space that they were read with, or the training
    # that made it; those of the release that is read where absent
    version: str | None = None

    # words, which columns of texts look for: any characters at all
    text: str | None = None


@dataclass(frozen=True, kw_only=True)
class SpaceBody:
    """A declared space and its live version."""

    # a declared space
    space: str

    # the training that made it
    model: str

    # what kind of entity it holds
    kind: str

    # dense, sparse or text
    form: Literal["dense", "sparse", "text"]

    # values of a dense vector
    dimension: int | None = None

    # of a dense space
    metric: Literal["cosine", "inner-product", "l2"] | None = None

    # of a dense space
    engine: Literal["exact", "hnsw", "hnswlib"] | None = None

    # whether a release needs it
    required: bool

    # absent where the live release lacks the space
    live_version: str | None = field(default=None, metadata={"key": "liveVersion"})

    # rows of the live version
    live_count: int | None = field(default=None, metadata={"key": "liveCount"})


@dataclass(frozen=True, kw_only=True)
class SpaceDriftBody:
    """One space in both releases."""

    # a declared space
    space: str

    # what kind of entity it holds
    kind: str

    # dense, sparse or text, in the first release
    form: Literal["dense", "sparse", "text"]

    # of the first release
    version_a: str = field(metadata={"key": "versionA"})

    # of the second release
    version_b: str = field(metadata={"key": "versionB"})

    # ids that both have
    shared: int

    # ids that the first release has alone
    only_a: int = field(metadata={"key": "onlyA"})

    # ids that the second release has alone
    only_b: int = field(metadata={"key": "onlyB"})

    # how many of the shared ids were looked at
    drawn: int

    # what the first release's rows were learnt by; absent where its file names none
    training_a: str | None = field(default=None, metadata={"key": "trainingA"})

    # what the second release's rows were learnt by; absent where its file names none
    training_b: str | None = field(default=None, metadata={"key": "trainingB"})

    # whether rows of both mean something beside each other
    rows: Literal["same-training", "entities", "unknown-training", "other-training", "incomparable"]

    # how the figures are to be read, where that is not plain
    note: str | None = None

    # what became of dense rows
    dense: DenseDriftBody | None = None

    # what became of sparse rows
    sparse: SparseDriftBody | None = None

    # what became of the nearest rows, each within its own release; absent where the space is not searched
    neighbors: NeighborDriftBody | None = None


@dataclass(frozen=True, kw_only=True)
class SpaceReportBody:
    """What the live version of a space is made of."""

    # a declared space
    space: str

    # a release's name
    release: str

    # the checksum of the space's file
    version: str

    # what its rows were learnt by, where their file says so
    training: str | None = None

    # that it holds, changes counted
    rows: int

    # rows of the file that changes lie over
    base_rows: int = field(metadata={"key": "baseRows"})

    # streamed in since that file was written
    changes: int

    # of the file by part, and of the index: links, upper links and codes
    bytes: dict[str, int]

    # of a space that is searched
    index: IndexBody | None = None


@dataclass(frozen=True, kw_only=True)
class SpaceVersionBody:
    """A version of a space."""

    # a declared space
    space: str

    # the checksum of the space's file
    version: str

    # a release's name
    release: str

    # LIVE, KEPT or STAGED
    state: Literal["LIVE", "KEPT", "STAGED", "REJECTED"]

    # when, in UTC
    published_at: str = field(metadata={"key": "publishedAt"})


@dataclass(frozen=True, kw_only=True)
class SparseDriftBody:
    """Sparse rows. Clusters are the same where their ids are."""

    # the share of ids whose greatest cluster is another
    greatest_changed: float | None = field(default=None, metadata={"key": "greatestChanged"})

    # clusters that both rows have by all that either has
    jaccard: DistributionBody | None = None

    # the sum of the differences of all weights
    l1: DistributionBody | None = None

    # the sum of the second row's weights by the first one's
    weight_ratio: DistributionBody | None = field(default=None, metadata={"key": "weightRatio"})

    # the share of ids with any label whose set of labels is another
    labels_moved: float | None = field(default=None, metadata={"key": "labelsMoved"})

    # clusters whose label is another, or gone, or new
    relabelled: int

    # some of the ids whose greatest cluster is another
    moved: list[MovedBody]


@dataclass(frozen=True, kw_only=True)
class StagedBody:
    """A staged file."""

    # a release's name
    release: str

    # a declared space
    space: str

    # the checksum of the space's file
    version: str


@dataclass(frozen=True, kw_only=True)
class StagedReleaseBody:
    """A release that waits to be published, or whose publication was refused."""

    # its name to come
    release: str

    # bytes of the staged file of each space
    files: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class StatisticsBody:
    """Statistics of one column's values over the candidates, turned so that higher is closer."""

    # a column of the surface's plan, or of a sparse space
    column: str

    # of candidates that have a value
    count: int

    # the least
    min: float

    # the greatest
    max: float

    # the mean
    mean: float

    # the population's standard deviation
    sigma: float

    # the root of the sum of squares
    norm: float

    # the logarithm of the sum of exponentials
    log_sum_exp: float = field(metadata={"key": "logSumExp"})


@dataclass(frozen=True, kw_only=True)
class StepBody:
    """A share and the moment it begins."""

    # from when on, such as 2026-12-01T00:00:00Z
    at: str

    # of the experiment's units, 0 to 1; 0 to 1
    share: float

    # of the variants for the units that come in by it; the variants' own where absent
    weights: dict[str, int] | None = None


@dataclass(frozen=True, kw_only=True)
class StreamBody:
    """One topic."""

    # a declared space
    space: str

    # its name
    topic: str

    # whose changes these are; absent while it waits
    release: str | None = None

    # why no records are read; absent where they are
    waiting: str | None = None

    # records that were not read yet
    lag: int

    # records that were taken, since the service started
    accepted: int

    # records that had been taken before
    repeated: int

    # records that break a rule
    refused: int

    # records that the brokers deleted before they were read
    missed: int

    # the rule that the newest refused record breaks, and where it stands
    last_refused: str | None = field(default=None, metadata={"key": "lastRefused"})

    # where each stands
    partitions: list[PartitionBody]


@dataclass(frozen=True, kw_only=True)
class StreamsResponse:
    """How far the topics were read that change spaces."""

    # by the names of their spaces
    streams: list[StreamBody]


@dataclass(frozen=True, kw_only=True)
class SurfaceBody:
    """A surface and its plan, under the keys of its configuration file."""

    # a declared surface
    surface: str

    # what kinds of entities are answered
    kinds: list[str]

    # how many are answered where a request does not say
    k_default: int = field(metadata={"key": "kDefault"})

    # how columns are blended
    blend: dict[str, Any]

    # histories whose entities are left out
    exclude: list[str]

    # the columns of the plan, or what each of them says
    columns: list[dict[str, Any]]

    # by name, where rules read them; absent where there are none
    attributes: dict[str, Any] | None = None

    # where the times of candidates are read; absent where nowhere
    created: dict[str, Any] | None = None

    # in their order; absent where there are none
    rules: list[dict[str, Any]] | None = None

    # what chance does to the list that rules leave; absent where a file says nothing of it
    explore: dict[str, Any] | None = None

    # scores and what they are as probabilities, rising, with straight lines between; absent where a file says nothing
    # of it
    calibration: list[CalibrationPointBody] | None = None


@dataclass(frozen=True, kw_only=True)
class SurfaceDriftBody:
    """What a surface answers."""

    # a declared surface
    surface: str

    # how many sources it was asked for
    sources: int

    # how many of them the first release has no candidates for
    unanswered_a: int = field(metadata={"key": "unansweredA"})

    # how many of them the second release has no candidates for
    unanswered_b: int = field(metadata={"key": "unansweredB"})

    # the first reason why not
    reason: str | None = None

    # of sources that both answered
    answers: ListDriftBody | None = None

    # the sources whose answers are least alike, the least first
    worst: list[WorstBody]


@dataclass(frozen=True, kw_only=True)
class SwitchBody:
    """What is served to a share of those who ask."""

    # surface, space, release, caller
    kind: Literal["surface", "space", "release", "caller"]

    # of the surface, space or release, or of a caller's key
    name: str

    # of ten thousand; 0 for nobody
    share: int

    # who said it: a file, or somebody over the API, whose word wins
    source: Literal["api", "file"]

    # when; absent where a file says it
    at: str | None = None

    # who; absent where a file says it
    author: str | None = None

    # why; absent where a file says it
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class SwitchRequest:
    """Serves something to a share of those who ask."""

    # of ten thousand; 0 for nobody; 0 to 10000
    share: int

    # in words, for the history
    reason: str


@dataclass(frozen=True, kw_only=True)
class TermBody:
    """A word of source and candidate."""

    # a column of the surface's plan, or of a sparse space
    column: str

    # as it is compared: folded, and stemmed where the language is
    term: str

    # it stands in the candidate's text
    times: int

    # texts that have it
    documents: int

    # of the column's raw value
    part: float


@dataclass(frozen=True, kw_only=True)
class TranslationBody:
    """A relation vector that is added to a dense source before it is compared."""

    # where relation vectors are, such as twhin-relation
    space: str

    # such as follow
    relation: str


@dataclass(frozen=True, kw_only=True)
class VariantBody:
    """One way of an experiment."""

    # a variant's name
    variant: str

    # its share beside the other variants'
    weight: int

    # what differs from the surface's plan, by dotted key
    overrides: dict[str, str]

    # the two variants that share its answers; absent for one with a plan of its own
    interleave: InterleaveBody | None = None

    # true where its units are answered by the surface's own plan; absent where they are not
    stopped: bool | None = None

    # a guard-rail or who else, and why
    stopped_by: str | None = field(default=None, metadata={"key": "stoppedBy"})


@dataclass(frozen=True, kw_only=True)
class WeightBody:
    """A range of weights, both ends included."""

    # a sparse one
    space: str

    # an id that one of its columns stands for
    column: str

    # any where absent
    min: float | None = None

    # any where absent
    max: float | None = None


@dataclass(frozen=True, kw_only=True)
class WeightedId:
    """One of several entities that make up a source."""

    # an entity, kind:value
    id: str

    # beside the others'; 1 where absent; 1 by default
    weight: float | None = None


@dataclass(frozen=True, kw_only=True)
class WhyNotRequest:
    """The body of POST /v1/why-not: a request for candidates and the id that its answer lacks."""

    # the candidate that is missed, such as user:31
    id: str

    # a declared surface
    surface: str

    # what is sought for or compared: an entity or vectors
    source: SourceBody

    # how many; 1 to 1000
    k: int | None = None

    # which candidates may be answered
    filters: Filters | None = None

    # changes to the plan, by dotted key
    overrides: dict[str, Any] | None = None

    # what experiments are assigned by
    unit: str | None = None

    # what is told of whom the request is for, by name, such as country; experiments may look at it
    context: dict[str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class WhyNotResponse:
    """The answer of POST /v1/why-not: the stage that lost the id and the value that would have kept it."""

    # an entity, kind:value
    id: str

    # kind, excluded, embedding, retrieval, blend, rule, chance, rank; answered where nothing lost it
    stage: Literal["kind", "excluded", "embedding", "retrieval", "blend", "rule", "chance", "rank", "answered"]

    # the rule, the value and the place
    message: str

    # who lost it: source, filters.excludeIds, a history space, a column, a rule, explore or interleave
    by: str | None = None

    # what decided, such as columns.twhin.retrieve
    setting: str | None = None

    # of the setting in this request
    value: str | None = None

    # the least value that takes it past this stage, all else equal: as an override, or as k
    needed: str | None = None

    # its blended score, where it came so far
    score: float | None = None

    # the score at rank k
    score_needed: float | None = field(default=None, metadata={"key": "scoreNeeded"})

    # its rank, where it came so far
    rank: int | None = None

    # the settings that together have it answered; absent where no such settings were found
    remedy: dict[str, str] | None = None

    # what each column's search had to say
    searches: list[SearchBody]

    # where the answer comes from
    provenance: ProvenanceBody


@dataclass(frozen=True, kw_only=True)
class WorstBody:
    """A source and what both releases answer."""

    # an entity
    source: str

    # the share that both answers have; 0 to 1
    overlap: float

    # of both answers; 0 to 1
    rank_biased_overlap: float = field(metadata={"key": "rankBiasedOverlap"})

    # candidates out of the first release, best first
    a: list[str]

    # candidates out of the second release, best first
    b: list[str]
