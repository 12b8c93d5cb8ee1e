package dev.errand.adapters.console.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.adapters.console.schedule.ScheduleFormView.Times;
import dev.errand.automation.schedule.MissedFires;
import dev.errand.automation.schedule.Schedule;
import dev.errand.automation.schedule.ScheduleDefinition;
import dev.errand.automation.schedule.ScheduleRequest;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.Json;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.MultivaluedMap;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fills the form of a schedule, and reads the request from it. */
@ApplicationScoped
class ScheduleForm {
  private static final List<String> RULES = List.of("cron", "every", "at");

  private final Json json;

  ScheduleForm(Json json) {
    this.json = json;
  }

  /**
   * The form of a new schedule.
   *
   * @param tasks the tasks to choose from
   * @param task the chosen one; empty for none
   * @param parameters the parameters of its prompt, as JSON; empty for none
   */
  ScheduleFormView empty(List<String> tasks, String task, String parameters) {
    return new ScheduleFormView(
        true,
        true,
        tasks,
        task,
        "",
        null,
        new Times("cron", "", "UTC", "", "", ""),
        parameters,
        MissedFires.NONE.code(),
        null);
  }

  /** The form of a schedule as it is. */
  ScheduleFormView of(String task, Schedule schedule) {
    ScheduleDefinition is = schedule.definition();
    JsonNode parameters = json.tree(is.parameters());
    return new ScheduleFormView(
        false,
        false,
        List.of(),
        task,
        schedule.name(),
        null,
        times(is),
        parameters.isEmpty() ? "" : parameters.toPrettyString(),
        is.missed().code(),
        null);
  }

  /**
   * The form as it was sent.
   *
   * @param tasks the tasks to choose from; none for an existing schedule
   * @param message why it was refused; null where it was not
   * @param preview the meaning of the rule; null where that was not requested
   */
  ScheduleFormView again(
      MultivaluedMap<String, String> sent,
      List<String> tasks,
      String task,
      String name,
      @Nullable String message,
      @Nullable PreviewView preview) {
    return new ScheduleFormView(
        !tasks.isEmpty(),
        false,
        tasks,
        task,
        name,
        message,
        times(sent),
        text(sent, "parameters"),
        given(sent, "missed"),
        preview);
  }

  /**
   * The request of the form; a new schedule is enabled at once. Times that were not changed in the
   * form keep their exact instant, since a local time may stand for two.
   *
   * @param known the schedule as it is; null for a new one
   * @throws ApiException that names the field which is wrong
   */
  ScheduleRequest request(MultivaluedMap<String, String> sent, @Nullable Schedule known) {
    Times times = times(sent);
    if (!RULES.contains(times.rule())) {
      throw ApiException.invalid("rule", "must be cron, every or at");
    }
    if (times.when().isEmpty()) {
      throw ApiException.invalid(times.rule(), "is required: it says when the schedule fires");
    }
    @Nullable ScheduleDefinition is = known == null ? null : known.definition();
    return new ScheduleRequest(
        times.rule().equals("cron") ? times.when() : null,
        times.rule().equals("every") ? times.when() : null,
        times.rule().equals("at")
            ? time(times, times.when(), is, is == null ? null : is.at())
            : null,
        orNull(times.timezone()),
        parameters(sent),
        is == null || is.enabled(),
        orNull(given(sent, "missed")),
        orNull(times.jitter()),
        time(times, times.start(), is, is == null ? null : is.start()),
        time(times, times.end(), is, is == null ? null : is.end()));
  }

  private static @Nullable String time(
      Times times, String text, @Nullable ScheduleDefinition is, @Nullable Instant before) {
    if (is != null
        && before != null
        && times.timezone().equals(is.timezone())
        && text.equals(local(before, ZoneId.of(is.timezone())))) {
      return before.toString();
    }
    return orNull(text);
  }

  /** The fields with the rule as they were sent. */
  static Times times(MultivaluedMap<String, String> sent) {
    return new Times(
        given(sent, "rule"),
        given(sent, "when"),
        given(sent, "timezone"),
        given(sent, "jitter"),
        given(sent, "start"),
        given(sent, "end"));
  }

  private static Times times(ScheduleDefinition is) {
    ZoneId zone = ZoneId.of(is.timezone());
    String jitter = is.jitter().isZero() ? "" : is.jitter().toString();
    String start = local(is.start(), zone);
    String end = local(is.end(), zone);
    if (is.cron() != null) {
      return new Times("cron", is.cron(), is.timezone(), jitter, start, end);
    }
    if (is.every() != null) {
      return new Times("every", is.every().toString(), is.timezone(), jitter, start, end);
    }
    return new Times("at", local(is.at(), zone), is.timezone(), jitter, start, end);
  }

  private static String local(@Nullable Instant time, ZoneId zone) {
    return time == null ? "" : time.atZone(zone).toLocalDateTime().toString();
  }

  private ObjectNode parameters(MultivaluedMap<String, String> sent) {
    String text = text(sent, "parameters");
    if (text.isBlank()) {
      return json.object();
    }
    return json.parse(text)
        .filter(ObjectNode.class::isInstance)
        .map(ObjectNode.class::cast)
        .orElseThrow(() -> ApiException.invalid("parameters", "must be a JSON object"));
  }

  /** A field of one line. */
  static String given(MultivaluedMap<String, String> sent, String name) {
    return text(sent, name).strip();
  }

  private static String text(MultivaluedMap<String, String> sent, String name) {
    String text = sent.getFirst(name);
    // Browsers send the ends of lines as CR LF.
    return text == null ? "" : text.replace("\r\n", "\n");
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
