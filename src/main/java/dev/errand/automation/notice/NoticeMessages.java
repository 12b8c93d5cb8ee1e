package dev.errand.automation.notice;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.automation.channel.ChannelMessage;
import dev.errand.automation.channel.ChannelMessage.Fact;
import dev.errand.automation.channel.MessageTime;
import dev.errand.automation.event.TaskEvent;
import dev.errand.automation.notice.FailingTasks.Failing;
import dev.errand.automation.notice.OutboxEvent.EndedRun;
import dev.errand.base.database.Sql;
import dev.errand.base.json.Coded;
import dev.errand.base.json.Json;
import dev.errand.base.json.WellFormed;
import dev.errand.models.port.RunError;
import dev.errand.models.port.WarningCode;
import dev.errand.runs.history.FailuresInARow;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Words the messages of notices: what happened, since when, why, and what to do. */
@ApplicationScoped
class NoticeMessages {
  private static final String PARTS =
      """
      SELECT left(output, :most) AS output, coalesce(has_result, false) AS has_result,
        left(parameters, :most) AS parameters
      FROM run WHERE id = :id
      """;

  private static final String PAUSED =
      """
      SELECT name FROM schedule WHERE task_id = :task_id AND enabled AND paused_at IS NOT NULL
      ORDER BY name LIMIT 10
      """;

  // The last failure of a task that has not been followed by a ready run.
  private static final String LAST_ERROR =
      FailuresInARow.of(":task_id", null, 100) + " ORDER BY id DESC LIMIT 1";

  private static final String RUN = "run";
  private static final String DECIDE = "See what it is called with, then approve it or reject it.";

  private static final int LONGEST_REASON = 1000;
  private static final int LONGEST_QUOTE = 2000;

  private final NoticePages pages;
  private final Json json;

  NoticeMessages(NoticePages pages, Json json) {
    this.pages = pages;
    this.json = json;
  }

  /**
   * The words for an event.
   *
   * @param why null where there is nothing to tell
   * @param todo null for nothing
   */
  private record Words(String title, Instant since, @Nullable String why, @Nullable String todo) {

    /** Of a task that works again, by a run that somebody or another schedule started. */
    Words butPaused(String task, List<String> schedules) {
      boolean isOne = schedules.size() == 1;
      String names = (isOne ? "schedule " : "schedules ") + String.join(", ", schedules);
      return new Words(
          "A run of the task %s succeeded again, but the %s %s still paused"
              .formatted(task, names, isOne ? "is" : "are"),
          since,
          why,
          "Resume the %s.".formatted(names));
    }
  }

  /** How the last run of a task failed. */
  private record LastError(String run, String code, String message) {}

  /**
   * The message of an event.
   *
   * @param within the transaction in which parts of the run are read, if the notice includes them
   * @param type the event that the notice asks for
   * @param failing what was known of the task's failures; null where that does not matter
   */
  ChannelMessage of(
      Sql within,
      Notice notice,
      Notice.Target target,
      OutboxEvent event,
      NoticeEvent type,
      @Nullable Failing failing) {
    JsonNode details = event.details() == null ? json.object() : json.tree(event.details());
    List<String> paused = type == NoticeEvent.RUN_RECOVERED ? paused(within, event) : List.of();
    LastError error = type == NoticeEvent.WATCH_MISSED ? lastError(within, event) : null;
    Words words = words(type, event, failing, details, error);
    if (!paused.isEmpty()) {
      words = words.butPaused(event.subject(), paused);
    }
    String run = run(event, details, error);
    String page = pages.of(target, event, details, run);
    List<Fact> quoted = event.run() == null ? List.of() : quoted(within, notice, event.run());
    ObjectNode data = data(notice, target, event, failing, details);
    Json.setIfGiven(data, "console_url", page);
    quoted.forEach(part -> data.put(part.name(), part.value()));
    if (!paused.isEmpty()) {
      data.set("paused_schedules", json.toTree(paused));
    }
    return new ChannelMessage(
        type.code(),
        words.title(),
        words.since(),
        event.at(),
        event.zone(),
        cut(words.why(), LONGEST_REASON),
        words.todo(),
        page,
        facts(event, failing, details, run, error),
        quoted,
        data);
  }

  private static @Nullable LastError lastError(Sql within, OutboxEvent event) {
    return within
        .statement(LAST_ERROR)
        .with("task_id", event.taskId())
        .first(
            row ->
                new LastError(row.text("name"), row.text("error_code"), row.text("error_message")))
        .orElse(null);
  }

  /** The run to look at; null for none. */
  private static @Nullable String run(
      OutboxEvent event, JsonNode details, @Nullable LastError error) {
    EndedRun ended = event.run();
    if (ended != null) {
      return ended.name();
    }
    String named = details.path(RUN).textValue();
    return named != null || error == null ? named : error.run();
  }

  private static Words words(
      NoticeEvent type,
      OutboxEvent event,
      @Nullable Failing failing,
      JsonNode details,
      @Nullable LastError error) {
    String subject = event.subject();
    String reason = details.path("reason").textValue();
    String schedule = details.path(TaskEvent.SCHEDULE).asText("");
    Instant since = failing == null ? since(details, event.at()) : failing.since();
    int failures = failing == null ? event.failing().number() : failing.failures();
    return switch (type) {
      case RUN_ERROR -> failed("A run of the task " + subject + " failed", since, event.ended());
      case RUN_ERRORS_IN_A_ROW ->
          failed(
              "%d runs of the task %s failed in a row".formatted(failures, subject),
              since,
              event.ended());
      case RUN_RECOVERED ->
          new Words(
              "The task " + subject + " works again",
              since,
              failures == 1
                  ? "One run had failed before."
                  : failures + " runs in a row had failed before.",
              null);
      case RUN_WARNINGS -> {
        List<String> warnings = event.ended().warnings();
        yield new Words(
            "A run of the task " + subject + " ended with warnings",
            event.at(),
            "Its warnings: " + String.join(", ", warnings) + ".",
            warnings.contains(Coded.codeOf(WarningCode.OUTPUT_CUT))
                ? "See in the run what is missing, and raise the limit of output tokens."
                : "See in the run whether it did what it should.");
      }
      case SCHEDULE_PAUSED ->
          new Words(
              "The schedule %s of the task %s has paused itself".formatted(schedule, subject),
              since,
              reason,
              "Mend the task, then resume the schedule.");
      case SCHEDULE_MISSED ->
          new Words(
              "The schedule %s of the task %s missed its time".formatted(schedule, subject),
              since,
              reason,
              "Start the run by hand if it is still wanted.");
      case WATCH_MISSED ->
          new Words(
              "The task " + subject + " does not do what its watch expects",
              since,
              error == null ? reason : "%s The last error: %s".formatted(reason, error.message()),
              error == null
                  ? "See in its runs and schedules what is missing."
                  : todo(error.code()));
      case WATCH_RECOVERED ->
          new Words(
              "The task " + subject + " does what its watch expects again", since, reason, null);
      case CREDENTIAL_EXPIRING ->
          new Words(
              "The connection of " + subject + " ends soon",
              event.at(),
              reason == null ? ends(event, details) : reason,
              "Connect it again before runs fail.");
      case CREDENTIAL_FAILING ->
          new Words(
              "The connection of " + subject + " no longer works",
              event.at(),
              reason,
              "Connect it again, or set its header fields: until then, runs that use it fail.");
      case APPROVAL_REQUESTED ->
          new Words(
              "The task %s asks whether it may call %s".formatted(subject, tool(details)),
              since,
              waits(event, details),
              DECIDE);
      case APPROVAL_EXPIRED ->
          new Words(
              "Nobody decided whether the task %s may call %s".formatted(subject, tool(details)),
              since,
              expired(details),
              "See in the run what became of it.");
      case APPROVAL_EXPIRING ->
          new Words(
              "Little time is left to decide whether the task %s may call %s"
                  .formatted(subject, tool(details)),
              since,
              waits(event, details),
              DECIDE);
    };
  }

  private static Words failed(String title, Instant since, EndedRun run) {
    return new Words(title, since, run.errorMessage(), todo(run.errorCode()));
  }

  private static String todo(@Nullable String code) {
    RunError error = code == null ? null : RunError.of(code).orElse(null);
    if (error == null) {
      return "See in the run what happened, then retry it.";
    }
    return switch (error) {
      case KEY_REFUSED -> "Give the task or its provider a key that works, then retry the run.";
      case QUOTA_EXCEEDED ->
          "Raise the quota at the model's vendor, or use another key, then retry the run.";
      case MODEL_NOT_FOUND -> "Choose a model that the server has, then retry the run.";
      case MODEL_UNAVAILABLE -> "Retry the run when the model's server answers again.";
      case EXPECTATION_FAILED ->
          "See in the run what its tools answered, mend that, then start another run.";
      case CREDENTIAL_EXPIRED -> "Connect the tool again, then retry the run.";
      default ->
          error.isBound()
              ? "Raise this bound of the task or give it less to do, then retry the run."
              : "See in the run what happened, then retry it.";
    };
  }

  private static @Nullable String ends(OutboxEvent event, JsonNode details) {
    Instant end = time(details.path("expires_at"));
    return end == null ? null : "It ends at " + MessageTime.of(end, event.zone()) + ".";
  }

  private static String tool(JsonNode details) {
    return details.path("tool").asText("a tool");
  }

  private static String expired(JsonNode details) {
    return switch (details.path("on_expiry").asText()) {
      case "fail" -> "The run fails.";
      case "approve" -> "The call is made.";
      default ->
          details.path("may_have_run").asBoolean()
              ? "The call may have been made, and the model is told so."
              : "The call is not made, and the model is told so.";
    };
  }

  private static String waits(OutboxEvent event, JsonNode details) {
    boolean mayHaveRun = details.path("may_have_run").asBoolean();
    String then =
        switch (details.path("on_expiry").asText()) {
          case "fail" -> "the run fails";
          case "approve" -> "the call is made";
          default ->
              mayHaveRun
                  ? "the model is told that it may have been made"
                  : "the call is not made, and the model is told so";
        };
    Instant end = time(details.path("expires_at"));
    return (mayHaveRun ? "The call was begun before, and may have been made. " : "")
        + "If nobody decides by %s, %s."
            .formatted(end == null ? "then" : MessageTime.of(end, event.zone()), then);
  }

  private static Instant since(JsonNode details, Instant otherwise) {
    Instant since = time(details.path("since"));
    return since == null ? otherwise : since;
  }

  private static @Nullable Instant time(JsonNode text) {
    try {
      return text.isTextual() ? Instant.parse(text.textValue()) : null;
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static List<Fact> facts(
      OutboxEvent event,
      @Nullable Failing failing,
      JsonNode details,
      @Nullable String runName,
      @Nullable LastError error) {
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact("Profile", event.profile().toString()));
    add(facts, "Task", event.task());
    add(facts, "Tool", event.installation());
    add(facts, "Schedule", details.path(TaskEvent.SCHEDULE).textValue());
    add(facts, "Run", runName);
    if (details.has(TaskEvent.APPROVAL)) {
      add(facts, "Tool", details.path("tool").textValue());
    }
    add(facts, "Error", error == null ? null : error.code());
    EndedRun run = event.run();
    if (run != null) {
      add(facts, "Error", run.errorCode());
      if (!run.warnings().isEmpty()) {
        add(facts, "Warnings", String.join(", ", run.warnings()));
      }
      if (failing != null && failing.failures() > 1) {
        add(facts, "Failures in a row", Integer.toString(failing.failures()));
      }
    }
    return facts;
  }

  private static void add(List<Fact> facts, String name, @Nullable String value) {
    if (value != null) {
      facts.add(new Fact(name, value));
    }
  }

  /** The schedules that a ready run does not resume; ten at most. */
  private static List<String> paused(Sql within, OutboxEvent event) {
    return within.statement(PAUSED).with("task_id", event.taskId()).list(row -> row.text("name"));
  }

  private List<Fact> quoted(Sql within, Notice notice, EndedRun run) {
    if (notice.settings().include().isEmpty()) {
      return List.of();
    }
    return within
        .statement(PARTS)
        .with("id", run.id())
        .with("most", LONGEST_QUOTE + 1)
        .first(
            row -> {
              List<Fact> quoted = new ArrayList<>();
              for (String part : notice.settings().include()) {
                String column = part.equals("parameters") ? part : "output";
                if (!part.equals("result") || row.flag("has_result")) {
                  add(quoted, part, cut(row.textOrNull(column), LONGEST_QUOTE));
                }
              }
              return List.copyOf(quoted);
            })
        .orElse(List.of());
  }

  private ObjectNode data(
      Notice notice,
      Notice.Target target,
      OutboxEvent event,
      @Nullable Failing failing,
      JsonNode details) {
    ObjectNode data =
        json.object().put("profile", event.profile().toString()).put("notice", notice.name());
    Json.setIfGiven(data, "task", event.task());
    Json.setIfGiven(data, "installation", event.installation());
    Json.setIfGiven(data, "url", pages.inApi(target, event, details));
    EndedRun run = event.run();
    if (run != null) {
      data.put(RUN, run.name());
      data.put("status", run.errorCode() == null ? "ready" : "error");
      data.set("warnings", json.toTree(run.warnings()));
      if (run.errorCode() != null) {
        data.set(
            "error", json.object().put("code", run.errorCode()).put("message", run.errorMessage()));
      }
      if (failing != null) {
        data.put("failures_in_a_row", failing.failures());
        data.set("since", json.toTree(failing.since()));
      }
    }
    details.properties().forEach(field -> data.set(field.getKey(), field.getValue()));
    return data;
  }

  private static @Nullable String cut(@Nullable String text, int longest) {
    return text == null ? null : WellFormed.excerpt(text, longest);
  }
}
