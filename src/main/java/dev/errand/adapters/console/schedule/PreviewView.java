package dev.errand.adapters.console.schedule;

import dev.errand.adapters.console.show.PageTime;
import dev.errand.automation.schedule.SchedulePreviews.SchedulePreview;
import dev.errand.automation.schedule.calendar.EnglishFormat;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the rule in a form means.
 *
 * @param message why it means nothing yet; null where it does
 * @param words the rule in words
 * @param next the next fires
 */
public record PreviewView(@Nullable String message, String words, List<Next> next) {

  /** Of a form in which no rule stands yet. */
  static final PreviewView EMPTY = new PreviewView(null, "", List.of());

  /**
   * A fire that would come.
   *
   * @param local as the wall clock of the zone of the rule shows it, with this zone
   * @param time the time
   */
  public record Next(String local, PageTime time) {}

  static PreviewView of(SchedulePreview preview) {
    return new PreviewView(
        null, preview.words(), preview.next().stream().map(time -> next(preview, time)).toList());
  }

  static PreviewView refused(String message) {
    return new PreviewView(message, "", List.of());
  }

  private static Next next(SchedulePreview preview, Instant time) {
    return new Next(
        EnglishFormat.time(time, preview.zone()) + " " + preview.zone(), PageTime.of(time));
  }
}
