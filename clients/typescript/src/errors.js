/** @typedef {import("./models.js").ProblemBody} Problem */

export class ScorerError extends Error {
  /**
   * @param {string} message
   * @param {{ status?: number | undefined, problem?: Problem | undefined, cause?: unknown }} [said]
   */
  constructor(message, said = {}) {
    super(message, said.cause === undefined ? undefined : { cause: said.cause });
    this.name = new.target.name;
    this.status = said.status;
    this.problem = said.problem;
  }

  get code() {
    return this.problem?.code;
  }
}

export class Unreachable extends ScorerError {
  /**
   * @param {string} message
   * @param {boolean} sent
   * @param {unknown} [cause]
   */
  constructor(message, sent, cause) {
    super(message, { cause });
    this.sent = sent;
  }
}

export class TimedOut extends ScorerError {}

export class Overloaded extends ScorerError {
  /**
   * @param {string} message
   * @param {number | undefined} retryAfterMs
   * @param {{ status?: number | undefined, problem?: Problem | undefined }} [said]
   */
  constructor(message, retryAfterMs, said) {
    super(message, said);
    this.retryAfterMs = retryAfterMs;
  }
}

export class Refused extends ScorerError {}

export class Failed extends ScorerError {}
