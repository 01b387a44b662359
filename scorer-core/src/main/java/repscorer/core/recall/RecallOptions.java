package repscorer.core.recall;

/**
 * How recall is watched.
 *
 * @param share of searches that are answered again, 0 to 1; 0 for none. Fewer are where there is no idle time
 * @param alarmBelow an alarm is raised where a recall is lower than this, 0 to 1
 * @param alarmDrop and where it is lower by more than this than the release before had, 0 to 1
 */
public record RecallOptions(double share, double alarmBelow, double alarmDrop) {

    public static final RecallOptions DEFAULT = new RecallOptions(1, .8, .01);

    public RecallOptions {
        check("share", share);
        check("alarm-below", alarmBelow);
        check("alarm-drop", alarmDrop);
    }

    private static void check(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException("%s must be 0 to 1: %s".formatted(name, value));
        }
    }
}
