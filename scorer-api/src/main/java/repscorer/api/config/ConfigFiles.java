package repscorer.api.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import repscorer.core.model.RankModel;
import repscorer.digest.Sha256;
import repscorer.models.ModelFile;
import repscorer.yaml.ConfigException;
import repscorer.yaml.YamlFile;

/**
 * What the files of a configuration directory held at one moment, each read once, so that what is checked, told and in force is the
 * same. Immutable.
 */
public final class ConfigFiles {

    static final String SERVICE = "scorer.yaml";
    static final String SIGNALS = "signals.yaml";
    static final String LAYERS = "layers.yaml";
    static final String SWITCHES = "switches.yaml";
    static final String TENANTS = "tenants.yaml";
    static final String SPACES = "spaces";
    static final String SURFACES = "surfaces";
    static final String EXPERIMENTS = "experiments";
    static final String SHADOWS = "shadows";
    static final String MODELS = "models";

    private static final List<String> FILES = List.of(SERVICE, SIGNALS, LAYERS, SWITCHES, TENANTS);
    private static final List<String> FOLDERS = List.of(SPACES, SURFACES, EXPERIMENTS, SHADOWS);

    /** Begins the names of what lies over the files. */
    public static final String API = "api/";

    /** What a configuration directory holds; trainings, models, demos and those who watch the service read the last four. */
    private static final List<String> KNOWN = Stream.of(
                    FILES, FOLDERS, List.of(MODELS, "training", "ranking", "demo", "observability"))
            .flatMap(List::stream)
            .toList();

    private final Path directory;

    /** By path below the directory, such as {@code surfaces/follow.yaml}. */
    private final SortedMap<String, String> texts = new TreeMap<>();

    private final SortedMap<String, String> digests = new TreeMap<>();
    private final Overlay overlay;

    /**
     * A document that says what an experiment is.
     *
     * @param place the file below the directory, or what stands for the API
     * @param digest the SHA-256 of the text, hexadecimal
     * @param ofApi whether it was said over the API, and not by a file
     */
    public record Document(String place, String text, String digest, boolean ofApi) {}

    private ConfigFiles(Path directory, Overlay overlay) {
        this.directory = directory;
        this.overlay = overlay;
    }

    /** @throws ConfigException where the directory is missing, holds what nobody would read, or a file cannot be read */
    public static ConfigFiles read(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new ConfigException("the configuration directory is missing: " + directory);
        }
        ConfigFiles files = new ConfigFiles(directory, Overlay.NONE);
        refuseOthers(directory, path -> KNOWN.contains(String.valueOf(path.getFileName())), "known are " + KNOWN);
        for (String name : FILES) {
            if (Files.exists(directory.resolve(name))) {
                files.take(name);
            }
        }
        for (String folder : FOLDERS) {
            for (Path path : files(directory.resolve(folder), ".yaml")) {
                files.take(folder + "/" + path.getFileName());
            }
        }
        for (Path path : files(directory.resolve(MODELS), ModelFile.SUFFIX)) {
            files.take(MODELS + "/" + path.getFileName());
        }
        return files;
    }

    /** The same files under another overlay. */
    public ConfigFiles with(Overlay other) {
        ConfigFiles files = new ConfigFiles(directory, other);
        texts.forEach((name, text) -> {
            if (!name.startsWith(API)) {
                files.texts.put(name, text);
                files.digests.put(name, String.valueOf(digests.get(name)));
            }
        });
        other.experiments().forEach((name, text) -> files.take(API + EXPERIMENTS + "/" + name, text));
        if (!other.switches().isEmpty()) {
            files.take(API + "switches", other.switched());
        }
        if (!other.stopped().isEmpty()) {
            files.take(API + "stopped", other.stops());
        }
        other.canary().ifPresent(canary -> files.take(API + "canary", canary.toText()));
        return files;
    }

    /** The same with one file as it is now on the disk, or gone from it. */
    public ConfigFiles withSwitchesOf(ConfigFiles now) {
        ConfigFiles files = with(overlay);
        files.texts.remove(SWITCHES);
        files.digests.remove(SWITCHES);
        String text = now.texts.get(SWITCHES);
        if (text != null) {
            files.take(SWITCHES, text);
        }
        return files;
    }

    /** Reads {@code switches.yaml} alone. Throws as {@link #read}. */
    public static ConfigFiles switches(Path directory) {
        ConfigFiles files = new ConfigFiles(directory, Overlay.NONE);
        if (Files.exists(directory.resolve(SWITCHES))) {
            files.take(SWITCHES);
        }
        return files;
    }

    public Path directory() {
        return directory;
    }

    /** What lies over the files. */
    public Overlay overlay() {
        return overlay;
    }

    /** What says what each experiment is, by its name: of the API where that said it, whatever a file says. */
    public SortedMap<String, Document> documents() {
        SortedMap<String, Document> documents = new TreeMap<>();
        for (String place : List.of(EXPERIMENTS + "/", API + EXPERIMENTS + "/")) {
            texts.forEach((name, text) -> {
                if (name.startsWith(place)) {
                    documents.put(
                            experiment(file(name)),
                            new Document(name, text, String.valueOf(digests.get(name)), place.startsWith(API)));
                }
            });
        }
        return documents;
    }

    /** The name of the experiment in a file. */
    static String experiment(YamlFile file) {
        return file.tree().path("experiment").asString("");
    }

    /** The SHA-256 of each file in hexadecimal, by its path below the directory. */
    public SortedMap<String, String> digests() {
        return new TreeMap<>(digests);
    }

    boolean has(String name) {
        return texts.containsKey(name);
    }

    /** A file's keys and values; one without keys where it is not there. */
    YamlFile file(String name) {
        String called = name.startsWith(API) ? name : directory.resolve(name).toString();
        String text = texts.get(name);
        return text == null ? ServiceYaml.empty(called) : ServiceYaml.parse(called, text);
    }

    /** The files of a folder, in the order of their names. */
    List<YamlFile> folder(String folder) {
        return texts.keySet().stream()
                .filter(name -> name.startsWith(folder + "/"))
                .map(this::file)
                .toList();
    }

    /**
     * The models there are, by name.
     *
     * @throws ConfigException naming the file and the rule that it breaks
     */
    SortedMap<String, RankModel> models() {
        SortedMap<String, RankModel> models = new TreeMap<>();
        texts.forEach((name, text) -> {
            if (name.startsWith(MODELS + "/")) {
                models.put(
                        name.substring(MODELS.length() + 1, name.length() - ModelFile.SUFFIX.length()),
                        model(name, text));
            }
        });
        return models;
    }

    private RankModel model(String name, String text) {
        try {
            RankModel model = ModelFile.of(text).model();
            if (!name.equals(MODELS + "/" + model.name() + ModelFile.SUFFIX)) {
                throw new IllegalArgumentException(
                        "model: must be what the file is called: '%s'".formatted(model.name()));
            }
            return model;
        } catch (IllegalArgumentException e) {
            throw new ConfigException("%s: %s".formatted(directory.resolve(name), e.getMessage()), e);
        }
    }

    /** What was said of an experiment over the API. */
    YamlFile ofApi(String experiment) {
        return file(API + EXPERIMENTS + "/" + experiment);
    }

    private void take(String name, String text) {
        texts.put(name, text);
        digests.put(name, Sha256.hex(text));
    }

    private void take(String name) {
        Path path = directory.resolve(name);
        try {
            byte[] bytes = Files.readAllBytes(path);
            texts.put(
                    name,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes))
                            .toString());
            digests.put(name, Sha256.hex(bytes));
        } catch (CharacterCodingException e) {
            throw new ConfigException(path + ": the file is not UTF-8", e);
        } catch (IOException e) {
            throw new ConfigException("%s: the file cannot be read: %s".formatted(path, e), e);
        }
    }

    private static List<Path> files(Path directory, String suffix) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        return refuseOthers(
                directory,
                path -> path.toString().endsWith(suffix) && Files.isRegularFile(path),
                "files here end in " + suffix);
    }

    /** What a directory holds; hidden files are others' and are not read. Refuses what nobody would read. */
    private static List<Path> refuseOthers(Path directory, Predicate<Path> known, String rule) {
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> seen = files.filter(
                            file -> !String.valueOf(file.getFileName()).startsWith("."))
                    .sorted()
                    .toList();
            for (Path file : seen) {
                if (!known.test(file)) {
                    throw new ConfigException("%s is not read by the service; %s".formatted(file, rule));
                }
            }
            return seen;
        } catch (IOException e) {
            throw new ConfigException("%s: the directory cannot be read: %s".formatted(directory, e), e);
        }
    }
}
