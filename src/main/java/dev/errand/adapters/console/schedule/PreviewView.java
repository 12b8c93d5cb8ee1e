package dev.errand.adapters.console.schedule;

import dev.errand.adapters.console.page.PageTime;
import dev.errand.automation.schedule.SchedulePreviews.SchedulePreview;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The meaning of the rule in a form.
 *
 * @param message why it is not valid yet; null where it is
 * @param cost what its runs may cost; null where no task is chosen yet
 */
public record PreviewView(
    @Nullable String message, String words, List<Next> next, @Nullable ScheduleCost cost) {

  /** The preview of a form without a rule. */
  static final PreviewView EMPTY = new PreviewView(null, "", List.of(), null);

  /**
   * A future fire.
   *
   * @param local its time by the wall clock of the rule's zone, with this zone
   */
  public record Next(String local, PageTime time) {}

  static PreviewView of(SchedulePreview preview, @Nullable ScheduleCost cost) {
    return new PreviewView(
        null,
        preview.words(),
        preview.next().stream().map(time -> next(preview, time)).toList(),
        cost);
  }

  static PreviewView refused(String message) {
    return new PreviewView(message, "", List.of(), null);
  }

  private static Next next(SchedulePreview preview, Instant time) {
    return new Next(PageTime.text(time, preview.zone()) + " " + preview.zone(), PageTime.of(time));
  }
}
