package dev.errand.adapters.console.schedule;

import dev.errand.adapters.console.notice.NoticeItem;
import dev.errand.automation.schedule.FireExplainer.FireExplanation;
import dev.errand.identity.page.PagePaths;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The data of the page of a schedule.
 *
 * @param home the address of the home of its profile
 * @param task the name of its task
 * @param parameters the parameters of its runs, indented; empty for none
 * @param fires its newest fires, newest first
 * @param answers the notices that send what its runs answer, for users who may change them
 * @param why the answer to the question why it did not fire
 * @param message why an action was refused; null where none was
 */
public record SchedulePageView(
    String home,
    String task,
    ScheduleFacts facts,
    String parameters,
    List<FireLine> fires,
    List<NoticeItem> answers,
    Why why,
    @Nullable String message) {

  /** Whether a notice sends now what its runs answer. */
  public boolean isAnswered() {
    return answers.stream().anyMatch(NoticeItem::isReady);
  }

  /** The page of its task. */
  public String taskAddress() {
    return PagePaths.task(home, task);
  }

  /** The address of the page. */
  public String address() {
    return PagePaths.schedule(home, task, facts.schedule().name());
  }

  /** The page with the reason why it fired at a time, or why it did not. */
  static String why(String address, Instant at) {
    return address + PagePaths.query(Map.of("at", at.toString())) + "#why";
  }

  /**
   * Why it fired at a time, or why it did not.
   *
   * @param at the time, as it was entered; empty for none
   * @param sentence the answer; null for none
   * @param run the page of the run that it led to; null where there is none
   * @param refusal why there is no answer; null where there is one or no question
   */
  public record Why(
      String at, @Nullable String sentence, @Nullable String run, @Nullable String refusal) {
    static final Why NONE = new Why("", null, null, null);

    static Why of(String at, FireExplanation found, String home, String task) {
      String run = found.run();
      return new Why(
          at,
          found.sentence(),
          // A run that was removed has no page.
          run == null || found.outcome().isEmpty() ? null : PagePaths.run(home, task, run),
          null);
    }
  }
}
