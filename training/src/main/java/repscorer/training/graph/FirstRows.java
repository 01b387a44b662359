package repscorer.training.graph;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import repscorer.training.plan.RelationPlan;

/** Tells from a file's first rows that it begins with comments or a header, which would become edges. One per file. */
final class FirstRows {

    /*
     * Rows before the first that begins otherwise are comments where they begin with # or %, and a few at most: hashtags begin
     * so too, but then all rows do. A first row is a header where its ends are words and those of the next are numbers, or where
     * both are what columns are called.
     */

    private static final int COMMENTS_MAX = 100;

    private static final Set<String> NAMES = Set.of(
            "from",
            "to",
            "source",
            "target",
            "src",
            "dst",
            "dest",
            "head",
            "tail",
            "user",
            "item",
            "node",
            "id",
            "friend",
            "follower",
            "followee",
            "fromnode",
            "tonode",
            "fromnodeid",
            "tonodeid",
            "fromid",
            "toid",
            "sourceid",
            "targetid",
            "srcid",
            "dstid",
            "headid",
            "tailid",
            "userid",
            "itemid",
            "nodeid",
            "friendid",
            "followerid",
            "followeeid",
            "movieid",
            "artistid",
            "bookid",
            "tagid",
            "businessid",
            "locationid",
            "nodea",
            "nodeb",
            "node1",
            "node2",
            "subject",
            "object",
            "uid",
            "iid");

    private final RelationPlan plan;
    private final RowParser parser;
    private final Path file;
    private int rows;
    private byte sign;
    private String first = "";
    private List<String> ends = List.of();
    private boolean told;

    FirstRows(RelationPlan plan, RowParser parser, Path file) {
        this.plan = plan;
        this.parser = parser;
        this.file = file;
        told = plan.header().isPresent() && !plan.header().get();
    }

    /**
     * Looks at a row that the plan does not take for a comment.
     *
     * @return whether it is the header that the plan speaks of
     * @throws DataException when the rows before it look like comments or a header, and the plan says nothing of them
     */
    boolean header(byte[] buffer, int from, int to) {
        if (told) {
            return false;
        }
        rows++;
        boolean signed = buffer[from] == '#' || buffer[from] == '%';
        if (rows == 1) {
            if (plan.header().orElse(false)) {
                told = true;
                return true;
            }
            first = new String(buffer, from, Math.min(to - from, 80), StandardCharsets.UTF_8);
            sign = signed ? buffer[from] : 0;
            ends = parser.ends(buffer, from, to);
            return false;
        }
        if (sign != 0 && buffer[from] == sign) {
            told = rows > COMMENTS_MAX;
            return false;
        }
        told = true;
        if (sign != 0) {
            throw refused(
                    "comments", "comment: '%c' in the plan, or header: false where they are edges".formatted(sign));
        }
        List<String> next = parser.ends(buffer, from, to);
        if (!ends.isEmpty() && !next.isEmpty() && (names(ends) || (words(ends) && numbers(next)))) {
            throw refused("a header", "header: true in the plan, or header: false where it is an edge");
        }
        return false;
    }

    private DataException refused(String what, String remedy) {
        return new DataException("the file begins with what looks like %s: '%s' in %s (relation %s); say %s"
                .formatted(what, first, file.getFileName(), plan.name(), remedy));
    }

    private static boolean names(List<String> fields) {
        return fields.stream()
                .map(field -> field.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", ""))
                .allMatch(NAMES::contains);
    }

    private static boolean words(List<String> fields) {
        return fields.stream()
                .allMatch(field -> !field.isEmpty() && field.chars().noneMatch(c -> c >= '0' && c <= '9'));
    }

    private static boolean numbers(List<String> fields) {
        return fields.stream()
                .allMatch(field -> !field.isEmpty() && field.chars().allMatch(c -> c >= '0' && c <= '9'));
    }
}
