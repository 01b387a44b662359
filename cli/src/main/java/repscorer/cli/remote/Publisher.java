package repscorer.cli.remote;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import repscorer.cli.console.ProgressLine;
import repscorer.cli.console.UserError;
import repscorer.client.Promotions.Terms;
import repscorer.client.ScorerClient;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.wire.ReleaseBody;

/** Uploads a directory of embedding files through the SDK, then publishes them as one release. */
public final class Publisher {

    private Publisher() {}

    /**
     * Uploads every embedding file of a directory, then publishes.
     *
     * @param terms what it may lack of the live release, and fail
     * @param staged whether it does not go live but waits for its promotion
     */
    public static ReleaseBody publish(
            ScorerClient client, Path directory, String release, Terms terms, boolean staged, ProgressLine progress)
            throws IOException {
        List<Path> files = embeddingFiles(directory);
        for (int i = 0; i < files.size(); i++) {
            String name = files.get(i).getFileName().toString();
            String space = name.substring(0, name.length() - EmbeddingFile.SUFFIX.length());
            progress.update("uploading", i, files.size(), space);
            client.stage(release, space, files.get(i));
        }
        progress.update("building and checking indexes", 0, 0, "");
        ReleaseBody body = staged
                ? client.publishStaged(release, terms.partial(), terms.carry())
                : client.promotions().publish(release, terms);
        progress.clear();
        return body;
    }

    /** The embedding files of a directory, in the order of their names. */
    static List<Path> embeddingFiles(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new UserError("no such directory: " + directory);
        }
        try (Stream<Path> entries = Files.list(directory)) {
            List<Path> files = entries.filter(file -> {
                        String name = file.getFileName().toString();
                        return name.endsWith(EmbeddingFile.SUFFIX) && !name.startsWith("."); // hidden ones are others'
                    })
                    .sorted()
                    .toList();
            if (files.isEmpty()) {
                throw new UserError("no %s files in %s".formatted(EmbeddingFile.SUFFIX, directory));
            }
            return files;
        }
    }
}
