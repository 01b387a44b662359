package repscorer.benchmarks.requests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import repscorer.cli.console.UserError;
import repscorer.core.embedding.EmbeddingFile;

/** What is asked, by number: sources, and what they exclude, are drawn by chance from a store's embedding files. */
final class RequestBodies {

    private static final int BODIES = 2_000;
    private static final int EXCLUSIONS = 8; // lists that differ; each may be megabytes
    private static final long MADE_UP = 7_000_000_000L; // nobody of a release has such a number
    private static final long SEED = 7;

    private final RequestsOptions options;
    private final List<String> bodies;
    private final List<String> exclusions;

    RequestBodies(RequestsOptions options, Path data) throws IOException {
        this.options = options;
        SplittableRandom random = new SplittableRandom(SEED);
        List<String> sources = ids(data, options.sourceKind());
        List<String> targets = options.scores() > 0 || options.excluded() > 0 ? ids(data, targetKind()) : List.of();
        this.bodies = IntStream.range(0, BODIES)
                .mapToObj(i -> body(
                        sources.get(random.nextInt(sources.size())),
                        random.ints(options.scores(), 0, Math.max(1, targets.size()))
                                .mapToObj(targets::get)
                                .toList()))
                .toList();
        this.exclusions = options.excluded() == 0
                ? List.of()
                : IntStream.range(0, EXCLUSIONS)
                        .mapToObj(i -> exclusion(targets, random))
                        .toList();
    }

    String plain(int number) {
        return bodies.get(number % bodies.size()) + "}";
    }

    String excluding(int number) {
        return bodies.get(number % bodies.size()) + exclusions.get(number % exclusions.size()) + "}";
    }

    private String targetKind() {
        return options.surface().equals("follow") ? "user" : options.surface().equals("search") ? "topic" : "tweet";
    }

    /** A body but for its end. */
    private String body(String source, List<String> candidates) {
        String asked = options.scores() > 0 ? "\"candidates\":" + list(candidates.stream()) : "\"k\":" + options.k();
        return "{\"surface\":\"%s\",\"source\":{\"id\":\"%s\"},%s,\"explain\":%s"
                .formatted(options.surface(), source, asked, options.explain());
    }

    /** Half of a kind's ids may be excluded, so that there are answers left; what is wanted beyond is made up. */
    private String exclusion(List<String> targets, SplittableRandom random) {
        List<String> ids = new ArrayList<>(targets);
        for (int i = ids.size() - 1; i > 0; i--) {
            ids.set(i, ids.set(random.nextInt(i + 1), ids.get(i)));
        }
        int known = Math.min(options.excluded(), ids.size() / 2);
        Stream<String> madeUp = IntStream.range(known, options.excluded())
                .mapToObj(i -> targetKind() + ":" + (MADE_UP + random.nextInt(1_000_000_000)));
        return ",\"filters\":{\"excludeIds\":" + list(Stream.concat(ids.subList(0, known).stream(), madeUp)) + "}";
    }

    private static String list(Stream<String> ids) {
        return ids.collect(Collectors.joining("\",\"", "[\"", "\"]"));
    }

    /** Ids of a kind out of the first embedding file of a store that has some; files of dense rows come first. */
    private static List<String> ids(Path data, String kind) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(data)) {
            files = all.filter(file -> file.toString().endsWith(EmbeddingFile.SUFFIX))
                    .sorted(Comparator.comparing((Path file) ->
                                    !file.getFileName().toString().startsWith("twhin"))
                            .thenComparing(Path::toString))
                    .toList();
        }
        for (Path path : files) {
            EmbeddingFile file = EmbeddingFile.open(path);
            if (file.kind().name().equals(kind)) {
                return IntStream.range(0, file.count())
                        .mapToObj(row -> file.ids().id(row).toString())
                        .toList();
            }
        }
        throw new UserError("no embeddings of " + kind + " in " + data + ": " + Arrays.toString(files.toArray()));
    }
}
