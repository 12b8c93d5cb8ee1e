package dev.errand.automation.notice;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.automation.channel.ChannelMessage;
import dev.errand.automation.channel.ChannelMessage.Fact;
import dev.errand.automation.channel.MessageTime;
import dev.errand.automation.notice.FailingTasks.Failing;
import dev.errand.automation.notice.OutboxEvent.EndedRun;
import dev.errand.base.database.Sql;
import dev.errand.base.json.Coded;
import dev.errand.base.json.Json;
import dev.errand.base.json.WellFormed;
import dev.errand.models.port.RunError;
import dev.errand.models.port.WarningCode;
import dev.errand.runs.event.EventKind;
import dev.errand.runs.event.TaskEvent;
import dev.errand.runs.history.FailuresInARow;
import dev.errand.runs.task.ApprovalExpiry;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Column;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
  private static final String PARAMETERS = "parameters";
  private static final String BUDGET = "budget";
  private static final String TOKENS = "tokens";
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z_]+)\\}");

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
  @RegisterForReflection
  private record LastError(
      @Column(name = "name") String run,
      @Column(name = "error_code") String code,
      @Column(name = "error_message") String message) {}

  /**
   * The message of an event.
   *
   * @param within the transaction in which parts of the run are read, if the notice includes them
   * @param kind the event that the notice asks for
   * @param failing what was known of the task's failures; null where that does not matter
   */
  ChannelMessage of(
      Sql within,
      NoticeSnapshot notice,
      NoticeSnapshot.Target target,
      OutboxEvent event,
      EventKind kind,
      @Nullable Failing failing) {
    JsonNode details = event.details() == null ? json.object() : json.tree(event.details());
    List<String> paused = kind == EventKind.RUN_RECOVERED ? paused(within, event) : List.of();
    LastError error = kind == EventKind.WATCH_MISSED ? lastError(within, event) : null;
    Words words = words(kind, event, failing, details, error);
    if (!paused.isEmpty()) {
      words = words.butPaused(event.subject(), paused);
    }
    String run = run(event, details, error);
    String page = pages.of(target, event, details, run);
    List<Fact> quoted = event.run() == null ? List.of() : quoted(within, notice, kind, event.run());
    ObjectNode data = data(notice, target, event, failing, details);
    Json.setIfGiven(data, "console_url", page);
    quoted.forEach(part -> data.put(part.name(), part.value()));
    if (!paused.isEmpty()) {
      data.set("paused_schedules", json.toTree(paused));
    }
    return new ChannelMessage(
        kind.code(),
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
        .first(LastError.class)
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
      EventKind kind,
      OutboxEvent event,
      @Nullable Failing failing,
      JsonNode details,
      @Nullable LastError error) {
    int failures = failing == null ? event.failing().number() : failing.failures();
    return new Words(
        title(kind, event, failures, details),
        failing == null ? since(details, event.at()) : failing.since(),
        why(kind, event, failures, details, error),
        todo(kind, event, error));
  }

  private static String title(EventKind kind, OutboxEvent event, int failures, JsonNode details) {
    return PLACEHOLDER
        .matcher(kind.title())
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    switch (found.group(1)) {
                      case "subject" -> event.subject();
                      case "failures" -> Integer.toString(failures);
                      default -> details.path(found.group(1)).asText("");
                    }));
  }

  // Whoever raises an event says why.
  private static @Nullable String why(
      EventKind kind,
      OutboxEvent event,
      int failures,
      JsonNode details,
      @Nullable LastError error) {
    String reason = details.path("reason").textValue();
    return switch (kind) {
      case RUN_ERROR, RUN_ERRORS_IN_A_ROW -> event.ended().errorMessage();
      case RUN_RECOVERED ->
          failures == 1
              ? "One run had failed before."
              : failures + " runs in a row had failed before.";
      case RUN_READY, RUN_WARNINGS -> warnings(event.ended());
      case WATCH_MISSED ->
          error == null ? reason : "%s The last error: %s".formatted(reason, error.message());
      case CREDENTIAL_EXPIRING -> reason == null ? ends(event, details) : reason;
      case APPROVAL_REQUESTED, APPROVAL_EXPIRING -> waits(event, details);
      case APPROVAL_EXPIRED -> expired(details);
      case BUDGET_WARNING, BUDGET_EXCEEDED -> spent(details);
      default -> reason;
    };
  }

  /** Null where a run has none, or such alone as nobody has to do anything about. */
  private static @Nullable String warnings(EndedRun run) {
    return WarningCode.MINOR.containsAll(run.warnings())
        ? null
        : "Its warnings: " + String.join(", ", run.warnings()) + ".";
  }

  private static @Nullable String todo(
      EventKind kind, OutboxEvent event, @Nullable LastError error) {
    return switch (kind) {
      case RUN_ERROR, RUN_ERRORS_IN_A_ROW -> todo(event.ended().errorCode());
      case RUN_READY ->
          warnings(event.ended()) == null ? null : todo(EventKind.RUN_WARNINGS, event, error);
      case RUN_WARNINGS ->
          event.ended().warnings().contains(Coded.codeOf(WarningCode.OUTPUT_CUT))
              ? "See in the run what is missing, and raise the limit of output tokens."
              : kind.remedy();
      case WATCH_MISSED -> error == null ? kind.remedy() : todo(error.code());
      default -> kind.remedy();
    };
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

  private static String expired(JsonNode details) {
    String then = then(details, "the call may have been made, and the model is told so");
    return Character.toUpperCase(then.charAt(0)) + then.substring(1) + ".";
  }

  private static String then(JsonNode details, String mayHaveRun) {
    ApprovalExpiry expiry =
        Coded.find(ApprovalExpiry.class, details.path("on_expiry").asText())
            .orElse(ApprovalExpiry.REJECT);
    if (expiry != ApprovalExpiry.REJECT) {
      return expiry.words();
    }
    return details.path("may_have_run").asBoolean()
        ? mayHaveRun
        : expiry.words() + ", and the model is told so";
  }

  private static String waits(OutboxEvent event, JsonNode details) {
    boolean mayHaveRun = details.path("may_have_run").asBoolean();
    String then = then(details, "the model is told that it may have been made");
    Instant end = time(details.path("expires_at"));
    return (mayHaveRun ? "The call was begun before, and may have been made. " : "")
        + "If nobody decides by %s, %s."
            .formatted(end == null ? "then" : MessageTime.of(end, event.zone()), then);
  }

  private static String spent(JsonNode details) {
    List<String> amounts = new ArrayList<>();
    amount(amounts, details, "usd", "US dollars");
    amount(amounts, details, TOKENS, TOKENS);
    Instant end = time(details.path("resets_at"));
    return "This %s has spent %s. %s%s"
        .formatted(
            details.path("period").asText("period"),
            String.join(" and ", amounts),
            "wait".equals(details.path("on_exhausted").asText())
                ? "Runs whose next request does not fit wait."
                : "Runs whose next request does not fit fail.",
            end == null ? "" : " It begins anew at " + MessageTime.of(end, null) + ".");
  }

  private static void amount(List<String> amounts, JsonNode details, String unit, String words) {
    JsonNode limit = details.path("limit").path(unit);
    if (limit.isNumber()) {
      amounts.add(
          "%s of %s %s".formatted(number(details.path("spent").path(unit)), number(limit), words));
    }
  }

  private static String number(JsonNode number) {
    return number.decimalValue().stripTrailingZeros().toPlainString();
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
    String budget = details.path(BUDGET).textValue();
    if (budget == null) {
      facts.add(new Fact("Profile", event.profile().toString()));
    } else {
      add(facts, "Budget", budget);
      add(facts, "Of", details.path("owner").textValue());
    }
    add(facts, "Task", event.task());
    add(facts, "Tool", event.installation());
    add(facts, "Schedule", details.path(TaskEvent.SCHEDULE).textValue());
    add(facts, "Trigger", details.path(TaskEvent.TRIGGER).textValue());
    add(facts, "Run", runName);
    if (details.has(TaskEvent.APPROVAL)) {
      add(facts, "Tool", details.path("tool").textValue());
    }
    add(facts, "Event", details.path("event").textValue());
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

  private List<Fact> quoted(Sql within, NoticeSnapshot notice, EventKind kind, EndedRun run) {
    // An answer is told in full.
    List<String> parts =
        kind == EventKind.RUN_READY
            ? notice.settings().include().stream().filter(PARAMETERS::equals).toList()
            : notice.settings().include();
    if (parts.isEmpty()) {
      return List.of();
    }
    return within
        .statement(PARTS)
        .with("id", run.id())
        .with("most", LONGEST_QUOTE + 1)
        .first(
            row -> {
              List<Fact> quoted = new ArrayList<>();
              for (String part : parts) {
                String column = part.equals(PARAMETERS) ? part : "output";
                if (!part.equals("result") || row.flag("has_result")) {
                  add(quoted, part, cut(row.textOrNull(column), LONGEST_QUOTE));
                }
              }
              return List.copyOf(quoted);
            })
        .orElse(List.of());
  }

  private ObjectNode data(
      NoticeSnapshot notice,
      NoticeSnapshot.Target target,
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
