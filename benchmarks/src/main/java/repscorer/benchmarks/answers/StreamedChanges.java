package repscorer.benchmarks.answers;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** What is streamed into a store after its publication: upserts, deletions and signals, so that its logs hold some. */
final class StreamedChanges {

    private static final int TWEETS = 12_000;
    private static final int USERS = 4_000;
    private static final int SIGNAL_USERS = 120;
    private static final long SNOWFLAKE = 175_000_000_000_000_000L; // of February 2012

    private final ServiceProcess service;
    private final boolean demo;
    private final SplittableRandom random = new SplittableRandom(3);

    StreamedChanges(ServiceProcess service, boolean demo) {
        this.service = service;
        this.demo = demo;
    }

    void send() throws IOException, InterruptedException {
        stream("twhin-user", dense("user", USERS, 64, 80));
        stream("simclusters-interest", sparse("user", USERS, "cluster", 20, 60));
        stream("history-follow", sparse("user", USERS, "user", 200, 30));
        if (!demo) {
            return;
        }
        // Enough of them that they are linked into a graph of their own.
        stream("twhin-tweet", dense("tweet", TWEETS, 64, 1_100));
        stream("simclusters-tweet", sparse("tweet", TWEETS, "cluster", 20, 120));
        GoldenStores.accepted(
                service.send(
                        new Exchange.Request("POST", "/v1/spaces/simclusters-tweet/compact", Recording.admin(""), "")),
                "compact");
        stream("simclusters-tweet", sparse("tweet", TWEETS, "cluster", 20, 120));
        stream("simclusters-producer", sparse("user", USERS, "cluster", 20, 40));
        stream("plain-tweet", dense("tweet", TWEETS, 8, 60));
        stream("tweet-language", languages());
        signals();
    }

    private void stream(String space, String lines) throws IOException, InterruptedException {
        GoldenStores.accepted(
                service.send(new Exchange.Request(
                        "POST",
                        "/v1/spaces/" + space + "/upserts?producer=golden",
                        Recording.admin("application/x-ndjson"),
                        lines)),
                space);
    }

    private interface Row {
        String body();
    }

    private String lines(String kind, int bound, int count, Row row) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < count; i++) {
            String change = i % 8 == 7 ? "\"delete\":true" : row.body();
            lines.append("{\"id\":\"%s:%s\",%s,\"seq\":%s}%n".formatted(kind, id(kind, bound, i), change, sequence++));
        }
        return lines.toString();
    }

    private long sequence = 1;

    /** Most are there already; some are new, and new tweets have ids that tell when they were made. */
    private long id(String kind, int bound, int i) {
        if (i % 5 != 0) {
            return random.nextInt(bound);
        }
        return kind.equals("tweet") ? SNOWFLAKE + ((long) i << 22) : 1_000_000 + i;
    }

    private String dense(String kind, int bound, int dimension, int count) {
        return lines(
                kind,
                bound,
                count,
                () -> "\"vector\":"
                        + random.ints(dimension, -1_024, 1_025)
                                .mapToObj(value -> Double.toString(value / 4_096.0))
                                .collect(Collectors.joining(",", "[", "]")));
    }

    private String sparse(String kind, int bound, String column, int columns, int count) {
        return lines(kind, bound, count, () -> {
            List<String> entries = new ArrayList<>();
            for (int i = random.nextInt(3); i < columns; i += 1 + random.nextInt(columns / 3)) {
                entries.add("\"%s:%s\":%s".formatted(column, i, (1 + random.nextInt(32)) / 16.0));
            }
            return "\"entries\":" + entries.stream().collect(Collectors.joining(",", "{", "}"));
        });
    }

    private String languages() {
        return lines(
                "tweet", TWEETS, 60, () -> "\"entries\":{\"lang:%s\":1}".formatted(random.nextBoolean() ? "ja" : "fr"));
    }

    private void signals() throws IOException, InterruptedException {
        List<String> signals = new ArrayList<>();
        for (int user = 0; user < SIGNAL_USERS; user++) {
            for (String type : List.of("fav", "retweet", "reply", "video", "dont-like", "seen")) {
                for (int i = random.nextInt(7); i > 0; i--) {
                    signals.add(signal(user, type, "tweet:" + random.nextInt(TWEETS), random.nextInt(12) == 0));
                }
            }
            for (String type : List.of("follow", "block", "mute")) {
                for (int i = random.nextInt(6); i > 0; i--) {
                    signals.add(signal(user, type, "user:" + random.nextInt(400), random.nextInt(12) == 0));
                }
            }
        }
        for (int from = 0; from < signals.size(); from += 200) {
            String body = String.join(",", signals.subList(from, Math.min(signals.size(), from + 200)));
            GoldenStores.accepted(
                    service.send(new Exchange.Request(
                            "POST",
                            "/v1/signals",
                            Recording.admin("application/json"),
                            "{\"signals\":[" + body + "]}")),
                    "signals");
        }
    }

    private String signal(int user, String type, String entity, boolean undone) {
        return String.format(
                Locale.ROOT,
                "{\"user\":\"user:%s\",\"type\":\"%s\",\"entity\":\"%s\",\"at\":\"2024-%02d-%02dT%02d:00:00Z\"%s}",
                user,
                type,
                entity,
                1 + random.nextInt(12),
                1 + random.nextInt(28),
                random.nextInt(24),
                undone ? ",\"undone\":true" : "");
    }
}
