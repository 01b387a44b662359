package repscorer.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import repscorer.cli.console.ProgressLine;
import repscorer.cli.console.ReportPrinter;
import repscorer.cli.console.UserError;
import repscorer.training.Trainer;
import repscorer.training.TrainingReport;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.progress.TrainingProgress;
import repscorer.training.twhin.WarmStart;

/** {@code repscorer train}: edges in, a directory of embedding files out. */
@Command(
        name = "train",
        description = "Learns TwHIN and SimClusters embeddings from edges and evaluates them on held-out ones.",
        mixinStandardHelpOptions = true,
        footer = {"", "Plans are described by the examples in config/training/."})
final class TrainCommand implements Callable<Integer> {

    @Option(names = "--plan", required = true, paramLabel = "FILE", description = "The training plan.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path plan;

    @Option(names = "--data", required = true, paramLabel = "DIR", description = "Holds the plan's edge files.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path data;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where the release is written.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path out;

    @Option(names = "--resume", description = "Go on from the checkpoint that an interrupted run left in --out.")
    private boolean resume;

    @Option(
            names = "--from",
            paramLabel = "DIR",
            description =
                    "Begin with an earlier release: its dense vectors (new entities begin at their neighbours' mean) and its "
                            + "communities, which keep their numbers.")
    private @Nullable Path from;

    @Option(
            names = "--pull",
            paramLabel = "λ",
            defaultValue = "0",
            description = "With --from: how strongly vectors are pulled towards where they began (default 0).")
    private double pull;

    @Override
    public Integer call() throws Exception {
        Home.requireFile("--plan", plan);
        TrainingPlan valid = TrainingPlan.read(plan);
        Home.requireDirectory("--data", data);
        Path checkpoint = out.resolve(Trainer.CHECKPOINT);
        if (resume && !Files.isRegularFile(checkpoint)) {
            throw new UserError("--resume: there is no checkpoint: " + checkpoint);
        }
        if (pull != 0 && from == null) {
            throw new UserError("--pull goes with --from");
        }
        Optional<WarmStart> start = Optional.empty();
        if (from != null) {
            Home.requireDirectory("--from", from);
            start = valid.twhin().isPresent() ? Optional.of(Trainer.warmStart(from, valid, pull)) : start;
        }
        TrainingReport report =
                trained(valid, new Trainer.Options(resume, start, Optional.ofNullable(from)), checkpoint);
        ReportPrinter.print(report, System.out);
        return 0;
    }

    /** Trains; Ctrl-C ends it once a checkpoint lies on the disk. */
    private TrainingReport trained(TrainingPlan valid, Trainer.Options options, Path checkpoint) throws IOException {
        ProgressLine line = ProgressLine.standard();
        Interrupt interrupt = new Interrupt();
        TrainingProgress progress = new TrainingProgress() {
            @Override
            public void report(String stage, long done, long total, String note) {
                line.update(stage, done, total, note);
            }

            @Override
            public boolean cancelled() {
                return interrupt.wanted();
            }
        };
        try {
            TrainingReport report = Trainer.train(valid, data, out, options, progress);
            line.clear();
            return report;
        } catch (CancellationException e) {
            line.clear();
            System.err.println(
                    Files.isRegularFile(checkpoint)
                            ? "repscorer: interrupted; go on with --resume from " + checkpoint
                            : "repscorer: interrupted before there was anything to resume from");
            throw e;
        } finally {
            interrupt.done();
        }
    }

    /** Turns the end of the process into a wish that training ends, and lets it finish its checkpoint. */
    private static final class Interrupt {

        private static final long WAIT_SECONDS_MAX = 60;

        private final AtomicBoolean wanted = new AtomicBoolean();
        private final CountDownLatch done = new CountDownLatch(1);
        private final Thread hook = Thread.ofPlatform().name("interrupt").unstarted(this::waitForEnd);

        Interrupt() {
            Runtime.getRuntime().addShutdownHook(hook);
        }

        boolean wanted() {
            return wanted.get();
        }

        void done() {
            done.countDown();
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // the process is ending already, and the hook runs
            }
        }

        private void waitForEnd() {
            wanted.set(true);
            try {
                done.await(WAIT_SECONDS_MAX, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
