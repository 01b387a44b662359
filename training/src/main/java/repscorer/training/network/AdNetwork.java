package repscorer.training.network;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Advertisers, their ads, and what the people of a network did with those that they were shown. Its chance is its own: the rest of the
 * network is the same bytes with and without it.
 */
final class AdNetwork {

    /*
     * An advertiser has a topic, an ad mostly its advertiser's. Somebody clicks with the probability 1 / (1 + e^−z), where z is a base,
     * more where the ad's topic is one of theirs or of the same group as their first, and how well the ad is made. Half of what is shown is
     * about the person's own topics, the rest about anything. Clicks of an earlier time are edges to learn vectors from; the time after it is
     * written as impressions, with the probability that nobody but their maker knows.
     *
     * Files: click (user, ad, seconds), advertise (advertiser, ad), ad-about (ad, topic), impression (user, ad, seconds, 1 for a click,
     * probability), each .tsv.gz; ad-advertiser, ad-category, ad-value (what a click is worth), each .jsonl of rows; more lines of labels.tsv.
     */

    /** So many were shown to a person before. */
    static final int EARLIER = 30;

    /** And after that. */
    static final int LATER = 20;

    static final double BASE = -4.0;
    static final double OWN = 2.6;
    static final double RELATED = 0.6;
    static final double QUALITY = 0.4;

    private static final long DAY = 24L * 3600;
    private static final long EARLIER_FROM = 28 * DAY;
    private static final long LATER_FROM = 7 * DAY;

    private static final List<String> BRANDS =
            List.of("House", "Supply", "Society", "Market", "Works", "Corner", "Company", "Studio");

    private static final List<String> SLOGANS = List.of(
            "Ready for %s?",
            "It begins with %s.",
            "For those who know %s.",
            "This week: %s, for less.",
            "We deliver %s.",
            "Learn all about %s.");

    private final SplittableRandom random;
    private final int[][] topicsOfUser;
    private final List<Words.Topic> topics;
    private final long now;
    private final int[] topicOfAdvertiser;
    private final int[] advertiser; // by ad
    private final int[] topic;
    private final double[] quality;
    private final double[] value;
    private final List<List<Integer>> adsOfTopic = new ArrayList<>();

    AdNetwork(NetworkOptions options, int[][] topicsOfUser, long now) {
        random = new SplittableRandom(options.seed() ^ 0x4144_5645_5254L);
        this.topicsOfUser = topicsOfUser;
        this.topics = Words.TOPICS.subList(0, options.topics());
        this.now = now;
        int ads = Math.clamp(options.users() / 10, 8, 20_000);
        topicOfAdvertiser = random.ints(Math.max(3, ads / 10), 0, topics.size()).toArray();
        advertiser = new int[ads];
        topic = new int[ads];
        quality = new double[ads];
        value = new double[ads];
        topics.forEach(each -> adsOfTopic.add(new ArrayList<>()));
        for (int a = 0; a < ads; a++) {
            advertiser[a] = random.nextInt(topicOfAdvertiser.length);
            topic[a] = random.nextDouble() < 0.85 ? topicOfAdvertiser[advertiser[a]] : random.nextInt(topics.size());
            quality[a] = QUALITY * random.nextGaussian();
            value[a] = Math.max(2, Math.round(100 * Math.exp(0.6 * random.nextGaussian() - 1.2))) / 100.0;
            adsOfTopic.get(topic[a]).add(a);
        }
    }

    /** Writes all files; answers how many edges there are, by relation. */
    Map<String, Integer> write(Path directory) throws IOException {
        Map<String, Integer> edges = new LinkedHashMap<>();
        writeAds(directory);
        edges.put("advertise", advertiser.length);
        edges.put("ad-about", topic.length);
        int clicks = 0;
        try (BufferedWriter click = SyntheticNetwork.rows(directory, "click");
                BufferedWriter impressions = SyntheticNetwork.rows(directory, "impression")) {
            for (int user = 0; user < topicsOfUser.length; user++) {
                for (int i = 0; i < EARLIER; i++) {
                    int ad = shown(user);
                    long time = between(EARLIER_FROM, LATER_FROM);
                    if (random.nextDouble() < probability(user, ad)) {
                        click.write("%s\t%s\t%s\n".formatted(user, ad, time));
                        clicks++;
                    }
                }
                for (int i = 0; i < LATER; i++) {
                    int ad = shown(user);
                    long time = between(LATER_FROM, 0);
                    double probability = probability(user, ad);
                    int clicked = random.nextDouble() < probability ? 1 : 0;
                    impressions.write("%s\t%s\t%s\t%s\t%s\n".formatted(user, ad, time, clicked, probability));
                }
            }
        }
        edges.put("click", clicks);
        return edges;
    }

    private int shown(int user) {
        List<Integer> own = adsOfTopic.get(topicsOfUser[user][random.nextInt(topicsOfUser[user].length)]);
        return random.nextDouble() < 0.5 && !own.isEmpty()
                ? own.get(random.nextInt(own.size()))
                : random.nextInt(topic.length);
    }

    /** With which somebody clicks. */
    private double probability(int user, int ad) {
        int[] own = topicsOfUser[user];
        double interest = Arrays.stream(own).anyMatch(t -> t == topic[ad])
                ? OWN
                : topics.get(own[0]).group().equals(topics.get(topic[ad]).group()) ? RELATED : 0;
        return 1 / (1 + Math.exp(-(BASE + interest + quality[ad])));
    }

    private long between(long earliest, long latest) {
        return now - 1 - latest - (long) (random.nextDouble() * (earliest - latest - 1));
    }

    private void writeAds(Path directory) throws IOException {
        try (BufferedWriter advertise = SyntheticNetwork.rows(directory, "advertise");
                BufferedWriter about = SyntheticNetwork.rows(directory, "ad-about");
                BufferedWriter advertisers = Files.newBufferedWriter(directory.resolve("ad-advertiser.jsonl"));
                BufferedWriter categories = Files.newBufferedWriter(directory.resolve("ad-category.jsonl"));
                BufferedWriter values = Files.newBufferedWriter(directory.resolve("ad-value.jsonl"));
                BufferedWriter labels =
                        Files.newBufferedWriter(directory.resolve("labels.tsv"), StandardOpenOption.APPEND)) {
            for (int a = 0; a < topicOfAdvertiser.length; a++) {
                labels.write("advertiser:%s\t%s\n".formatted(a, brand(a)));
            }
            for (int ad = 0; ad < topic.length; ad++) {
                Words.Topic of = topics.get(topic[ad]);
                advertise.write("%s\t%s\n".formatted(advertiser[ad], ad));
                about.write("%s\t%s\n".formatted(ad, of.name()));
                advertisers.write(row(ad, "advertiser:" + advertiser[ad], 1));
                categories.write(row(ad, "topic:" + of.name(), 1));
                values.write(row(ad, "currency:eur", value[ad]));
                labels.write("ad:%s\t%s on %s: \"%s\"\n"
                        .formatted(
                                ad,
                                brand(advertiser[ad]),
                                of.name(),
                                SLOGANS.get(random.nextInt(SLOGANS.size()))
                                        .formatted(of.phrases()
                                                .get(random.nextInt(of.phrases().size())))));
            }
        }
    }

    private String brand(int of) {
        String name = topics.get(topicOfAdvertiser[of]).name();
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1) + " " + BRANDS.get(of % BRANDS.size());
    }

    private static String row(int ad, String column, double weight) {
        return "{\"id\":\"ad:%s\",\"entries\":{\"%s\":%s}}\n".formatted(ad, column, weight);
    }
}
