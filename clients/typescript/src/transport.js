/** Calls that end in time, and the repeats that do no harm. Connections are kept by the runtime's fetch. */

import { Failed, Overloaded, Refused, ScorerError, TimedOut, Unreachable } from "./errors.js";

/**
 * One call. `timeoutMs` holds for all of it, its repeats and their pauses; `repeat` where one does no harm; `question` where the
 * service may give up once nobody waits.
 *
 * @typedef {object} Call
 * @property {string} method
 * @property {string} path
 * @property {Record<string, string>} headers
 * @property {number} timeoutMs
 * @property {boolean} repeat
 * @property {boolean} question
 * @property {string} [body]
 * @property {AbortSignal | undefined} [signal] of the caller
 */

/** What a connection fails by before anything was sent. */
const UNSENT = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ENETUNREACH",
  "EHOSTUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

export class Transport {
  #base;
  #fetch;
  #attempts;
  #backoffMs;
  #answerBytesMax;

  /**
   * @param {string} base
   * @param {{ fetch: typeof fetch, attempts: number, backoffMs: number, answerBytesMax: number }} settings
   */
  constructor(base, settings) {
    const url = URL.canParse(base) ? new URL(base) : undefined;
    if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username) {
      throw new RangeError(`a base is http:// or https://, a host, a port and perhaps a path: ${base}`);
    }
    this.#base = url.href.replace(/\/+$/, "");
    this.#fetch = settings.fetch;
    this.#attempts = settings.attempts;
    this.#backoffMs = settings.backoffMs;
    this.#answerBytesMax = settings.answerBytesMax;
  }

  /**
   * The text of a successful answer; else throws the error that fits.
   *
   * @param {Call} call
   * @returns {Promise<string>}
   */
  async send(call) {
    const end = performance.now() + call.timeoutMs;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#once(call, end - performance.now());
      } catch (error) {
        const pause = this.#pause(error, attempt);
        const harmless = call.repeat || (error instanceof Unreachable && !error.sent);
        if (pause === undefined || !harmless || attempt >= this.#attempts || pause >= end - performance.now()) {
          throw error;
        }
        await sleep(pause, call.signal);
      }
    }
  }

  /**
   * As long as the service asks, else longer from time to time, and never the same for all who wait; undefined where a repeat
   * would end as before.
   *
   * @param {unknown} error
   * @param {number} attempt
   */
  #pause(error, attempt) {
    if (!(error instanceof Unreachable || error instanceof Overloaded)) {
      return undefined;
    }
    const jitter = this.#backoffMs * 2 ** (attempt - 1) * (0.5 + Math.random());
    return error instanceof Overloaded ? (error.retryAfterMs ?? 0) + jitter : jitter;
  }

  /**
   * @param {Call} call
   * @param {number} leftMs
   */
  async #once(call, leftMs) {
    if (leftMs <= 0) {
      throw new TimedOut(`no answer within ${call.timeoutMs} ms (${named(call)})`);
    }
    const timer = AbortSignal.timeout(Math.ceil(leftMs));
    const headers = call.question
      ? { ...call.headers, "X-Request-Deadline-Ms": String(Math.max(1, Math.floor(leftMs))) }
      : call.headers;
    let response;
    let text;
    try {
      response = await this.#fetch(this.#base + call.path, {
        method: call.method,
        headers,
        body: call.body ?? null,
        redirect: "manual", // a key goes to the service that it was given for
        signal: call.signal ? AbortSignal.any([timer, call.signal]) : timer,
      });
      text = await this.#text(response);
    } catch (error) {
      throw lost(call, error, timer);
    }
    if (response.ok) {
      return text;
    }
    throw refusal(call, response, text);
  }

  /** @param {Response} response */
  async #text(response) {
    let bytes = 0;
    let text = "";
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      bytes += chunk.byteLength;
      if (bytes > this.#answerBytesMax) {
        throw new Failed(`an answer has more than ${this.#answerBytesMax} bytes`, { status: response.status });
      }
      text += decoder.decode(chunk, { stream: true });
    }
    return text + decoder.decode();
  }
}

/**
 * @param {string} text
 * @param {Pick<Call, "method" | "path">} call
 * @returns {any}
 */
export function parsed(text, call) {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Failed(`the answer cannot be read (${named(call)})`, { cause });
  }
}

/** @param {Pick<Call, "method" | "path">} call */
function named(call) {
  return `${call.method} ${call.path}`;
}

/**
 * @param {number} ms
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<void>}
 */
function sleep(ms, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal?.addEventListener("abort", stop, { once: true });
  });
}

/**
 * @param {Call} call
 * @param {any} error
 * @param {AbortSignal} timer
 */
function lost(call, error, timer) {
  if (error instanceof ScorerError || call.signal?.aborted) {
    return error;
  }
  if (timer.aborted) {
    return new TimedOut(`no answer within ${call.timeoutMs} ms (${named(call)})`);
  }
  const code = error?.cause?.code;
  const why = error?.cause?.message || code || error?.message;
  return UNSENT.has(code)
    ? new Unreachable(`no connection: ${why} (${named(call)})`, false, error)
    : new Unreachable(`the connection was lost: ${why} (${named(call)})`, true, error);
}

/**
 * @param {Call} call
 * @param {Response} response
 * @param {string} text
 */
function refusal(call, response, text) {
  const status = response.status;
  const problem = problemOf(text);
  const message = `${problem?.detail || text.slice(0, 200) || "no reason given"} (status ${status}, ${named(call)})`;
  if (status === 429 || status === 503) {
    if (problem?.code === "deadline-passed") {
      return new TimedOut(message, { status, problem });
    }
    const seconds = response.headers.get("Retry-After");
    const retryAfterMs = seconds && /^[0-9]{1,6}$/.test(seconds) ? 1000 * Number(seconds) : undefined;
    return new Overloaded(message, retryAfterMs, { status, problem });
  }
  return status >= 400 && status < 500
    ? new Refused(message, { status, problem })
    : new Failed(message, { status, problem });
}

/**
 * @param {string} text
 * @returns {import("./models.js").ProblemBody | undefined}
 */
function problemOf(text) {
  try {
    const problem = JSON.parse(text);
    return typeof problem?.status === "number" ? problem : undefined;
  } catch {
    return undefined;
  }
}
