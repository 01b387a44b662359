package repscorer.benchmarks.answers;

/**
 * One place where two answers differ.
 *
 * @param pointer a JSON pointer into the body, or {@code status}, {@code header NAME} or {@code body}
 * @param near whether both are numbers that differ by rounding alone
 */
record Difference(String pointer, String expected, String got, boolean near) {

    /** The pointer without places in lists: differences of one kind share it. */
    String kind() {
        return pointer.replaceAll("/\\d+(?=/|$)", "/*");
    }
}
