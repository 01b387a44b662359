/** A client of Representation Scorer. Its types, and what each call does, stand in index.d.ts. */

import { Refused, ScorerError } from "./errors.js";
import { Transport, parsed } from "./transport.js";

export { Failed, Overloaded, Refused, ScorerError, TimedOut, Unreachable } from "./errors.js";

/** @typedef {import("./index.d.ts").ScorerClient} Contract */
/** @typedef {import("./index.d.ts").CallOptions} CallOptions */
/** @typedef {import("./transport.js").Call} Call */

// What one request of a stream holds at most. The service makes as many durable at once, and answers fit into any socket's buffers.
const LINES_MAX = 500;
const CHARACTERS_MAX = 256 << 10;
const TIMEOUT_MAX = 3_600_000;

/** @implements {Contract} */
export class ScorerClient {
  /** @type {Transport} */
  #transport;
  /** @type {number} */
  #timeoutMs;
  /** @type {number} */
  #changeTimeoutMs;
  /** @type {Record<string, string>} */
  #question;
  /** @type {Record<string, string>} */
  #admin;

  /**
   * @param {string} base
   * @param {import("./index.d.ts").Settings} [settings]
   */
  constructor(base, settings = {}) {
    const { timeoutMs = 5_000, changeTimeoutMs = 600_000, attempts = 3, backoffMs = 20 } = settings;
    for (const [name, value] of Object.entries({ timeoutMs, changeTimeoutMs })) {
      if (!(value > 0 && value <= TIMEOUT_MAX)) {
        throw new RangeError(`${name} is above 0 and at most ${TIMEOUT_MAX}: ${value}`);
      }
    }
    if (!(Number.isInteger(attempts) && attempts >= 1)) {
      throw new RangeError(`attempts is at least 1: ${attempts}`);
    }
    const headers = { Accept: "application/json, application/problem+json" };
    this.#timeoutMs = timeoutMs;
    this.#changeTimeoutMs = changeTimeoutMs;
    this.#question = { ...headers, ...bearer("key", settings.key) };
    if (settings.priority) {
      this.#question["X-Request-Priority"] = settings.priority;
    }
    this.#admin = { ...headers, ...bearer("adminToken", settings.adminToken ?? settings.key) };
    this.#transport = new Transport(base, {
      fetch: settings.fetch ?? globalThis.fetch,
      attempts,
      backoffMs,
      answerBytesMax: settings.answerBytesMax ?? 64 << 20,
    });
  }

  /** @type {import("./index.d.ts").ScorerClient["candidates"]} */
  candidates(request, options) {
    return this.#ask("/v1/candidates", request, options);
  }

  /** @type {import("./index.d.ts").ScorerClient["whyNot"]} */
  whyNot(request, options) {
    return this.#ask("/v1/why-not", request, options);
  }

  /** @type {import("./index.d.ts").ScorerClient["scores"]} */
  scores(request, options) {
    return this.#ask("/v1/scores", request, options);
  }

  /** @type {import("./index.d.ts").ScorerClient["pairs"]} */
  pairs(request, options) {
    return this.#ask("/v1/scores/pairs", request, options);
  }

  /** @type {import("./index.d.ts").ScorerClient["matrix"]} */
  matrix(request, options) {
    return this.#ask("/v1/scores/matrix", request, options);
  }

  /** @type {import("./index.d.ts").ScorerClient["engagement"]} */
  engagement(request, options) {
    return this.#ask("/v1/features/engagement", request, options);
  }

  /** @type {import("./index.d.ts").ScorerClient["embedding"]} */
  embedding(space, id, options) {
    const path = `/v1/embeddings/${segment(space)}/${segment(id)}`;
    return this.#read(path + query({ release: options?.release }), options);
  }

  /** @type {import("./index.d.ts").ScorerClient["embeddings"]} */
  embeddings(space, request, options) {
    return this.#ask(`/v1/embeddings/${segment(space)}`, request, options);
  }

  /** @type {import("./index.d.ts").ScorerClient["signals"]} */
  signals(user, options) {
    return this.#read(`/v1/signals/${segment(user)}${query({ types: options?.types })}`, options, this.#admin);
  }

  /** @type {import("./index.d.ts").ScorerClient["assignments"]} */
  assignments(unit, options) {
    const context = Object.entries(options?.context ?? {}).map(([name, value]) => `${name}=${value}`);
    return this.#read(`/v1/experiments/assignments${query({ unit, context })}`, options);
  }

  /** @type {import("./index.d.ts").ScorerClient["spaces"]} */
  spaces(options) {
    return this.#read("/v1/spaces", options);
  }

  /** @type {import("./index.d.ts").ScorerClient["surfaces"]} */
  surfaces(options) {
    return this.#read("/v1/surfaces", options);
  }

  /** @type {import("./index.d.ts").ScorerClient["experiments"]} */
  experiments(options) {
    return this.#read("/v1/experiments", options);
  }

  /** @type {import("./index.d.ts").ScorerClient["releases"]} */
  releases(options) {
    return this.#read("/v1/releases", options);
  }

  /** @type {import("./index.d.ts").ScorerClient["release"]} */
  release(name, options) {
    return this.#read(`/v1/releases/${segment(name)}`, options);
  }

  /** @type {import("./index.d.ts").ScorerClient["ready"]} */
  async ready(options) {
    try {
      await this.#transport.send({ ...this.#get("/actuator/health/readiness", options, this.#question), repeat: false });
      return true;
    } catch (error) {
      if (error instanceof ScorerError) {
        return false;
      }
      throw error;
    }
  }

  /** @type {import("./index.d.ts").ScorerClient["pushSignals"]} */
  pushSignals(request, options) {
    // Of two signals of one type about one entity the later stays, so that a repeat does no harm.
    return this.#json({
      ...this.#get("/v1/signals", options, { ...this.#admin, "Content-Type": "application/json" }),
      method: "POST",
      question: false,
      body: JSON.stringify(request),
    });
  }

  /** @type {import("./index.d.ts").ScorerClient["upserts"]} */
  async upserts(space, changes, options = {}) {
    const { producer, training, onAnswer } = options;
    const sum = { release: options.release ?? "", lines: 0, accepted: 0, duplicates: 0, refused: 0 };
    /** @type {import("./index.d.ts").Upserts} */
    const told = { summary: sum, refused: [] };
    for await (const { body, numbered } of batches(changes, (change) => change.seq !== undefined)) {
      const release = sum.release || undefined;
      const path = `/v1/spaces/${segment(space)}/upserts${query({ producer, release, training })}`;
      const part = await this.#lines(path, body, options, Boolean(producer) && numbered, sum, told.refused, onAnswer);
      if (part === undefined) {
        break;
      }
      sum.release = part.release;
      sum.accepted += part.accepted;
      sum.duplicates += part.duplicates;
      if (part.stopped !== undefined) {
        break;
      }
    }
    return told;
  }

  /** @type {import("./index.d.ts").ScorerClient["outcomes"]} */
  async outcomes(outcomes, options = {}) {
    const sum = { lines: 0, accepted: 0, late: 0, refused: 0 };
    /** @type {import("./index.d.ts").Outcomes} */
    const told = { summary: sum, refused: [] };
    for await (const { body } of batches(outcomes, () => false)) {
      const part = await this.#lines("/v1/outcomes", body, options, false, sum, told.refused, options.onAnswer);
      if (part === undefined) {
        break;
      }
      sum.accepted += part.accepted;
      sum.late += part.late;
      if (part.stopped !== undefined) {
        break;
      }
    }
    return told;
  }

  /** @type {import("./index.d.ts").ScorerClient["promote"]} */
  promote(release, options = {}) {
    const { partial, carry, force, reason } = options;
    const how = query({ partial, carry, force, reason });
    return this.#change(`/v1/releases/${segment(release)}/promote${how}`, options);
  }

  /** @type {import("./index.d.ts").ScorerClient["rollBack"]} */
  rollBack(release, options) {
    return this.#change(`/v1/releases/${segment(release)}/roll-back`, options);
  }

  /**
   * @param {string} path
   * @param {object} request
   * @param {CallOptions | undefined} options
   */
  #ask(path, request, options) {
    const headers = { ...this.#question, "Content-Type": "application/json" };
    return this.#json({ ...this.#get(path, options, headers), method: "POST", body: JSON.stringify(request) });
  }

  /**
   * @param {string} path
   * @param {CallOptions | undefined} options
   */
  #read(path, options, headers = this.#question) {
    return this.#json(this.#get(path, options, headers));
  }

  /**
   * @param {string} path
   * @param {CallOptions | undefined} options
   */
  #change(path, options) {
    const timeoutMs = options?.timeoutMs ?? this.#changeTimeoutMs;
    const get = this.#get(path, options, this.#admin);
    return this.#json({ ...get, method: "POST", timeoutMs, repeat: false, question: false });
  }

  /**
   * @param {string} path
   * @param {CallOptions | undefined} options
   * @param {Record<string, string>} headers
   * @returns {Call}
   */
  #get(path, options, headers) {
    const timeoutMs = options?.timeoutMs ?? this.#timeoutMs;
    return { method: "GET", path, headers, timeoutMs, repeat: true, question: true, signal: options?.signal };
  }

  /**
   * @param {Call} call
   * @returns {Promise<any>}
   */
  async #json(call) {
    return parsed(await this.#transport.send(call), call);
  }

  /**
   * One request of a stream: its answers are numbered as those of the whole stream. Undefined where it is refused after others
   * were taken, which stops the stream.
   *
   * @param {string} path
   * @param {string} body
   * @param {CallOptions} options
   * @param {boolean} repeat
   * @param {{ lines: number, refused: number, stopped?: string, reason?: string, from?: number }} sum
   * @param {any[]} refused
   * @param {((answer: any) => void) | undefined} onAnswer
   */
  async #lines(path, body, options, repeat, sum, refused, onAnswer) {
    const headers = {
      ...this.#admin,
      "Content-Type": "application/x-ndjson",
      Accept: "application/x-ndjson, application/problem+json",
    };
    const timeoutMs = options.timeoutMs ?? this.#changeTimeoutMs;
    /** @type {Call} */
    const call = { method: "POST", path, headers, body, timeoutMs, repeat, question: false, signal: options.signal };
    let answers;
    try {
      answers = await this.#transport.send(call);
    } catch (error) {
      if (!(error instanceof Refused) || sum.lines === 0) {
        throw error;
      }
      Object.assign(sum, { stopped: error.code, reason: error.message, from: sum.lines + 1 });
      return undefined;
    }
    const lines = answers.trimEnd().split("\n");
    const last = parsed(lines.pop() ?? "", call);
    for (const line of lines) {
      const answer = parsed(line, call);
      answer.line += sum.lines;
      if (answer.status === "REFUSED") {
        refused.push(answer);
      }
      onAnswer?.(answer);
    }
    if (last.stopped !== undefined) {
      sum.stopped = last.stopped;
      sum.reason = last.reason;
      if (last.from !== undefined) {
        sum.from = sum.lines + last.from;
      }
    }
    sum.lines += last.lines;
    sum.refused += last.refused;
    return last;
  }
}

/**
 * Requests' bodies, and whether each of a body's lines has a number of its own.
 *
 * @template T
 * @param {Iterable<T> | AsyncIterable<T>} lines
 * @param {(line: T) => boolean} isNumbered
 */
async function* batches(lines, isNumbered) {
  let body = "";
  let count = 0;
  let numbered = true;
  for await (const line of lines) {
    body += JSON.stringify(line) + "\n";
    numbered &&= isNumbered(line);
    count++;
    if (count === LINES_MAX || body.length >= CHARACTERS_MAX) {
      yield { body, numbered };
      body = "";
      count = 0;
      numbered = true;
    }
  }
  if (count > 0) {
    yield { body, numbered };
  }
}

/** @param {string} text */
function segment(text) {
  return encodeURIComponent(text).replaceAll("%3A", ":");
}

/** @param {Record<string, string | boolean | readonly string[] | undefined>} given */
function query(given) {
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(given)) {
    for (const each of Array.isArray(value) ? value : value === undefined ? [] : [value]) {
      parts.append(name, String(each));
    }
  }
  return parts.size > 0 ? `?${parts}` : "";
}

/**
 * @param {string} name
 * @param {string | undefined} text
 * @returns {Record<string, string>}
 */
function bearer(name, text) {
  if (text !== undefined && !/^[!-~]+$/.test(text)) {
    throw new RangeError(`${name} is visible ASCII without spaces`);
  }
  return text === undefined ? {} : { Authorization: `Bearer ${text}` };
}
