package repscorer.api.engine;

import java.nio.file.Path;

/** Where the store keeps its releases. */
public record StoreDirectory(Path path) {}
