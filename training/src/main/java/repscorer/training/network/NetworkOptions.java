package repscorer.training.network;

/**
 * How large a network is made.
 *
 * @param users 50 to 10 million
 * @param tweets 1 to 100 million
 * @param topics communities, 2 to {@value #TOPICS_MAX}
 * @param seed of every random choice: equal options, equal bytes
 */
public record NetworkOptions(int users, int tweets, int topics, long seed) {

    public static final int TOPICS_MAX = 32;

    public static final NetworkOptions DEFAULT = new NetworkOptions(4_000, 12_000, TOPICS_MAX, 1);

    public NetworkOptions {
        check("users", users, 50, 10_000_000);
        check("tweets", tweets, 1, 100_000_000);
        check("topics", topics, 2, TOPICS_MAX);
    }

    private static void check(String key, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException("%s must be %s to %s: %s".formatted(key, least, most, value));
        }
    }
}
