package repscorer.training.network;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;

/**
 * Makes a social network with named communities and writes it as edge files.
 */
public final class SyntheticNetwork {

    /*
     * Every user has one to three topics; the first is the planted community. Whom to follow is drawn from one's own topics,
     * in proportion to a fame that falls off as 1/rank, with some follows going to the few whom everyone knows and some to
     * anybody. Tweets are about their authors' topics; they are liked, retweeted and answered by followers, by readers of the
     * topic, and by passers-by. Times lie within two weeks before a fixed instant, engagements some hours after the tweet.
     *
     * Files, tab-separated: follow, favorite, retweet, reply, author (user, other end, seconds since 1970), interest (user,
     * topic), about (tweet, topic), each .tsv.gz; labels.tsv (id, words a person can judge by); text-user, text-topic
     * and text-tweet, each .jsonl: handles, names, and what tweets say, which seldom is what they are about; truth.tsv (user, community,
     * all topics). What AdNetwork adds has chance of its own.
     */

    /** 2026-11-01T00:00:00Z. */
    private static final long NOW_SECONDS = 1_793_491_200L;

    private static final long SPAN_SECONDS = 14L * 24 * 3600;

    private static final double FOLLOWEES_MEAN = 24;
    private static final double FAVORITES_MEAN = 26;

    private final NetworkOptions options;
    private final SplittableRandom random;
    private final List<Words.Topic> topics;
    private final int[][] topicsOfUser;
    private final List<List<Integer>> usersOfTopic = new ArrayList<>();
    private final List<List<Integer>> tweetsOfTopic = new ArrayList<>();
    private final List<List<Integer>> tweetsOfUser = new ArrayList<>();
    private final int[] everyoneKnows;
    private final String[] handles;
    private final int[] author;
    private final int[] topicOfTweet;
    private final long[] timeOfTweet;
    private final Map<String, Integer> edges = new LinkedHashMap<>();

    private SyntheticNetwork(NetworkOptions options) {
        this.options = options;
        random = new SplittableRandom(options.seed());
        topics = Words.TOPICS.subList(0, options.topics());
        topicsOfUser = new int[options.users()][];
        handles = new String[options.users()];
        author = new int[options.tweets()];
        topicOfTweet = new int[options.tweets()];
        timeOfTweet = new long[options.tweets()];
        everyoneKnows = random.ints(Math.max(3, options.users() / 50), 0, options.users())
                .toArray();
    }

    /**
     * Makes a network and writes it.
     *
     * @param directory created where it is missing; files of the same names are replaced
     * @throws IOException when the disk refuses
     */
    public static NetworkSummary write(NetworkOptions options, Path directory) throws IOException {
        Files.createDirectories(directory);
        return new SyntheticNetwork(options).write(directory);
    }

    private NetworkSummary write(Path directory) throws IOException {
        makeUsers();
        List<int[]> followees = makeFollows();
        makeTweets();
        writeFollows(directory, followees);
        writeTweets(directory);
        writeEngagements(directory, followees);
        writeInterests(directory);
        writeLabels(directory);
        edges.putAll(new AdNetwork(options, topicsOfUser, NOW_SECONDS).write(directory));
        return new NetworkSummary(options.users(), options.tweets(), topics.size(), edges);
    }

    // ---- people ----

    private void makeUsers() {
        double[] sizes = new double[topics.size()];
        for (int t = 0; t < sizes.length; t++) {
            sizes[t] = 1 / (1 + 0.04 * t);
            usersOfTopic.add(new ArrayList<>());
            tweetsOfTopic.add(new ArrayList<>());
        }
        Set<String> taken = new LinkedHashSet<>();
        for (int u = 0; u < options.users(); u++) {
            LinkedHashSet<Integer> own = new LinkedHashSet<>();
            own.add(draw(sizes));
            int wanted = 1 + (random.nextDouble() < 0.55 ? 1 : 0) + (random.nextDouble() < 0.25 ? 1 : 0);
            for (int tries = 0; own.size() < Math.min(wanted, topics.size()) && tries < 50; tries++) {
                int other = random.nextInt(topics.size());
                boolean related = topics.get(other)
                        .group()
                        .equals(topics.get(own.getFirst()).group());
                if (related || random.nextDouble() < 0.25) {
                    own.add(other);
                }
            }
            topicsOfUser[u] = own.stream().mapToInt(Integer::intValue).toArray();
            for (int t : topicsOfUser[u]) {
                usersOfTopic.get(t).add(u);
            }
            tweetsOfUser.add(new ArrayList<>());
            handles[u] = handle(topics.get(topicsOfUser[u][0]).name(), taken);
        }
    }

    private String handle(String topic, Set<String> taken) {
        String plain =
                "@" + Words.FIRST_NAMES.get(random.nextInt(Words.FIRST_NAMES.size())) + "_" + topic.replace("-", "");
        String handle = plain;
        for (int n = 2; !taken.add(handle); n++) {
            handle = plain + n;
        }
        return handle;
    }

    private List<int[]> makeFollows() {
        List<int[]> followees = new ArrayList<>();
        for (int u = 0; u < options.users(); u++) {
            LinkedHashSet<Integer> chosen = new LinkedHashSet<>();
            int wanted = Math.min(3 + heavyTailed(FOLLOWEES_MEAN - 3), options.users() / 4);
            for (int tries = 0; chosen.size() < wanted && tries < 20 * wanted; tries++) {
                double kind = random.nextDouble();
                int other;
                if (kind < 0.8) {
                    List<Integer> peers = usersOfTopic.get(favouriteTopic(u));
                    other = peers.get(byFame(peers.size()));
                } else if (kind < 0.88) {
                    other = everyoneKnows[byFame(everyoneKnows.length)];
                } else {
                    other = random.nextInt(options.users());
                }
                if (other != u) {
                    chosen.add(other);
                }
            }
            followees.add(chosen.stream().mapToInt(Integer::intValue).toArray());
        }
        return followees;
    }

    /** One of a user's topics, the first most often. */
    private int favouriteTopic(int user) {
        int[] own = topicsOfUser[user];
        return random.nextDouble() < 0.6 ? own[0] : own[random.nextInt(own.length)];
    }

    // ---- tweets ----

    private void makeTweets() {
        for (int w = 0; w < options.tweets(); w++) {
            int u = random.nextInt(options.users());
            author[w] = u;
            topicOfTweet[w] = random.nextDouble() < 0.9 ? favouriteTopic(u) : random.nextInt(topics.size());
            timeOfTweet[w] = NOW_SECONDS - 1 - (long) (random.nextDouble() * (SPAN_SECONDS - 1));
            tweetsOfTopic.get(topicOfTweet[w]).add(w);
            tweetsOfUser.get(u).add(w);
        }
    }

    private int engagedTweet(int user, int[] followees) {
        for (int tries = 0; tries < 8; tries++) {
            double kind = random.nextDouble();
            List<Integer> from;
            if (kind < 0.4 && followees.length > 0) {
                from = tweetsOfUser.get(followees[random.nextInt(followees.length)]);
            } else if (kind < 0.88) {
                from = tweetsOfTopic.get(favouriteTopic(user));
            } else {
                return random.nextInt(options.tweets());
            }
            if (!from.isEmpty()) {
                int w = from.get(byFame(from.size()));
                // Followees tweet of other things, too, which interest less.
                if (kind >= 0.4 || isInterested(user, topicOfTweet[w]) || random.nextDouble() < 0.3) {
                    return w;
                }
            }
        }
        return random.nextInt(options.tweets());
    }

    private boolean isInterested(int user, int topic) {
        return Arrays.stream(topicsOfUser[user]).anyMatch(t -> t == topic);
    }

    // ---- files ----

    private void writeFollows(Path directory, List<int[]> followees) throws IOException {
        try (EdgeFile file = new EdgeFile(directory, "follow")) {
            for (int u = 0; u < options.users(); u++) {
                for (int other : followees.get(u)) {
                    file.row(u, other, NOW_SECONDS - 1 - (long) (random.nextDouble() * 10 * SPAN_SECONDS));
                }
            }
        }
    }

    private void writeTweets(Path directory) throws IOException {
        try (EdgeFile authors = new EdgeFile(directory, "author");
                EdgeFile about = new EdgeFile(directory, "about")) {
            for (int w = 0; w < options.tweets(); w++) {
                authors.row(author[w], w, timeOfTweet[w]);
                about.row(w, topics.get(topicOfTweet[w]).name());
            }
        }
    }

    private void writeEngagements(Path directory, List<int[]> followees) throws IOException {
        try (EdgeFile favorites = new EdgeFile(directory, "favorite");
                EdgeFile retweets = new EdgeFile(directory, "retweet");
                EdgeFile replies = new EdgeFile(directory, "reply")) {
            for (int u = 0; u < options.users(); u++) {
                Set<Integer> liked = new LinkedHashSet<>();
                int wanted = Math.min(2 + heavyTailed(FAVORITES_MEAN - 2), options.tweets() / 4);
                for (int i = 0; i < wanted; i++) {
                    int w = engagedTweet(u, followees.get(u));
                    if (author[w] == u || !liked.add(w)) {
                        continue;
                    }
                    favorites.row(u, w, afterTweet(w));
                    if (random.nextDouble() < 0.2) {
                        retweets.row(u, w, afterTweet(w));
                    }
                    if (random.nextDouble() < 0.1) {
                        replies.row(u, w, afterTweet(w));
                    }
                }
            }
        }
    }

    /** Some hours after a tweet, never after the network's present. */
    private long afterTweet(int tweet) {
        long later = timeOfTweet[tweet] + 1 + (long) (-Math.log(1 - random.nextDouble()) * 6 * 3600);
        return Math.min(later, NOW_SECONDS);
    }

    private void writeInterests(Path directory) throws IOException {
        try (EdgeFile file = new EdgeFile(directory, "interest")) {
            for (int u = 0; u < options.users(); u++) {
                LinkedHashSet<Integer> followed = new LinkedHashSet<>();
                for (int t : topicsOfUser[u]) {
                    if (random.nextDouble() < 0.9) {
                        followed.add(t);
                    }
                }
                if (random.nextDouble() < 0.15) {
                    followed.add(random.nextInt(topics.size()));
                }
                for (int t : followed) {
                    file.row(u, topics.get(t).name());
                }
            }
        }
    }

    private void writeLabels(Path directory) throws IOException {
        try (BufferedWriter labels = Files.newBufferedWriter(directory.resolve("labels.tsv"));
                BufferedWriter truth = Files.newBufferedWriter(directory.resolve("truth.tsv"));
                BufferedWriter users = Files.newBufferedWriter(directory.resolve("text-user.jsonl"));
                BufferedWriter tweets = Files.newBufferedWriter(directory.resolve("text-tweet.jsonl"));
                BufferedWriter names = Files.newBufferedWriter(directory.resolve("text-topic.jsonl"))) {
            for (int u = 0; u < options.users(); u++) {
                String own = String.join(
                        ", ",
                        Arrays.stream(topicsOfUser[u])
                                .mapToObj(t -> topics.get(t).name())
                                .toList());
                labels.write("user:%s\t%s — %s\n".formatted(u, handles[u], own));
                users.write(text("user", Integer.toString(u), handles[u]));
                truth.write("user:%s\t%s\t%s\n"
                        .formatted(u, topics.get(topicsOfUser[u][0]).name(), own.replace(", ", ",")));
            }
            for (int w = 0; w < options.tweets(); w++) {
                Words.Topic topic = topics.get(topicOfTweet[w]);
                String says = sentence(topic);
                labels.write("tweet:%s\t%s on %s: \"%s\"\n".formatted(w, handles[author[w]], topic.name(), says));
                tweets.write(text("tweet", Integer.toString(w), says));
            }
            for (Words.Topic topic : topics) {
                labels.write("topic:%s\t%s\n".formatted(topic.name(), topic.name()));
                names.write(text("topic", topic.name(), topic.name().replace('-', ' ')));
            }
        }
    }

    private static String text(String kind, String value, String text) {
        return "{\"id\":\"%s:%s\",\"text\":\"%s\"}\n"
                .formatted(kind, value, text.replace("\\", "\\\\").replace("\"", "\\\""));
    }

    private String sentence(Words.Topic topic) {
        int first = random.nextInt(topic.phrases().size());
        int second = (first + 1 + random.nextInt(topic.phrases().size() - 1))
                % topic.phrases().size();
        return Words.SENTENCES
                .get(random.nextInt(Words.SENTENCES.size()))
                .formatted(topic.phrases().get(first), topic.phrases().get(second));
    }

    // ---- chance ----

    private int draw(double[] weights) {
        double left = random.nextDouble() * Arrays.stream(weights).sum();
        for (int i = 0; i < weights.length - 1; i++) {
            left -= weights[i];
            if (left < 0) {
                return i;
            }
        }
        return weights.length - 1;
    }

    /** 0 to n - 1, a small number more often: with density falling as 1/(rank + n/40). */
    private int byFame(int n) {
        double offset = 1 + n / 40.0;
        double drawn = offset * Math.pow((n + offset) / offset, random.nextDouble()) - offset;
        return Math.min(n - 1, (int) drawn);
    }

    /** A whole number from 0 on whose mean is near {@code mean}; a few are many times as large. */
    private int heavyTailed(double mean) {
        return (int) Math.min(mean * 12, mean * 0.5 * Math.pow(1 - random.nextDouble(), -0.5));
    }

    /** Takes rows of a relation, or of what else is told so. */
    static BufferedWriter rows(Path directory, String name) throws IOException {
        return new BufferedWriter(new OutputStreamWriter(
                new GZIPOutputStream(Files.newOutputStream(directory.resolve(name + ".tsv.gz"))),
                StandardCharsets.UTF_8));
    }

    /** One relation's rows, counted. */
    private final class EdgeFile implements AutoCloseable {
        private final String relation;
        private final BufferedWriter out;
        private int rows;

        EdgeFile(Path directory, String relation) throws IOException {
            this.relation = relation;
            out = rows(directory, relation);
        }

        void row(int head, int tail, long time) throws IOException {
            out.write(head + "\t" + tail + "\t" + time + "\n");
            rows++;
        }

        void row(int head, String tail) throws IOException {
            out.write(head + "\t" + tail + "\n");
            rows++;
        }

        @Override
        public void close() throws IOException {
            edges.put(relation, rows);
            out.close();
        }
    }
}
