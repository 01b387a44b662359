package repscorer.core.model;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import repscorer.core.blend.Calibration;
import repscorer.digest.Sha256;

/**
 * A model that makes a probability of features of a candidate. Immutable, safe for concurrent use; two are equal where their digests are.
 */
public final class RankModel {

    /*
     * A margin becomes a probability by straight lines between the points of a calibration. Beyond the first and the last point it goes on as
     * the logistic curve through that point, so that candidates at the ends still differ.
     */

    public static final int FEATURES_MAX = 1_000;

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");

    private final String name;
    private final List<ModelFeature> features;
    private final Margin margin;
    private final Calibration calibration;
    private final Spread spread;
    private final String digest;

    /**
     * How the probabilities lay where the model was learnt, which the {@code fixed} scale goes by.
     *
     * @param deviation above 0
     */
    public record Spread(double mean, double deviation) {
        public Spread {
            if (!(mean >= 0 && mean <= 1) || !(deviation > 0 && deviation <= 1)) {
                throw new IllegalArgumentException("probabilities have a mean of 0 to 1 and a deviation above 0: %s, %s"
                        .formatted(mean, deviation));
            }
        }
    }

    /**
     * @param features one for each place in the margin's rows
     * @param calibration of margins
     * @throws IllegalArgumentException where features repeat, or are not as many as the margin has
     */
    public RankModel(String name, List<ModelFeature> features, Margin margin, Calibration calibration, Spread spread) {
        this.name = name;
        this.features = List.copyOf(features);
        this.margin = margin;
        this.calibration = calibration;
        this.spread = spread;
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a model's name is 1 to 64 lower-case letters, digits and hyphens, beginning with a letter: '%s'"
                            .formatted(name));
        }
        if (features.isEmpty() || features.size() > FEATURES_MAX || features.size() != margin.features()) {
            throw new IllegalArgumentException("model %s has 1 to %s features, as many as its margin: %s, %s"
                    .formatted(name, FEATURES_MAX, features.size(), margin.features()));
        }
        HashSet<ModelFeature> distinct = new HashSet<>();
        for (ModelFeature feature : features) {
            if (!distinct.add(feature)) {
                throw new IllegalArgumentException(
                        "features of a model must differ: '%s' twice (model %s)".formatted(feature.text(), name));
            }
        }
        this.digest = digest(this);
    }

    public String name() {
        return name;
    }

    public List<ModelFeature> features() {
        return features;
    }

    public Margin margin() {
        return margin;
    }

    public Calibration calibration() {
        return calibration;
    }

    public Spread spread() {
        return spread;
    }

    /** SHA-256 of all that decides what it answers, hexadecimal. */
    public String digest() {
        return digest;
    }

    /** The probability of a row of features, NaN for those that are missing. Allocates nothing. */
    public double probability(float[] row) {
        return probability(margin.of(row));
    }

    /** The probability at a margin. O(log points). */
    public double probability(double margin) {
        List<Calibration.Point> points = calibration.points();
        Calibration.Point first = points.getFirst();
        Calibration.Point last = points.getLast();
        if (margin < first.score()) {
            return beyond(first, margin);
        }
        return margin > last.score() ? beyond(last, margin) : calibration.probability(margin);
    }

    private static double beyond(Calibration.Point end, double margin) {
        double p = end.probability();
        return p <= 0 || p >= 1 ? p : 1 / (1 + (1 - p) / p * Math.exp(end.score() - margin));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RankModel model && model.digest.equals(digest);
    }

    @Override
    public int hashCode() {
        return digest.hashCode();
    }

    @Override
    public String toString() {
        return "%s (%s)".formatted(name, digest.substring(0, 12));
    }

    private static String digest(RankModel model) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(model.name);
            out.writeInt(model.features.size());
            for (ModelFeature feature : model.features) {
                out.writeUTF(feature.text());
            }
            write(model.margin, out);
            for (Calibration.Point point : model.calibration.points()) {
                out.writeDouble(point.score());
                out.writeDouble(point.probability());
            }
            out.writeDouble(model.spread.mean);
            out.writeDouble(model.spread.deviation);
            return Sha256.hex(bytes.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Margin margin, DataOutputStream out) throws IOException {
        switch (margin) {
            case LinearMargin linear -> {
                out.writeUTF("linear");
                out.writeDouble(linear.intercept());
                for (LinearMargin.Term term : linear.terms()) {
                    out.writeBoolean(term.logarithmic());
                    out.writeDouble(term.mean());
                    out.writeDouble(term.deviation());
                    out.writeDouble(term.weight());
                    out.writeDouble(term.missing());
                }
            }
            case TreeMargin trees -> {
                out.writeUTF("trees");
                out.writeDouble(trees.bias());
                for (int t = 0; t < trees.trees(); t++) {
                    List<TreeMargin.Node> tree = trees.tree(t);
                    out.writeInt(tree.size());
                    for (TreeMargin.Node node : tree) {
                        out.writeInt(node.feature());
                        out.writeFloat(node.value());
                        out.writeInt(node.left());
                        out.writeBoolean(node.missingLeft());
                        out.writeDouble(node.cover());
                    }
                }
            }
        }
    }
}
