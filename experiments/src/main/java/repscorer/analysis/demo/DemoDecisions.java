package repscorer.analysis.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import repscorer.analysis.demo.DemoSettings.Scenario;
import repscorer.decisions.Decision;
import repscorer.decisions.JoinedDecision;
import repscorer.decisions.Outcome;

/** Decisions of a surface {@code follow} with outcomes {@code follow} and impressions, in the order of their time. Stateless. */
public final class DemoDecisions {

    /*
     * A unit comes on three days of ten. Eight candidates have two columns, standard normal, but for one in twenty that lacks simclusters; they
     * are ranked by softmax over their blend. People look down with probability 1 / (1 + rank) and follow with log-odds
     * readiness + .3 twhin + 1.2 simclusters, so who weighs simclusters more earns more.
     */

    public static final String SURFACE = "follow";
    public static final String CONTROL = "control";
    public static final String TREATMENT = "simclusters-heavier";
    public static final String OUTCOME = "follow";

    /** Of the softmax. */
    public static final double TEMPERATURE = .3;

    private static final int CANDIDATES = 8;
    private static final double COMES = .3;
    private static final double LACKS = .05;
    private static final double[] CONTROL_WEIGHTS = {.8, .2};
    private static final double[] TREATMENT_WEIGHTS = {.3, .7};
    private static final String PLAN = "0".repeat(64);

    private final DemoSettings settings;
    private final RandomGenerator random;

    private DemoDecisions(DemoSettings settings) {
        this.settings = settings;
        this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(settings.seed());
    }

    /** Hands over one decision after another; the same settings give the same ones. */
    public static void each(DemoSettings settings, Consumer<JoinedDecision> consumer) {
        new DemoDecisions(settings).all(consumer);
    }

    private static final class Candidate {
        private final String id;
        private final double twhin;
        private final Optional<Double> simclusters;
        private double propensity = 1;
        private Optional<String> team = Optional.empty();

        Candidate(String id, double twhin, Optional<Double> simclusters) {
            this.id = id;
            this.twhin = twhin;
            this.simclusters = simclusters;
        }

        double score(double[] weights) {
            return simclusters.isPresent()
                    ? weights[0] * twhin + weights[1] * simclusters.orElseThrow()
                    : twhin * (weights[0] + weights[1]);
        }

        Decision.Shown shown(double[] weights) {
            Map<String, Double> columns = new LinkedHashMap<>();
            columns.put("twhin", twhin);
            simclusters.ifPresent(value -> columns.put("simclusters", value));
            return new Decision.Shown(id, score(weights), columns, propensity, team);
        }
    }

    private void all(Consumer<JoinedDecision> consumer) {
        double[] readiness = new double[settings.units()];
        boolean[] treated = new boolean[settings.units()];
        boolean[] lost = new boolean[settings.units()];
        for (int unit = 0; unit < readiness.length; unit++) {
            readiness[unit] = -3 + random.nextGaussian();
            treated[unit] = random.nextBoolean();
            lost[unit] = settings.scenario() == Scenario.LEAKING && treated[unit] && random.nextInt(50) == 0;
        }
        for (int day = -settings.days() / 2; day < settings.days(); day++) {
            Instant time = settings.start().plus(Duration.ofDays(day));
            long stepMillis = Duration.ofHours(20).toMillis() / settings.units();
            for (int unit = 0; unit < readiness.length; unit++) {
                time = time.plusMillis(Math.max(1, stepMillis));
                if (random.nextDouble() < COMES && !(day >= 0 && lost[unit])) {
                    consumer.accept(answer("user:" + unit, readiness[unit], treated[unit], day >= 0, time));
                }
            }
        }
    }

    private JoinedDecision answer(String unit, double readiness, boolean treated, boolean running, Instant time) {
        List<Candidate> pool = new ArrayList<>();
        for (int i = 0; i < CANDIDATES; i++) {
            pool.add(new Candidate(
                    "user:c" + random.nextInt(100_000) + "-" + i,
                    random.nextGaussian(),
                    random.nextDouble() < LACKS ? Optional.empty() : Optional.of(random.nextGaussian())));
        }
        Scenario scenario = settings.scenario();
        boolean interleaved = running && scenario == Scenario.INTERLEAVED;
        boolean other = running && treated && scenario != Scenario.SAME && !interleaved;
        double[] weights = other ? TREATMENT_WEIGHTS : CONTROL_WEIGHTS;
        List<Candidate> ranked = interleaved ? drafted(pool) : drawn(pool, weights);
        if (running && treated && scenario == Scenario.BROKEN && random.nextInt(20) == 0) {
            ranked = List.of();
        }
        String id = new UUID(
                        time.toEpochMilli() << 16 | 0x7000 | random.nextInt(0x1000),
                        random.nextLong() >>> 2 | Long.MIN_VALUE)
                .toString();
        List<Decision.Arm> arms = running
                ? List.of(new Decision.Arm(
                        settings.experiment(),
                        treated ? TREATMENT : CONTROL,
                        "blend",
                        Math.floorMod(unit.hashCode(), 10_000)))
                : List.of();
        Decision decision = new Decision(
                id,
                time,
                SURFACE,
                Optional.of(unit),
                arms,
                "demo",
                Map.of(),
                PLAN,
                "{}",
                ranked.stream().map(candidate -> candidate.shown(weights)).toList(),
                List.of(),
                (long) (3_000 * Math.exp(.3 * random.nextGaussian())));
        return new JoinedDecision(decision, outcomes(id, readiness, ranked, time));
    }

    private List<Outcome> outcomes(String id, double readiness, List<Candidate> ranked, Instant time) {
        List<Outcome> outcomes = new ArrayList<>();
        for (int rank = 0; rank < ranked.size(); rank++) {
            Candidate candidate = ranked.get(rank);
            if (random.nextDouble() * (1 + rank) >= 1) {
                continue;
            }
            outcomes.add(new Outcome(id, candidate.id, Outcome.IMPRESSION, 1, time.plusSeconds(1)));
            double logOdds = readiness + .3 * candidate.twhin + 1.2 * candidate.simclusters.orElse(0.0);
            if (random.nextDouble() < 1 / (1 + Math.exp(-logOdds))) {
                outcomes.add(new Outcome(id, candidate.id, OUTCOME, 1, time.plusSeconds(5)));
            }
        }
        return outcomes;
    }

    private List<Candidate> drawn(List<Candidate> pool, double[] weights) {
        List<Candidate> left = new ArrayList<>(pool);
        List<Candidate> ranked = new ArrayList<>();
        while (!left.isEmpty()) {
            double[] shares = left.stream()
                    .mapToDouble(candidate -> Math.exp(candidate.score(weights) / TEMPERATURE))
                    .toArray();
            double all = 0;
            for (double share : shares) {
                all += share;
            }
            double point = random.nextDouble() * all;
            int chosen = 0;
            while (chosen < shares.length - 1 && point >= shares[chosen]) {
                point -= shares[chosen];
                chosen++;
            }
            Candidate next = left.remove(chosen);
            next.propensity = shares[chosen] / all;
            ranked.add(next);
        }
        return ranked;
    }

    /** Team draft: in each round a coin says who picks first. */
    private List<Candidate> drafted(List<Candidate> pool) {
        List<Candidate> left = new ArrayList<>(pool);
        List<Candidate> ranked = new ArrayList<>();
        while (!left.isEmpty()) {
            boolean treatmentFirst = random.nextBoolean();
            for (boolean treatment : new boolean[] {treatmentFirst, !treatmentFirst}) {
                double[] weights = treatment ? TREATMENT_WEIGHTS : CONTROL_WEIGHTS;
                Candidate best = left.getFirst();
                for (Candidate each : left) {
                    best = each.score(weights) > best.score(weights) ? each : best;
                }
                left.remove(best);
                best.team = Optional.of(treatment ? TREATMENT : CONTROL);
                ranked.add(best);
            }
        }
        return ranked;
    }
}
