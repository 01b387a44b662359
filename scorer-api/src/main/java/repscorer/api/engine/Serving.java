package repscorer.api.engine;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import repscorer.api.config.ConfigFiles.Document;
import repscorer.api.config.ServiceConfig;
import repscorer.core.Scorer;
import repscorer.core.experiment.Assigner;
import repscorer.core.experiment.Experiment;
import repscorer.core.shadow.Shadows;

/**
 * What requests are answered by from some moment on: one configuration, and all that was made of it. Immutable; a request takes it
 * once.
 *
 * @param files the SHA-256 of each file that it was made of, by path below the configuration directory
 * @param documents what says what each experiment is, by its name
 * @param watched experiments with guard-rails, by name
 */
public record Serving(
        ServiceConfig config,
        SortedMap<String, String> files,
        SortedMap<String, Document> documents,
        Instant since,
        Scorer scorer,
        Assigner assigner,
        Shadows shadows,
        Map<String, Experiment> watched) {

    public Serving {
        watched = Map.copyOf(watched);
        documents = Collections.unmodifiableSortedMap(new TreeMap<>(documents));
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    }
}
