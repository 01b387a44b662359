/** What came of experiments, by the service's own log of decisions: a body, and the same as a page. Start at {@link repscorer.api.reports.ReportPage}. */
@NullMarked
package repscorer.api.reports;

import org.jspecify.annotations.NullMarked;
