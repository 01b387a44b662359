package repscorer.core.experiment;

/**
 * The variant that a unit is in.
 *
 * @param stopped whether the variant is stopped, so that its units are answered as if there were no experiment
 */
public record Assignment(Experiment experiment, Variant variant, boolean stopped) {}
