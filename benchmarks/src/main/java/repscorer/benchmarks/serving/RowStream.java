package repscorer.benchmarks.serving;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import repscorer.benchmarks.answers.ServiceProcess;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.EmbeddingFile.Form;
import repscorer.core.entity.IdTable;
import repscorer.vector.SparseVector;

/**
 * Upserts rows of a service's spaces, drawn by chance and a little changed, so many every second until it is ended. No row is new, so
 * that what the service holds need not grow.
 */
final class RowStream implements AutoCloseable {

    private static final int OK = 200;
    private static final int CONFLICT = 409; // another release went live meanwhile
    private static final Pattern ACCEPTED = Pattern.compile("\"accepted\":(\\d+)");

    private final URI service;
    private final List<EmbeddingFile> spaces;
    private final int rowsEach;
    private final SplittableRandom random = new SplittableRandom(5);
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Thread thread =
            Thread.ofPlatform().daemon().name("row-stream").unstarted(this::run);
    private long sent; // the thread's until it ended
    private long accepted;
    private String failure = "";

    private RowStream(URI service, List<EmbeddingFile> spaces, double perSecond) {
        this.service = service;
        this.spaces = spaces;
        this.rowsEach = Math.max(1, (int) (perSecond / spaces.size()));
    }

    static RowStream start(URI service, List<EmbeddingFile> spaces, double perSecond) {
        RowStream stream = new RowStream(service, spaces, perSecond);
        stream.thread.start();
        return stream;
    }

    private void run() {
        try {
            long due = System.nanoTime();
            while (true) {
                for (EmbeddingFile space : spaces) {
                    send(space);
                }
                due += 1_000_000_000L;
                Thread.sleep(Math.max(0, (due - System.nanoTime()) / 1_000_000));
            }
        } catch (InterruptedException e) {
            // ended
        }
    }

    private void send(EmbeddingFile space) throws InterruptedException {
        List<String> lines =
                IntStream.range(0, rowsEach).mapToObj(i -> line(space)).toList();
        sent += rowsEach;
        try {
            // Another release may go live before the stream or in its midst: what is left goes to that one.
            long taken = take(space, lines);
            accepted += taken < rowsEach ? taken + take(space, lines.subList((int) taken, rowsEach)) : taken;
        } catch (IOException e) {
            failure = failure.isEmpty() ? e.toString() : failure;
        }
    }

    /** How many were accepted; the first of them. */
    private long take(EmbeddingFile space, List<String> lines) throws IOException, InterruptedException {
        HttpResponse<String> answer = post(space, String.join("", lines));
        Matcher sum = ACCEPTED.matcher(answer.body());
        long taken = answer.statusCode() == OK && sum.find() ? Long.parseLong(sum.group(1)) : 0;
        boolean exchanged = answer.statusCode() == CONFLICT || answer.body().contains("\"release-changed\"");
        if (taken < lines.size() && !exchanged && failure.isEmpty()) {
            failure = answer.statusCode() + " " + answer.body().strip();
        }
        return taken;
    }

    private HttpResponse<String> post(EmbeddingFile space, String lines) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(service + "/v1/spaces/" + space.space() + "/upserts"))
                        .header("Authorization", "Bearer " + ServiceProcess.TOKEN)
                        .header("Content-Type", "application/x-ndjson")
                        .POST(BodyPublishers.ofString(lines))
                        .build(),
                BodyHandlers.ofString());
    }

    private String line(EmbeddingFile space) {
        int row = random.nextInt(space.count());
        String vector = space.form() == Form.DENSE
                ? "\"vector\":" + Arrays.toString(MovedRelease.moved(space, row, random))
                : "\"entries\":" + entries(space, row);
        return "{\"id\":\"%s\",%s}%n".formatted(space.ids().id(row), vector);
    }

    private String entries(EmbeddingFile space, int row) {
        IdTable columns = space.columns().orElseThrow();
        SparseVector vector = space.sparseRows().row(row);
        return IntStream.range(0, vector.size())
                .mapToObj(i -> "\"%s\":%s"
                        .formatted(columns.id(vector.columns()[i]), vector.weights()[i] * random.nextDouble(.9, 1.1)))
                .collect(Collectors.joining(",", "{", "}"));
    }

    /** Ends it; rows that were sent and not accepted. */
    long lost() throws InterruptedException {
        end();
        return sent - accepted;
    }

    /** Rows that are durable and seen; after the end only. */
    long accepted() {
        return accepted;
    }

    /** What was said of the first that was lost; empty where none was. */
    String failure() {
        return failure;
    }

    private void end() throws InterruptedException {
        thread.interrupt();
        thread.join();
    }

    @Override
    public void close() throws InterruptedException {
        end();
        http.close();
    }
}
