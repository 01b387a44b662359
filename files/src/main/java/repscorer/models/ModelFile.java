package repscorer.models;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import repscorer.core.blend.Calibration;
import repscorer.core.model.LinearMargin;
import repscorer.core.model.Margin;
import repscorer.core.model.ModelFeature;
import repscorer.core.model.RankModel;
import repscorer.core.model.TreeMargin;
import repscorer.yaml.JacksonFailures;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A model and what was told of its training, as a file. Equal values have equal bytes.
 *
 * @param learnt what it was learnt from and how it was judged, for people: by name, as text
 */
public record ModelFile(RankModel model, SortedMap<String, String> learnt) {

    /** What a file may have. */
    public static final int BYTES_MAX = 1 << 26;

    /** Ends the names of such files. */
    public static final String SUFFIX = ".json";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    public ModelFile {
        learnt = Collections.unmodifiableSortedMap(new TreeMap<>(learnt));
    }

    /** The file's text: a tree a line. */
    public byte[] toBytes() {
        StringBuilder text = new StringBuilder("{\n");
        line(text, "model", JSON.writeValueAsString(model.name()));
        line(text, "digest", JSON.writeValueAsString(model.digest()));
        line(
                text,
                "features",
                JSON.writeValueAsString(
                        model.features().stream().map(ModelFeature::text).toList()));
        switch (model.margin()) {
            case LinearMargin linear -> linear(text, linear);
            case TreeMargin trees -> trees(text, trees);
        }
        List<Calibration.Point> points = model.calibration().points();
        line(
                text,
                "calibration",
                "{\"margins\": %s, \"probabilities\": %s}"
                        .formatted(
                                list(points, Calibration.Point::score), list(points, Calibration.Point::probability)));
        line(
                text,
                "spread",
                "{\"mean\": %s, \"deviation\": %s}"
                        .formatted(model.spread().mean(), model.spread().deviation()));
        text.append("\"learnt\": ").append(JSON.writeValueAsString(learnt)).append("\n}\n");
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void line(StringBuilder text, String key, String value) {
        text.append('"').append(key).append("\": ").append(value).append(",\n");
    }

    private static <T> String list(List<T> values, Function<T, Object> of) {
        return values.stream().map(of).toList().toString();
    }

    private static void linear(StringBuilder text, LinearMargin linear) {
        List<LinearMargin.Term> terms = linear.terms();
        line(
                text,
                "linear",
                "{\"intercept\": %s,\n \"logarithmic\": %s,\n \"means\": %s,\n \"deviations\": %s,\n \"weights\": %s,\n \"missing\": %s}"
                        .formatted(
                                linear.intercept(),
                                list(terms, LinearMargin.Term::logarithmic),
                                list(terms, LinearMargin.Term::mean),
                                list(terms, LinearMargin.Term::deviation),
                                list(terms, LinearMargin.Term::weight),
                                list(terms, LinearMargin.Term::missing)));
    }

    private static void trees(StringBuilder text, TreeMargin trees) {
        List<String> told = new ArrayList<>();
        for (int t = 0; t < trees.trees(); t++) {
            List<TreeMargin.Node> tree = trees.tree(t);
            told.add("{\"features\": %s, \"values\": %s, \"left\": %s, \"missing-left\": %s, \"cover\": %s}"
                    .formatted(
                            list(tree, TreeMargin.Node::feature),
                            list(tree, TreeMargin.Node::value),
                            list(tree, TreeMargin.Node::left),
                            list(tree, TreeMargin.Node::missingLeft),
                            list(tree, TreeMargin.Node::cover)));
        }
        line(text, "trees", "{\"bias\": %s, \"of\": [\n%s]}".formatted(trees.bias(), String.join(",\n", told)));
    }

    /**
     * Reads a file's text.
     *
     * @throws IllegalArgumentException naming the key and the rule that it breaks
     */
    public static ModelFile of(String text) {
        try {
            JsonNode tree = JSON.readTree(text);
            if (!(tree instanceof ObjectNode file)) {
                throw new IllegalArgumentException("a model is keys and values");
            }
            return of(new Place("", file));
        } catch (JacksonException e) {
            throw new IllegalArgumentException("no JSON: " + JacksonFailures.words(e), e);
        }
    }

    private static ModelFile of(Place file) {
        boolean isLinear = file.tree.has("linear");
        file.known("model", "digest", "features", isLinear ? "linear" : "trees", "calibration", "spread", "learnt");
        List<ModelFeature> features = new ArrayList<>();
        for (String feature : file.texts("features")) {
            features.add(file.checked("features", () -> ModelFeature.parse(feature)));
        }
        Margin margin =
                isLinear ? linear(file.child("linear"), features.size()) : trees(file.child("trees"), features.size());
        Place points = file.child("calibration").known("margins", "probabilities");
        Place spread = file.child("spread").known("mean", "deviation");
        double[] margins = points.numbers("margins");
        double[] probabilities = points.numbers("probabilities", margins.length);
        RankModel model = file.checked("", () -> {
            List<Calibration.Point> all = new ArrayList<>();
            for (int i = 0; i < margins.length; i++) {
                all.add(new Calibration.Point(margins[i], probabilities[i]));
            }
            return new RankModel(
                    file.text("model"),
                    features,
                    margin,
                    new Calibration(all),
                    new RankModel.Spread(spread.number("mean"), spread.number("deviation")));
        });
        if (!model.digest().equals(file.text("digest"))) {
            throw new IllegalArgumentException(
                    "digest: must be that of the model, %s: '%s'".formatted(model.digest(), file.text("digest")));
        }
        SortedMap<String, String> learnt = new TreeMap<>();
        Place told = file.child("learnt");
        told.tree.propertyNames().forEach(key -> learnt.put(key, told.text(key)));
        return new ModelFile(model, learnt);
    }

    private static Margin linear(Place at, int features) {
        at.known("intercept", "logarithmic", "means", "deviations", "weights", "missing");
        boolean[] logarithmic = at.truths("logarithmic", features);
        double[] means = at.numbers("means", features);
        double[] deviations = at.numbers("deviations", features);
        double[] weights = at.numbers("weights", features);
        double[] missing = at.numbers("missing", features);
        return at.checked("", () -> {
            List<LinearMargin.Term> terms = new ArrayList<>();
            for (int i = 0; i < features; i++) {
                terms.add(new LinearMargin.Term(logarithmic[i], means[i], deviations[i], weights[i], missing[i]));
            }
            return new LinearMargin(at.number("intercept"), terms);
        });
    }

    private static Margin trees(Place at, int features) {
        at.known("bias", "of");
        List<List<TreeMargin.Node>> trees = new ArrayList<>();
        for (Place tree : at.children("of")) {
            tree.known("features", "values", "left", "missing-left", "cover");
            double[] asked = tree.numbers("features");
            int nodes = asked.length;
            double[] values = tree.numbers("values", nodes);
            double[] left = tree.numbers("left", nodes);
            boolean[] missingLeft = tree.truths("missing-left", nodes);
            double[] cover = tree.numbers("cover", nodes);
            List<TreeMargin.Node> all = new ArrayList<>();
            for (int n = 0; n < nodes; n++) {
                all.add(new TreeMargin.Node(
                        (int) asked[n], (float) values[n], (int) left[n], missingLeft[n], cover[n]));
            }
            trees.add(all);
        }
        return at.checked("of", () -> new TreeMargin(at.number("bias"), features, trees));
    }

    /** The keys and values of one place. */
    private record Place(String path, ObjectNode tree) {

        IllegalArgumentException error(String key, String rule) {
            String place = path.isEmpty() || key.isEmpty() ? path + key : path + "." + key;
            return new IllegalArgumentException(place.isEmpty() ? rule : place + ": " + rule);
        }

        <T> T checked(String key, Supplier<T> value) {
            try {
                return value.get();
            } catch (IllegalArgumentException e) {
                throw error(key, String.valueOf(e.getMessage()));
            }
        }

        Place known(String... keys) {
            Set<String> all = Set.of(keys);
            for (String key : tree.propertyNames()) {
                if (!all.contains(key)) {
                    throw error(key, "unknown key; known are " + String.join(", ", keys));
                }
            }
            return this;
        }

        private JsonNode get(String key) {
            if (!tree.hasNonNull(key)) {
                throw error(key, "is missing");
            }
            return tree.get(key);
        }

        Place child(String key) {
            if (!(get(key) instanceof ObjectNode object)) {
                throw error(key, "must be keys and values");
            }
            return new Place(path.isEmpty() ? key : path + "." + key, object);
        }

        private ArrayNode list(String key) {
            if (!(get(key) instanceof ArrayNode list)) {
                throw error(key, "must be a list");
            }
            return list;
        }

        List<Place> children(String key) {
            List<Place> children = new ArrayList<>();
            for (JsonNode node : list(key)) {
                String place = "%s[%s]".formatted(path + "." + key, children.size());
                if (!(node instanceof ObjectNode object)) {
                    throw error(key, "must be keys and values: the one at %s".formatted(children.size()));
                }
                children.add(new Place(place, object));
            }
            return children;
        }

        String text(String key) {
            if (!get(key).isString()) {
                throw error(key, "must be text");
            }
            return get(key).stringValue();
        }

        List<String> texts(String key) {
            List<String> texts = new ArrayList<>();
            for (JsonNode node : list(key)) {
                if (!node.isString()) {
                    throw error(key, "must be texts");
                }
                texts.add(node.stringValue());
            }
            return texts;
        }

        double number(String key) {
            if (!get(key).isNumber()) {
                throw error(key, "must be a number");
            }
            return get(key).doubleValue();
        }

        double[] numbers(String key) {
            ArrayNode list = list(key);
            double[] numbers = new double[list.size()];
            for (int i = 0; i < numbers.length; i++) {
                if (!list.get(i).isNumber()) {
                    throw error(key, "must be numbers: the one at %s".formatted(i));
                }
                numbers[i] = list.get(i).doubleValue();
            }
            return numbers;
        }

        double[] numbers(String key, int count) {
            double[] numbers = numbers(key);
            if (numbers.length != count) {
                throw error(key, "must be %s numbers: %s".formatted(count, numbers.length));
            }
            return numbers;
        }

        boolean[] truths(String key, int count) {
            ArrayNode list = list(key);
            boolean[] truths = new boolean[list.size()];
            for (int i = 0; i < truths.length; i++) {
                if (!list.get(i).isBoolean()) {
                    throw error(key, "must be true or false: the one at %s".formatted(i));
                }
                truths[i] = list.get(i).booleanValue();
            }
            if (truths.length != count) {
                throw error(key, "must be %s: %s".formatted(count, truths.length));
            }
            return truths;
        }
    }
}
