package dev.errand.automation.notice;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.DeclaredFields;
import dev.errand.base.field.Field;
import dev.errand.base.field.NameRule;
import dev.errand.base.json.CheckedRequest;
import dev.errand.base.json.Coded;
import dev.errand.runs.event.EventKind;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What people say of a notice: which events of which tasks are told to which channel. */
@RegisterForReflection
@Embeddable
@JsonInclude(JsonInclude.Include.ALWAYS)
@ApiSchema(value = "NoticeRequest", answer = NoticeView.class)
public record NoticeSettings(
    @Field(
            value = "What is told.",
            label = "Tell when",
            note =
                "Of a run that is done, the message has the answer: whoever reads the channel reads it.",
            required = true,
            codes = EventKind.class,
            group = EventKind.NOTICES,
            schema = "NoticeEvent")
        List<String> events,
    @Field(value = "The name of a channel of the profile.", required = true) String channel,
    @Field(
            value =
                "The names of the tasks, which need not exist yet; null for all. Events of"
                    + " credentials concern all tasks.",
            label = "Only these tasks",
            placeholder = "all",
            note = "Empty: all tasks, also those to come. Separate several by spaces.",
            least = 1,
            most = 1000,
            pattern = NameRule.OF_TASK,
            refusal = "must be the name of a task")
        @Nullable List<String> tasks,
    @Field(
            value = "How many failures `run.errors_in_a_row` wants.",
            label = "Failures in a row",
            defaultValue = "" + NoticeSettings.DEFAULT_ERRORS,
            note =
                "How many “several” are. They are told once, and again only after a run was done.",
            least = 2,
            most = 100)
        @JsonProperty("errors_in_a_row")
        @Column(name = "errors_in_a_row")
        Integer errorsInARow,
    @Field(
            value =
                "How many messages it sends in an hour; what exceeds that is told in one message"
                    + " later. The limits of the service apply, too.",
            label = "Messages an hour, at most",
            placeholder = "as the service allows",
            note = "What exceeds it is summed up in one message.",
            least = 1,
            most = 10_000)
        @Nullable Integer atMostPerHour,
    @Field(
            value = "The parts of a run that messages quote. Each is cut after 2,000 characters.",
            label = "Quote from the run",
            note =
                "Whoever reads the channel reads this, too. Without it, a message has only names,"
                    + " the reason and a link.",
            codes = Part.class)
        List<String> include,
    @Field(defaultValue = "true") Boolean enabled)
    implements CheckedRequest {
  static final int DEFAULT_ERRORS = 3;

  /** The parts of a run that messages quote. */
  enum Part implements Coded {
    OUTPUT,
    RESULT,
    PARAMETERS
  }

  /** Has the defaults where JSON has nothing, and each value once, in the order of documents. */
  public NoticeSettings {
    events = DeclaredFields.inOrder(events, EventKind.codes(EventKind.OF_NOTICES));
    channel = Objects.requireNonNullElse(channel, "");
    errorsInARow = Objects.requireNonNullElse(errorsInARow, DEFAULT_ERRORS);
    include = DeclaredFields.inOrder(include, Coded.codeList(Part.class));
    enabled = Objects.requireNonNullElse(enabled, true);
  }

  /** Whether it is about that task; what concerns no task concerns all. */
  public boolean covers(@Nullable String task) {
    return task == null || tasks == null || tasks.contains(task);
  }

  /** Whether it tells, or would tell if its channel could, that runs fail. */
  public boolean tellsOfFailures() {
    return events.stream()
        .flatMap(code -> Coded.find(EventKind.class, code).stream())
        .anyMatch(EventKind::isFailure);
  }

  /** Whether it sends, or would send if its channel could, what runs answer. */
  public boolean sendsAnswers() {
    return events.contains(EventKind.RUN_READY.code());
  }

  @Override
  public void check() {
    DeclaredFields.check(this);
  }

  /** The same, with each task once, by name. */
  NoticeSettings sorted() {
    return new NoticeSettings(
        events,
        channel,
        tasks == null || tasks.isEmpty() ? null : tasks.stream().distinct().sorted().toList(),
        errorsInARow,
        atMostPerHour,
        include,
        enabled);
  }

  /** The same, switched on or off. */
  public NoticeSettings withEnabled(boolean isEnabled) {
    return new NoticeSettings(
        events, channel, tasks, errorsInARow, atMostPerHour, include, isEnabled);
  }
}
