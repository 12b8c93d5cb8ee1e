package dev.errand.automation.notice;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a limit of an hour holds back of a notice, to be told in one message.
 *
 * @param profile the owner and the name of its profile
 * @param deepestRun the run with the greatest depth; null for none
 */
record HeldBack(
    NoticeSnapshot notice, OutboxEvent.Slug profile, @Nullable Long deepestRun, List<Line> lines) {

  /**
   * Events of one kind.
   *
   * @param subject the name of the task or the installation
   */
  @RegisterForReflection
  record Line(String subject, String event, long number, Instant firstAt, Instant lastAt) {}

  long number() {
    return lines.stream().mapToLong(Line::number).sum();
  }

  /** What all of it is about; null for several. */
  @Nullable String subject() {
    String first = lines.getFirst().subject();
    return lines.stream().allMatch(line -> line.subject().equals(first)) ? first : null;
  }

  Instant lastAt() {
    return lines.stream().map(Line::lastAt).max(Instant::compareTo).orElseThrow();
  }

  Instant since() {
    return lines.stream().map(Line::firstAt).min(Instant::compareTo).orElseThrow();
  }
}
