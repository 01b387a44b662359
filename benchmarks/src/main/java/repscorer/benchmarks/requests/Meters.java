package repscorer.benchmarks.requests;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a service says of itself at one moment. */
record Meters(double allocated, Map<String, Double> stageSeconds) {

    private static final Pattern LINE = Pattern.compile(
            "(?m)^(jvm_gc_memory_allocated_bytes_total|repscorer_stage_seconds_sum)(\\{[^}]*})? (\\S+)$");
    private static final Pattern STAGE = Pattern.compile("stage=\"([^\"]+)\"");

    static Meters of(URI service) throws IOException, InterruptedException {
        String text;
        try (HttpClient http = HttpClient.newHttpClient()) {
            text = http.send(
                            HttpRequest.newBuilder(URI.create(service + "/actuator/prometheus"))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        }
        double allocated = 0;
        Map<String, Double> stages = new TreeMap<>();
        Matcher line = LINE.matcher(text);
        while (line.find()) {
            double value = Double.parseDouble(line.group(3));
            Matcher stage = STAGE.matcher(String.valueOf(line.group(2)));
            if (stage.find()) {
                stages.merge(stage.group(1), value, Double::sum);
            } else {
                allocated += value;
            }
        }
        return new Meters(allocated, stages);
    }
}
