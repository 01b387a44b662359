package repscorer.training;

import repscorer.training.progress.TrainingProgress;

/** Cancels when a share of the dense training is done. */
public final class StopsAt implements TrainingProgress {

    private final double share;
    private boolean reached;

    public StopsAt(double share) {
        this.share = share;
    }

    @Override
    public void report(String stage, long done, long total, String note) {
        reached |= stage.equals("twhin") && done >= share * total;
    }

    @Override
    public boolean cancelled() {
        return reached;
    }
}
