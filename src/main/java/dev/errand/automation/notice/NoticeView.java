package dev.errand.automation.notice;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.errand.base.json.Coded;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A notice, as the API shows it.
 *
 * @param channel the name of the channel
 * @param tasks the names of the tasks; null for all
 * @param atMostPerHour how many messages it may lead to in an hour; null for no limit of its own
 * @param state whether messages are sent now, and why not
 * @param held how much waits to be told in one message, because an hour had too many
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
public record NoticeView(
    String name,
    List<String> events,
    String channel,
    @Nullable List<String> tasks,
    @JsonProperty("errors_in_a_row") int errorsInARow,
    @Nullable Integer atMostPerHour,
    List<String> include,
    boolean enabled,
    String state,
    long held,
    Instant createdAt,
    Instant modifiedAt) {

  /** Whether messages are sent now; the lower-case name is the {@code state} in JSON. */
  public enum State implements Coded {
    READY,
    OFF,
    CHANNEL_MISSING,
    CHANNEL_UNCONFIRMED,
    CHANNEL_OFF;

    static State of(Notice notice) {
      Notice.Target target = notice.target();
      if (!notice.enabled()) {
        return OFF;
      }
      if (target == null) {
        return CHANNEL_MISSING;
      }
      if (target.isOff()) {
        return CHANNEL_OFF;
      }
      return target.isConfirmed() ? READY : CHANNEL_UNCONFIRMED;
    }
  }

  static NoticeView of(Notice notice, long held) {
    return new NoticeView(
        notice.name(),
        notice.events(),
        notice.channel(),
        notice.tasks().isEmpty() ? null : notice.tasks(),
        notice.errorsInARow(),
        notice.atMostPerHour(),
        notice.include(),
        notice.enabled(),
        State.of(notice).code(),
        held,
        notice.createdAt(),
        notice.modifiedAt());
  }
}
