package repscorer.api.engine;

import java.nio.file.Path;

/** Where the store keeps its releases. */
public record StoreDirectory(Path path) {

    /** The data directory, which it is in. */
    public Path data() {
        Path parent = path.toAbsolutePath().normalize().getParent();
        return parent == null ? path : parent;
    }

    /** Words for callers: files are named from the data directory on, whose own place is nobody else's concern. */
    public String told(String words) {
        Path data = path.toAbsolutePath().normalize().getParent();
        String told = words.replace(data + "/", "").replace(String.valueOf(data), "the data directory");
        Path given = path.getParent();
        return given == null ? told : told.replace(given + "/", "");
    }
}
