package dev.errand.adapters.mcp;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.json.Json;
import dev.errand.base.secret.Sha256;
import dev.errand.identity.account.Rights;
import dev.errand.identity.oauth.OAuthClient;
import dev.errand.identity.profile.Right;
import dev.errand.runs.entry.RunCause;
import dev.errand.runs.history.RunCursor;
import dev.errand.runs.lifecycle.RunService;
import dev.errand.runs.lifecycle.RunService.Entries;
import dev.errand.runs.lifecycle.RunService.RunList;
import dev.errand.runs.lifecycle.RunStarter;
import dev.errand.runs.prompt.PromptParameters;
import dev.errand.runs.queue.Run;
import dev.errand.runs.queue.RunStatus;
import dev.errand.runs.task.TaskService;
import dev.errand.runs.task.TaskView;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Runs tasks for chats, and waits for, lists and cancels their runs. */
@ApplicationScoped
class RunTools {
  private static final int KEY_BYTES = 12;
  private static final int RANDOM_BYTES = 4;
  private static final int DEFAULT_LIST = 10;
  private static final int LONGEST_LIST = 50;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private final TaskService tasks;
  private final RunService runs;
  private final RunWait runWait;
  private final ProtocolTasks protocolTasks;
  private final RunAnswers answers;
  private final ToolAnswers results;
  private final Json json;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  RunTools(
      TaskService tasks,
      RunService runs,
      RunWait runWait,
      ProtocolTasks protocolTasks,
      RunAnswers answers,
      ToolAnswers results,
      Json json,
      Clock clock) {
    this.tasks = tasks;
    this.runs = runs;
    this.runWait = runWait;
    this.protocolTasks = protocolTasks;
    this.answers = answers;
    this.results = results;
    this.json = json;
    this.clock = clock;
  }

  /**
   * Starts a run of a task, and waits for its end; a client that supports tasks gets one at once.
   */
  ObjectNode run(TaskView task, ToolRequest request)
      throws InterruptedException, IOException, McpError {
    PromptParameters parameters = TasksAsTools.parameters(task);
    Set<String> unknown = TasksAsTools.unknown(parameters, request.arguments());
    if (!unknown.isEmpty()) {
      return results.error(
          "Unknown arguments: "
              + String.join(", ", unknown.stream().limit(LONGEST_LIST).toList())
              + ". The schema of this tool lists the known ones.");
    }
    RunService.Started started =
        runs.start(
            request.caller(),
            request.profile(),
            task.name(),
            RunStarter.Order.byRun(
                name(request),
                request.arguments(),
                cause(request),
                request.run().above(),
                request.run().runId()));
    Run known = started.run().run();
    if (request.message().knowsTasks()) {
      return protocolTasks.shown(request, task.name(), known).put("resultType", "task");
    }
    Run run =
        known.status().isEnd()
            ? known
            : runWait.await(request, task.name(), known.name(), true, runWait.longestWait());
    ObjectNode answer = answers.answer(request, task.name(), run);
    if (started.note() != null) {
      answer.withArray("content").addObject().put("type", "text").put("text", started.note());
    }
    return answer;
  }

  ObjectNode get(ToolRequest request) throws InterruptedException, IOException {
    Arguments arguments = new Arguments(request.arguments(), "task", "run", "wait");
    int most = (int) runWait.longestWait().toSeconds();
    Duration wait = Duration.ofSeconds(arguments.number("wait", most, 0, most));
    // Who names a time was told already that it waits for a person, and wants to wait for the end.
    boolean orWaits = !arguments.has("wait");
    String task = arguments.text("task");
    String run = arguments.text("run");
    return answers.answer(request, task, runWait.await(request, task, run, orWaits, wait));
  }

  ObjectNode cancel(ToolRequest request) {
    Arguments arguments = new Arguments(request.arguments(), "task", "run");
    String task = arguments.text("task");
    Run run =
        runs.cancelled(
                request.caller(), request.profile(), task, arguments.text("run"), Entries.NONE)
            .run();
    return results.structured(answers.shown(request, task, run));
  }

  ObjectNode list(ToolRequest request) {
    Arguments arguments = new Arguments(request.arguments(), "task", "status", "limit", "cursor");
    String task = arguments.text("task");
    String status = arguments.textOrNull("status");
    String cursor = arguments.textOrNull("cursor");
    RunList list =
        runs.list(
            request.caller(),
            request.profile(),
            task,
            status == null ? EnumSet.allOf(RunStatus.class) : Set.of(arguments.status("status")),
            cursor == null ? Long.MAX_VALUE : RunCursor.of(cursor),
            arguments.number("limit", DEFAULT_LIST, 1, LONGEST_LIST),
            false,
            Entries.NONE);
    ObjectNode page = json.object();
    ArrayNode shown = page.putArray("runs");
    list.runs().forEach(one -> shown.add(answers.shown(request, task, one.run())));
    Long next = list.next();
    if (next != null) {
      page.put("cursor", RunCursor.after(next));
    }
    return results.structured(page);
  }

  /** Lists tasks with the beginnings of their prompts. */
  ObjectNode listTasks(ToolRequest request) {
    var _ = new Arguments(request.arguments());
    ObjectNode all = json.object();
    ArrayNode shown = all.putArray("tasks");
    tasks.each(
        request.caller(), request.profile(), Right.SEE, task -> list(task, shown.addObject()));
    return results.structured(all);
  }

  private static void list(TaskView task, ObjectNode one) {
    PromptParameters parameters = TasksAsTools.parameters(task);
    one.put("task", task.name()).put("enabled", task.enabled());
    one.put("prompt", TasksAsTools.excerpt(task.effective().prompt()));
    one.put("model", task.effective().model());
    ArrayNode required = one.putArray("required");
    parameters.texts().forEach(required::add);
    parameters.objects().forEach(required::add);
    parameters.optional().forEach(one.putArray("optional")::add);
  }

  // A call that is repeated with the same key is the same run, whichever process receives it. Keys
  // of different users are different keys.
  private String name(ToolRequest request) throws McpError {
    String key = request.message().idempotencyKey();
    if (key != null) {
      String scoped = request.caller().id() + " " + key;
      return "chat-" + HexFormat.of().formatHex(Sha256.of(scoped), 0, KEY_BYTES);
    }
    byte[] more = new byte[RANDOM_BYTES];
    random.nextBytes(more);
    return "chat-" + TIME.format(clock.instant()) + "-" + HexFormat.of().formatHex(more);
  }

  private static RunCause cause(ToolRequest request) {
    ClientInfo client = request.message().client();
    return new RunCause.Mcp(
        client == null ? null : new RunCause.Client(client.name(), client.version()),
        grant(request),
        RunCause.By.of(request.caller()));
  }

  private static RunCause.@Nullable Grant grant(ToolRequest request) {
    Rights rights = request.caller().rights();
    String label = rights.client();
    Rights.ByToken token = rights.token();
    return rights.areGranted() && label != null && token != null
        ? new RunCause.Grant(
            OAuthClient.shown(label), token.kind() == Rights.TokenKind.GRANTED ? token.id() : null)
        : null;
  }
}
