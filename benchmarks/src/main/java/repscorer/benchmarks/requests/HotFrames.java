package repscorer.benchmarks.requests;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/** Where the samples of a flight recording lie: the methods on top, and ours that they were called from. */
final class HotFrames {

    private static final int FRAMES_MAX = 20;
    private static final List<String> SAMPLES = List.of("jdk.ExecutionSample", "jdk.CPUTimeSample");

    private HotFrames() {}

    static List<String> lines(Path recording) throws IOException {
        Map<String, Integer> counts = new TreeMap<>();
        int samples = 0;
        try (RecordingFile file = new RecordingFile(recording)) {
            while (file.hasMoreEvents()) {
                RecordedEvent event = file.readEvent();
                if (SAMPLES.contains(event.getEventType().getName()) && event.getStackTrace() != null) {
                    samples++;
                    counts.merge(frame(event.getStackTrace().getFrames()), 1, Integer::sum);
                }
            }
        }
        int all = samples;
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder()))
                .limit(FRAMES_MAX)
                .map(entry ->
                        String.format(Locale.ROOT, "%5.1f %%  %s", 100.0 * entry.getValue() / all, entry.getKey()))
                .toList();
    }

    private static String frame(List<RecordedFrame> frames) {
        String top = name(frames.getFirst());
        if (top.startsWith("repscorer.")) {
            return top;
        }
        return frames.stream()
                .map(HotFrames::name)
                .filter(name -> name.startsWith("repscorer."))
                .findFirst()
                .map(ours -> top + "  <-  " + ours)
                .orElse(top);
    }

    private static String name(RecordedFrame frame) {
        return frame.getMethod().getType().getName() + "." + frame.getMethod().getName();
    }
}
