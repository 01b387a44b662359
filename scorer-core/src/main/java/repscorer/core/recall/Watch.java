package repscorer.core.recall;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The recall of one space under filters of one band, release by release. Not safe for concurrent use. */
final class Watch {

    /** An interval forgets what is older: the next one begins with every so many values. */
    static final int WINDOW = 1000;

    /** So many values of the release before are enough to compare with. */
    private static final int REFERENCE_MIN = 100;

    private final String space;
    private final FilterBand band;
    private final RecallOptions options;
    private final int releasesMax;

    /** In the order of their first searches. */
    private final Map<String, Recall> byRelease = new LinkedHashMap<>();

    private static final class Recall {

        private MeanInterval told = new MeanInterval();
        private MeanInterval next = new MeanInterval();
        private boolean low;
        private final @Nullable SpaceRecall before;

        Recall(@Nullable SpaceRecall before) {
            this.before = before;
        }

        void add(double value) {
            told.add(value);
            if (told.count() > WINDOW) {
                next.add(value);
            }
            if (next.count() == WINDOW) {
                told = next;
                next = new MeanInterval();
            }
        }
    }

    Watch(String space, FilterBand band, RecallOptions options, int releasesMax) {
        this.space = space;
        this.band = band;
        this.options = options;
        this.releasesMax = releasesMax;
    }

    /** What is known of the release now if this value raised an alarm, null if it did not. */
    @Nullable
    SpaceRecall add(String release, double value) {
        Recall recall = byRelease.get(release);
        if (recall == null) {
            recall = new Recall(before());
            byRelease.put(release, recall);
            if (byRelease.size() > releasesMax) {
                byRelease.remove(byRelease.keySet().iterator().next());
            }
        }
        recall.add(value);
        boolean wasLow = recall.low;
        recall.low = alarm(recall).isPresent();
        return recall.low && !wasLow ? told(release, recall) : null;
    }

    /** The release that was searched last before, where enough is known of it. */
    private @Nullable SpaceRecall before() {
        List<SpaceRecall> all = all();
        for (int i = all.size() - 1; i >= 0; i--) {
            if (all.get(i).samples() >= REFERENCE_MIN) {
                return all.get(i);
            }
        }
        return null;
    }

    List<SpaceRecall> all() {
        List<SpaceRecall> all = new ArrayList<>();
        byRelease.forEach((release, recall) -> all.add(told(release, recall)));
        return all;
    }

    private SpaceRecall told(String release, Recall recall) {
        MeanInterval told = recall.told;
        return new SpaceRecall(
                space, release, band, told.count(), told.mean(), told.lower(), told.upper(), alarm(recall));
    }

    /** Raised where even the upper end is too low; it goes when the mean is not. */
    private Optional<String> alarm(Recall recall) {
        double mean = recall.told.mean();
        double most = recall.low ? mean : Math.max(mean, recall.told.upper());
        if (most < options.alarmBelow()) {
            return Optional.of("at most %s, under %s".formatted(recall.told.upper(), options.alarmBelow()));
        }
        SpaceRecall before = recall.before;
        if (before != null && most < before.lower() - options.alarmDrop()) {
            return Optional.of("at most %s, where %s had %s or more"
                    .formatted(recall.told.upper(), before.release(), before.lower()));
        }
        return Optional.empty();
    }
}
