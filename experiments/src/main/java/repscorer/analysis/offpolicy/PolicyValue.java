package repscorer.analysis.offpolicy;

import repscorer.analysis.statistics.Interval;

/** What a policy earns by one answer. Immutable. */
public record PolicyValue(double value, double error, Interval interval) {}
