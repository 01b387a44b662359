package repscorer.ranking;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.Snowflake;
import repscorer.core.model.ModelFeature;
import repscorer.decisions.Decision;
import repscorer.decisions.Decisions;
import repscorer.decisions.JoinedDecision;
import repscorer.decisions.JoinedDecisions;
import repscorer.decisions.Outcome;
import repscorer.imports.ImportFormat;
import repscorer.imports.ImportInput;
import repscorer.imports.TableReader;
import repscorer.imports.TableSink;

/**
 * Reads impressions: a directory is a log of decisions and outcomes, a file a table whose columns are called as features are. Of a log there
 * are columns, and ages where ids tell them; all else comes in tables.
 */
final class ImpressionReader {

    private static final double HOUR_MILLIS = 3_600_000;
    private static final String TIME = "time";

    private final RankPlan plan;
    private final Duration window;
    private final Impressions.Builder rows;

    /** @param window how long after its decision an outcome counts */
    ImpressionReader(RankPlan plan, Duration window) {
        this.plan = plan;
        this.window = window;
        this.rows = new Impressions.Builder(plan.all());
    }

    /** @throws IllegalArgumentException for what has not what the plan asks for, naming it */
    void read(Path place) throws IOException {
        if (Files.isDirectory(place)) {
            readLog(place);
        } else if (Files.isRegularFile(place)) {
            readTable(place);
        } else {
            throw new IllegalArgumentException("--log: no such directory or file: %s".formatted(place));
        }
    }

    Impressions impressions() {
        return rows.build();
    }

    private void readLog(Path directory) throws IOException {
        for (ModelFeature feature : rows.features()) {
            if (!(feature instanceof ModelFeature.Column) && !(feature instanceof ModelFeature.Age)) {
                throw new IllegalArgumentException(
                        "a log has columns and ages, and not %s: give a table of features (%s)"
                                .formatted(feature.text(), directory));
            }
        }
        if (plan.surface().isEmpty()) {
            throw new IllegalArgumentException("a plan names the surface whose answers of a log count: " + directory);
        }
        List<JoinedDecision> answers = new ArrayList<>();
        Set<String> surfaces = new TreeSet<>();
        boolean told = false;
        try (JoinedDecisions decisions = Decisions.read(directory, Decisions.Window.of(window))) {
            while (decisions.hasNext()) {
                JoinedDecision joined = decisions.next();
                surfaces.add(joined.decision().surface());
                if (joined.decision().surface().equals(plan.surface())) {
                    answers.add(joined);
                    told |= joined.outcomes().stream()
                            .anyMatch(each -> each.kind().equals(Outcome.IMPRESSION));
                }
            }
        }
        if (answers.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s has no answers of surface '%s'; it has of %s".formatted(directory, plan.surface(), surfaces));
        }
        for (JoinedDecision answer : answers) {
            add(answer, told);
        }
    }

    /** Where anybody tells of impressions, candidates that were seen; else all. */
    private void add(JoinedDecision joined, boolean told) {
        Decision decision = joined.decision();
        Map<String, Boolean> chosen = new HashMap<>();
        Set<String> seen = new HashSet<>();
        for (Outcome outcome : joined.outcomes()) {
            seen.add(outcome.candidate());
            if (outcome.kind().equals(plan.goal())) {
                chosen.merge(outcome.candidate(), outcome.value() > 0, Boolean::logicalOr);
            }
        }
        for (Decision.Shown shown : decision.candidates()) {
            if (told && !seen.contains(shown.candidate())) {
                continue;
            }
            float[] row = new float[rows.features().size()];
            for (int f = 0; f < row.length; f++) {
                row[f] = switch (rows.features().get(f)) {
                    case ModelFeature.Column column -> {
                        Double value = shown.columns().get(column.name());
                        yield value == null ? Float.NaN : value.floatValue();
                    }
                    case ModelFeature.Age age -> age(shown.candidate(), decision.time());
                    case ModelFeature.Attribute none -> Float.NaN;
                    case ModelFeature.Engagement none -> Float.NaN;
                    case ModelFeature.Popularity none -> Float.NaN;
                };
            }
            rows.add(
                    row,
                    chosen.getOrDefault(shown.candidate(), false),
                    decision.time().toEpochMilli());
        }
    }

    private static float age(String candidate, Instant time) {
        OptionalLong created = Snowflake.millis(EntityId.parse(candidate));
        return created.isEmpty()
                ? Float.NaN
                : (float) (Math.max(0, time.toEpochMilli() - created.getAsLong()) / HOUR_MILLIS);
    }

    private void readTable(Path file) throws IOException {
        List<String> columns =
                new ArrayList<>(rows.features().stream().map(ModelFeature::text).toList());
        columns.add(plan.goal());
        columns.add(TIME);
        TableReader reader =
                new TableReader(ImportFormat.ofName(String.valueOf(file.getFileName())), columns, Set.of(TIME));
        try (ImportInput input = ImportInput.of(file, Optional.empty())) {
            reader.read(input, new TableSink() {
                @Override
                public void row(long row, @Nullable String[] cells) {
                    add(file, row, cells);
                }

                @Override
                public void bad(long row, String rule) {
                    throw new IllegalArgumentException("%s, row %s: %s".formatted(file.getFileName(), row, rule));
                }
            });
        }
    }

    private void add(Path file, long row, @Nullable String[] cells) {
        int width = rows.features().size();
        float[] values = new float[width];
        Arrays.fill(values, Float.NaN);
        String cell = "";
        try {
            for (int f = 0; f < width; f++) {
                String text = cells[f];
                if (text != null) {
                    cell = text;
                    values[f] = Float.parseFloat(text);
                }
            }
            String label = cells[width];
            if (label == null) {
                throw new IllegalArgumentException(
                        "%s, row %s: '%s' is missing".formatted(file.getFileName(), row, plan.goal()));
            }
            String time = cells[width + 1];
            rows.add(values, outcome(label), time == null ? 0 : millis(time));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "%s, row %s: no number: '%s'".formatted(file.getFileName(), row, cell), e);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "%s, row %s: no time: '%s'".formatted(file.getFileName(), row, cells[width + 1]), e);
        }
    }

    private static boolean outcome(String label) {
        return switch (label) {
            case "true", "1", "1.0" -> true;
            case "false", "0", "0.0" -> false;
            default -> throw new NumberFormatException(label);
        };
    }

    private static long millis(String text) {
        return text.matches("-?\\d{1,16}")
                ? Long.parseLong(text)
                : Instant.parse(text).toEpochMilli();
    }
}
