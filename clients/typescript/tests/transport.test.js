import assert from "node:assert/strict";
import { createServer } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { Failed, Overloaded, Refused, ScorerClient, TimedOut, Unreachable } from "../src/index.js";

const ok = (request, response) => response.end("[]");
const hangUp = (request, response) => response.socket.destroy();
const half = (request, response) => {
  response.writeHead(200, { "Content-Length": 100 });
  response.write("[");
  setTimeout(() => response.socket.destroy(), 20);
};
const silent = () => {};
const trickle = (request, response) => {
  const timer = setInterval(() => response.write(" "), 20);
  response.on("close", () => clearInterval(timer));
};
const say = (status, body, headers = {}) => (request, response) => {
  response.writeHead(status, headers);
  response.end(typeof body === "string" ? body : JSON.stringify(body));
};
const busy = say(503, { status: 503, code: "overloaded", detail: "too much" }, { "Retry-After": "0" });

/** A server that answers by scripts in turn, the last of which answers all that follow. */
async function stub(scripts, use, settings = {}) {
  const told = { requests: [], sockets: new Set() };
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () => {
      told.sockets.add(request.socket);
      told.requests.push({ url: request.url, headers: request.headers, body });
      (scripts.length > 1 ? scripts.shift() : scripts[0])(request, response, body);
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${server.address().port}`;
  try {
    await use(new ScorerClient(base, { timeoutMs: 2000, backoffMs: 1, ...settings }), told);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const since = (begun) => performance.now() - begun;

test("connections serve many calls", () =>
  stub([ok], async (scorer, told) => {
    for (let i = 0; i < 20; i++) {
      await scorer.spaces();
    }
    assert.equal(told.requests.length, 20);
    assert.ok(told.sockets.size <= 3, `${told.sockets.size} connections`);
  }));

test("a question is repeated after a lost connection, as often as attempts say", async () => {
  for (const lost of [hangUp, half]) {
    await stub([lost, ok], async (scorer, told) => {
      assert.deepEqual(await scorer.spaces(), []);
      assert.equal(told.requests.length, 2);
    });
  }
  await stub([hangUp], async (scorer, told) => {
    await assert.rejects(scorer.spaces(), (error) => error instanceof Unreachable && error.sent);
    assert.equal(told.requests.length, 4);
  }, { attempts: 4 });
});

test("changes are not repeated", async () => {
  const changes = [{ id: "user:1", vector: [1] }];
  for (const change of [
    (scorer) => scorer.rollBack("one"),
    (scorer) => scorer.promote("one"),
    (scorer) => scorer.outcomes([{ decision: "d", candidate: "user:1", kind: "follow" }]),
    (scorer) => scorer.upserts("space", changes),
    (scorer) => scorer.upserts("space", changes, { producer: "p" }),
  ]) {
    for (const [kind, script] of [[Unreachable, hangUp], [Overloaded, busy]]) {
      await stub([script], async (scorer, told) => {
        await assert.rejects(change(scorer), kind);
        assert.equal(told.requests.length, 1);
      });
    }
  }
});

test("changes that can be sent again are repeated", async () => {
  const taken = '{"line":1,"status":"ACCEPTED"}\n{"release":"one","lines":1,"accepted":1,"duplicates":0,"refused":0}\n';
  await stub([hangUp, say(200, taken)], async (scorer, told) => {
    const { summary } = await scorer.upserts("s", [{ id: "user:1", vector: [1], seq: 1 }], { producer: "p" });
    assert.equal(summary.accepted, 1);
    assert.equal(told.requests[0].body, told.requests[1].body);
  });
  await stub([hangUp, say(200, { taken: 1 })], async (scorer) => {
    assert.equal((await scorer.pushSignals({ signals: [] })).taken, 1);
  });
});

test("what was not sent says so", async () => {
  const closed = createTcpServer();
  await new Promise((resolve) => closed.listen(0, "127.0.0.1", resolve));
  const { port } = closed.address();
  await new Promise((resolve) => closed.close(resolve));
  const scorer = new ScorerClient(`http://127.0.0.1:${port}`, { backoffMs: 1 });
  await assert.rejects(scorer.rollBack("one"), (error) => error instanceof Unreachable && !error.sent);
  assert.equal(await scorer.ready(), false);
});

test("a busy service is left alone as long as it asks, and no longer than the call", async () => {
  await stub([say(503, { status: 503 }, { "Retry-After": "1" }), ok], async (scorer) => {
    const begun = performance.now();
    assert.deepEqual(await scorer.spaces(), []);
    assert.ok(since(begun) >= 1000);
  });
  await stub([say(429, { status: 429, code: "quota" }, { "Retry-After": "60" })], async (scorer) => {
    const begun = performance.now();
    await assert.rejects(
      scorer.spaces(),
      (error) => error instanceof Overloaded && error.retryAfterMs === 60_000 && error.code === "quota",
    );
    assert.ok(since(begun) < 1000);
  });
});

test("a call ends in time however its answer comes", async () => {
  for (const script of [silent, trickle]) {
    await stub([script], async (scorer, told) => {
      const begun = performance.now();
      await assert.rejects(scorer.spaces({ timeoutMs: 300 }), TimedOut);
      assert.ok(since(begun) < 1500);
      assert.equal(told.requests.length, 1);
    });
  }
});

test("a caller ends a call, with its own reason", () =>
  stub([silent], async (scorer) => {
    const own = new AbortController();
    const reason = new Error("nobody looks any more");
    setTimeout(() => own.abort(reason), 50);
    await assert.rejects(scorer.spaces({ signal: own.signal }), (error) => error === reason);
  }));

test("the service is told how much time is left", () =>
  stub([hangUp, ok], async (scorer, told) => {
    await scorer.spaces({ timeoutMs: 1500 });
    const left = told.requests.map((each) => Number(each.headers["x-request-deadline-ms"]));
    assert.ok(left[0] > 1400 && left[0] <= 1500, String(left));
    assert.ok(left[1] < left[0] - 90, String(left));
  }, { backoffMs: 200 }));

test("an answer is what it says", async () => {
  for (const [status, body, kind, code] of [
    [409, { status: 409, code: "training-differs", detail: "of two trainings" }, Refused, "training-differs"],
    [404, "<html>", Refused, undefined],
    [500, { status: 500, code: "internal-error" }, Failed, "internal-error"],
    [503, { status: 503, code: "deadline-passed" }, TimedOut, "deadline-passed"],
    [200, "<html>", Failed, undefined],
    [302, "", Failed, undefined],
    [200, `[${" ".repeat(2000)}]`, Failed, undefined],
  ]) {
    await stub([say(status, body)], async (scorer, told) => {
      await assert.rejects(scorer.spaces(), (error) => error.constructor === kind && error.code === code);
      assert.equal(told.requests.length, 1);
    }, { answerBytesMax: 1000 });
  }
});

test("streams are sent in requests and told as one", () =>
  stub([
    (request, response, body) => {
      const lines = body.split("\n").length - 1;
      response.write('{"line":1,"status":"REFUSED","code":"bad"}\n');
      for (let line = 2; line <= lines; line++) {
        response.write(`{"line":${line},"status":"ACCEPTED"}\n`);
      }
      response.end(`{"release":"r","lines":${lines},"accepted":${lines - 1},"duplicates":0,"refused":1}\n`);
    },
  ], async (scorer, told) => {
    async function* changes() {
      for (let i = 0; i < 1201; i++) {
        yield { id: `user:${i}`, delete: true };
      }
    }
    const seen = [];
    const { summary, refused } = await scorer.upserts("a space/b", changes(), { onAnswer: (each) => seen.push(each.line) });
    assert.deepEqual(seen, Array.from({ length: 1201 }, (_, i) => i + 1));
    assert.deepEqual(refused.map((each) => each.line), [1, 501, 1001]);
    assert.deepEqual(summary, { release: "r", lines: 1201, accepted: 1198, duplicates: 0, refused: 3 });
    assert.deepEqual(
      told.requests.map((each) => each.url),
      ["/v1/spaces/a%20space%2Fb/upserts", ...Array(2).fill("/v1/spaces/a%20space%2Fb/upserts?release=r")],
    );
  }));

test("a stream that is stopped says from where", () => {
  const full = '{"release":"r","lines":500,"accepted":500,"duplicates":0,"refused":0}\n';
  const stopped =
    '{"line":1,"status":"ACCEPTED"}\n{"release":"r","lines":1,"accepted":1,"duplicates":0,"refused":0,' +
    '"stopped":"release-changed","reason":"another is live","from":2}\n';
  return stub([say(200, full), say(200, stopped)], async (scorer, told) => {
    const changes = Array.from({ length: 2000 }, () => ({ id: "user:1", delete: true }));
    const { summary } = await scorer.upserts("s", changes);
    assert.deepEqual([summary.stopped, summary.from, summary.lines], ["release-changed", 502, 501]);
    assert.equal(told.requests.length, 2);
  });
});

test("what is refused in the midst of a stream stops it", async () => {
  const full = '{"release":"r","lines":500,"accepted":500,"duplicates":0,"refused":0}\n';
  const changed = say(409, { status: 409, code: "release-changed", detail: "another is live" });
  const changes = Array.from({ length: 600 }, () => ({ id: "user:1", delete: true }));
  await stub([say(200, full), changed], async (scorer) => {
    const { summary } = await scorer.upserts("s", changes);
    assert.deepEqual([summary.stopped, summary.from, summary.accepted], ["release-changed", 501, 500]);
  });
  await stub([changed], (scorer) => assert.rejects(scorer.upserts("s", changes), Refused));
});

test("settings are checked", () => {
  for (const wrong of ["ftp://x", "http://", "x", "http://u@x"]) {
    assert.throws(() => new ScorerClient(wrong), RangeError, wrong);
  }
  for (const wrong of [{ timeoutMs: 0 }, { attempts: 0 }, { key: "a b" }]) {
    assert.throws(() => new ScorerClient("http://x", wrong), RangeError);
  }
});

test("the types name every call and no other", async () => {
  const types = await readFile(new URL("../src/index.d.ts", import.meta.url), "utf8");
  const declared = types.slice(types.indexOf("export class ScorerClient")).matchAll(/^ {2}(\w+)\(/gm);
  assert.deepEqual(
    Array.from(declared, ([, name]) => name).sort(),
    Object.getOwnPropertyNames(ScorerClient.prototype).sort(),
  );
});
