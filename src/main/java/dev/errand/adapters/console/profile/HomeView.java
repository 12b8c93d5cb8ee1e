package dev.errand.adapters.console.profile;

import dev.errand.adapters.console.budget.BudgetItem;
import dev.errand.adapters.console.page.ApprovalLine;
import dev.errand.adapters.console.page.Mark;
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
 * @param attention what else needs a person
 * @param answers the newest answers
 * @param live the runs that have not ended
 * @param today the usage of today, in UTC
 * @param month what the profiles of the user cost this month; null in a part of the page
 */
public record HomeView(
    boolean hasTasks,
    boolean hasRuns,
    @Nullable Offer offer,
    String waiting,
    List<ApprovalLine> approvals,
    List<Attention> attention,
    List<NewAnswer> answers,
    List<RunLine> live,
    List<Fire> fires,
    Today today,
    @Nullable Month month) {

  /** Whether nothing needs a person. */
  public boolean isCalm() {
    return waiting.isEmpty() && attention.isEmpty();
  }

  /**
   * A first run.
   *
   * @param address where its form is sent
   * @param run the name of the run
   * @param parameters the fields of the form with their values
   */
  public record Offer(String address, String run, List<Map.Entry<String, String>> parameters) {}

  /**
   * Something that needs a person.
   *
   * @param mark the mark of its state
   * @param state it in a word or two
   * @param address the page where it is mended
   * @param name what needs it
   * @param text why
   * @param time since when, or when it is tried again; null where that is not known
   */
  public record Attention(
      Mark mark, String state, String address, String name, String text, @Nullable PageTime time) {
    /** An id that stays while the page refreshes itself, so that the focus does, too. */
    public String id() {
      return "needs-" + Integer.toHexString((state + " " + address).hashCode());
    }
  }

  /**
   * The answer of a run.
   *
   * @param text its beginning
   * @param ended when the run ended
   */
  public record NewAnswer(RunLine run, String text, PageTime ended) {}

  /** A future fire. */
  public record Fire(String task, String address, String schedule, PageTime time) {}

  /**
   * The usage of runs that ended today.
   *
   * @param cost in US dollars
   * @param ready how many runs are ready
   */
  public record Today(String cost, String tokens, String ready, String failed) {}

  /**
   * What this month has cost in the profiles that the user is a member of.
   *
   * @param cost in US dollars
   * @param isCut whether it is more than that
   * @param profiles the most expensive ones
   * @param others how many others there are
   * @param nearest the budget that is nearest to its limit; null where there is none
   */
  public record Month(
      String cost,
      boolean isCut,
      List<ProfileCost> profiles,
      int others,
      @Nullable NearestBudget nearest) {}

  /** What a profile cost. */
  public record ProfileCost(String profile, String address, String cost) {}

  /**
   * The budget that is nearest to its limit.
   *
   * @param owner whose it is, in words
   */
  public record NearestBudget(BudgetItem item, String owner) {}
}
