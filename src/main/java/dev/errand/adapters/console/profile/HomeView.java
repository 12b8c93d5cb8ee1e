package dev.errand.adapters.console.profile;

import dev.errand.adapters.console.page.ApprovalLine;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.adapters.console.page.RunLine;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The data of the home of a profile.
 *
 * @param hasTasks whether there is any task
 * @param hasRuns whether anything has run, as far as is known
 * @param offer a first run to start with one click; null for none
 * @param waiting how many tool calls wait for a person; empty for none
 * @param approvals the newest of them
 * @param live the runs that have not ended
 * @param troubled the runs that failed or got warnings lately
 * @param today the usage of today, in UTC
 */
public record HomeView(
    boolean hasTasks,
    boolean hasRuns,
    @Nullable Offer offer,
    String waiting,
    List<ApprovalLine> approvals,
    List<RunLine> live,
    List<RunLine> troubled,
    List<Fire> fires,
    Today today) {

  /**
   * A first run.
   *
   * @param address where its form is sent
   * @param run the name of the run
   * @param parameters the fields of the form with their values
   */
  public record Offer(String address, String run, List<Map.Entry<String, String>> parameters) {}

  /** A future fire. */
  public record Fire(String task, String address, String schedule, PageTime time) {}

  /**
   * The usage of runs that ended today.
   *
   * @param cost in US dollars
   * @param ready how many runs are ready
   */
  public record Today(String cost, String tokens, String ready, String failed) {}
}
