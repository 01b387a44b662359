package repscorer.api.openapi;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * What the comments of the wire records say, read from their sources, which the build puts beside the classes: one text for
 * who reads the code and who reads the document.
 */
record WireWords(Set<String> topLevel, Map<String, String> words) {

    private static final Pattern RECORD = Pattern.compile(
            "(?:/\\*\\*((?:(?!\\*/).)*)\\*/)?(?:\\s|@\\w+(?:\\([^)]*\\))?|//[^\\n]*\\n)*public record (\\w+)\\(",
            Pattern.DOTALL);
    private static final Pattern TAG = Pattern.compile("\\{@\\w+\\s+((?:[^{}]|\\{[^{}]*})*)}");
    private static final Pattern PARAMETER = Pattern.compile("@param\\s+(\\w+)\\s+");

    /** What a component is called wherever it is, where its record says no more. */
    private static final Map<String, String> USUAL = Map.ofEntries(
            Map.entry("release", "a release's name"),
            Map.entry("space", "a declared space"),
            Map.entry("version", "the checksum of the space's file"),
            Map.entry("id", "an entity, kind:value"),
            Map.entry("surface", "a declared surface"),
            Map.entry("source", "what is sought for or compared: an entity or vectors"),
            Map.entry("user", "the user whose signals are meant"),
            Map.entry("entity", "what it was done to"),
            Map.entry("candidate", "an entity that is scored"),
            Map.entry("candidates", "entities in the order they are answered in"),
            Map.entry("sources", "entities in the order of the rows"),
            Map.entry("ids", "entities in the order they are answered in"),
            Map.entry("embeddings", "one for each id, in the order asked for"),
            Map.entry("scores", "one for each that was asked for, in the same order"),
            Map.entry("score", "the score; absent where there is none"),
            Map.entry("missing", "the reason why there is none"),
            Map.entry("k", "how many"),
            Map.entry("filters", "which candidates may be answered"),
            Map.entry("overrides", "changes to the plan, by dotted key"),
            Map.entry("unit", "what experiments are assigned by"),
            Map.entry("explain", "true to have every column and the shared clusters told"),
            Map.entry("similarity", "how source and candidate are compared"),
            Map.entry("sourceSpace", "where sources are looked up"),
            Map.entry("candidateSpace", "where candidates are looked up"),
            Map.entry("translation", "a relation vector that is added to the source"),
            Map.entry("provenance", "where the answer comes from"),
            Map.entry("decisionId", "the answer's own id, also in the header X-Decision-Id"),
            Map.entry("column", "a column of the surface's plan, or of a sparse space"),
            Map.entry("columns", "the columns of the plan, or what each of them says"),
            Map.entry("sharedClusters", "clusters that source and candidate share, strongest first"),
            Map.entry("cluster", "a cluster's number"),
            Map.entry("label", "words for it"),
            Map.entry("weight", "its weight"),
            Map.entry("raw", "the value as the index measures it"),
            Map.entry("normalized", "the value after normalisation"),
            Map.entry("rule", "a rule of the surface"),
            Map.entry("kind", "what kind of entity it holds"),
            Map.entry("kinds", "what kinds of entities are answered"),
            Map.entry("kDefault", "how many are answered where a request does not say"),
            Map.entry("blend", "how columns are blended"),
            Map.entry("exclude", "histories whose entities are left out"),
            Map.entry("model", "the training that made it"),
            Map.entry("required", "whether a release needs it"),
            Map.entry("liveCount", "rows of the live version"),
            Map.entry("publishedAt", "when, in UTC"),
            Map.entry("signals", "latest first"),
            Map.entry("taken", "how many were taken"),
            Map.entry("rows", "how many rows were taken"),
            Map.entry("experiment", "an experiment's name"),
            Map.entry("variant", "a variant's name"),
            Map.entry("assignments", "one for each experiment that the unit takes part in"),
            Map.entry("retrieved", "how many the search brought"),
            Map.entry("found", "whether the id is among them"),
            Map.entry("min", "the least"),
            Map.entry("max", "the greatest"),
            Map.entry("mean", "the mean"),
            Map.entry("message", "the rule, the value and the place"),
            Map.entry("title", "the code in words"),
            Map.entry("status", "of HTTP"),
            Map.entry("detail", "the rule, the value and the place"),
            Map.entry("instance", "the path that was asked"),
            Map.entry("code", "stable, for programs to look at"));

    static WireWords load() {
        Set<String> topLevel = new TreeSet<>();
        Map<String, String> words = new HashMap<>();
        try {
            for (Resource file :
                    new PathMatchingResourcePatternResolver().getResources("classpath*:repscorer/api/wire/*.java")) {
                String name = String.valueOf(file.getFilename()).replace(".java", "");
                if (name.equals("package-info")) {
                    continue;
                }
                topLevel.add(name);
                try (InputStream in = file.getInputStream()) {
                    read(new String(in.readAllBytes(), StandardCharsets.UTF_8), words);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new WireWords(topLevel, words);
    }

    private static void read(String source, Map<String, String> words) {
        Matcher record = RECORD.matcher(source);
        while (record.find()) {
            if (record.group(1) == null) {
                continue;
            }
            String comment = TAG.matcher(record.group(1).replaceAll("(?m)^\\s*\\* ?", ""))
                    .replaceAll("$1");
            List<String> parts = List.of(comment.split("(?=@param\\s)"));
            for (String part : parts) {
                Matcher parameter = PARAMETER.matcher(part);
                String key = parameter.lookingAt() ? record.group(2) + "." + parameter.group(1) : record.group(2);
                String text = (parameter.lookingAt() ? part.substring(parameter.end()) : part)
                        .strip()
                        .replaceAll("\\s+", " ");
                if (!text.isEmpty()) {
                    words.put(key, text);
                }
            }
        }
    }

    /** What a record is; null where nothing is said. */
    @Nullable
    String of(String record) {
        return words.get(record);
    }

    /** What a component of a record is; null where its name says it all. */
    @Nullable
    String of(String record, String component) {
        String own = words.get(record + "." + component);
        return own == null ? USUAL.get(component) : own;
    }
}
