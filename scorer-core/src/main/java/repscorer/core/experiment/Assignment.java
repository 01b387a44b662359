package repscorer.core.experiment;

/** The variant that a unit is in. */
public record Assignment(Experiment experiment, Variant variant) {}
