package dev.errand.adapters.tasktool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.Json;
import dev.errand.base.json.WellFormed;
import dev.errand.base.limit.ElapsedClock;
import dev.errand.base.turn.FairSemaphore;
import dev.errand.base.turn.WorkOwner;
import dev.errand.tools.port.PermittedTool;
import dev.errand.tools.port.ToolCall;
import dev.errand.tools.port.ToolResult;
import dev.errand.tools.port.ToolSource;
import dev.errand.tools.port.ToolSpec;
import dev.errand.tools.port.ToolUser;
import dev.errand.tools.servlet.limit.Limits;
import dev.errand.tools.servlet.limit.ServletConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * The tools of {@value #SLUG}, with which a run manages the tasks of its own profile. They were a
 * servlet once; every installed version of it now stands for this source, which needs no instance.
 */
@ApplicationScoped
class TaskToolSource implements ToolSource {
  /** The one servlet whose installations have these tools. */
  static final String SLUG = "errand/tasks";

  private static final Logger LOG = Logger.getLogger(TaskToolSource.class);
  private static final int MOST_LEVELS = 62;
  private static final int MOST_NAMED = 20;
  private static final int LONGEST_NAMED = 100;

  private final TaskTools tools;
  private final Json json;
  private final Limits limits;
  private final FairSemaphore calls;
  private final List<ToolSpec> specs;

  TaskToolSource(TaskTools tools, Json json, ServletConfig config) {
    this.tools = tools;
    this.json = json;
    this.limits = Limits.of(config);
    this.calls = new FairSemaphore(limits.calls());
    this.specs = TaskToolSpecs.read(json);
  }

  @Override
  public boolean offers(String slug) {
    return slug.equals(SLUG);
  }

  @Override
  public List<ToolSpec> tools(String address) {
    return specs;
  }

  @Override
  public Session open(ToolUser user) {
    return (tool, call) -> call(user, tool, call);
  }

  private ToolResult call(ToolUser user, PermittedTool tool, ToolCall call)
      throws InterruptedException {
    String arguments = WellFormed.text(call.arguments().toString());
    if (WellFormed.bytes(arguments).length > limits.input()) {
      return ToolResult.error(
          "The arguments are larger than the %s that a tool takes."
              .formatted(Limits.size(limits.input())));
    }
    if (levels(call.arguments()) > MOST_LEVELS) {
      return ToolResult.error("the JSON is nested too deeply");
    }
    WorkOwner owner = tool.owner(user.profileId());
    if (!calls.take(owner, Math.max(0, patience(call).toNanos()))) {
      return ToolResult.error("Too many tools are running: call it again later.");
    }
    try {
      ObjectNode asked = (ObjectNode) json.tree(arguments);
      Optional<String> wrong = unknownNames(tool.name(), asked);
      if (wrong.isPresent()) {
        return ToolResult.error(wrong.get());
      }
      String answer = json.write(done(user, tool.name(), asked, call));
      return WellFormed.bytes(answer).length > limits.output()
          ? ToolResult.error(
              ("The answer of the tool is larger than the %s that are allowed; request less"
                      + " at a time.")
                  .formatted(Limits.size(limits.output())))
          : ToolResult.text(WellFormed.text(answer));
    } catch (ApiException e) {
      return ToolResult.error(WellFormed.text(String.valueOf(e.getMessage())));
    } catch (RuntimeException e) {
      if (Thread.interrupted()) {
        // The interrupt broke the connection to the database, which may have executed the call.
        // Without a result, the call is repeated under its id, and finds what it has done.
        throw new InterruptedException();
      }
      LOG.warnf(e, "The tool %s failed", tool.shownName());
      return ToolResult.error("The tool failed on the server: call it again.");
    } finally {
      calls.give(owner);
    }
  }

  private Duration patience(ToolCall call) {
    return Collections.min(
        List.of(limits.queueTime(), Duration.between(ElapsedClock.now(), call.deadline())));
  }

  private Object done(ToolUser user, String tool, ObjectNode asked, ToolCall call)
      throws InterruptedException {
    return switch (tool) {
      case "list" -> tools.list(user, limits.output());
      case "create" -> tools.create(user, read(asked, TaskTools.NewTask.class));
      case "run" -> tools.run(user, call.id(), read(asked, TaskTools.RunOf.class));
      case "wait" -> tools.await(user, read(asked, TaskTools.WaitFor.class), left(call));
      case "schedule" -> tools.schedule(ofRun(user), read(asked, TaskTools.ScheduleOf.class));
      default -> throw ApiException.invalid("tool", "is unknown");
    };
  }

  // A run acts for the owner of the profile. A person who calls a tool may have fewer rights.
  private static ToolUser ofRun(ToolUser user) {
    if (user.runId() == null) {
      throw ApiException.invalid(
          "schedule",
          "only a run can create a schedule here: use PUT …/schedules/:schedule instead");
    }
    return user;
  }

  private Duration left(ToolCall call) {
    return Collections.min(
        List.of(limits.wallTime(), Duration.between(ElapsedClock.now(), call.deadline())));
  }

  // A misspelt argument would otherwise be ignored silently.
  private Optional<String> unknownNames(String tool, ObjectNode asked) {
    List<String> known =
        specs.stream()
            .filter(spec -> spec.name().equals(tool))
            .flatMap(spec -> names(spec.inputSchema().path("properties")).stream())
            .toList();
    List<String> unknown =
        names(asked).stream().filter(name -> !known.contains(name)).limit(MOST_NAMED).toList();
    return unknown.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "Unknown arguments: %s. The tool takes %s."
                .formatted(
                    unknown.stream().map(TaskToolSource::excerpt).collect(Collectors.joining(", ")),
                    String.join(", ", known)));
  }

  private <T> T read(ObjectNode asked, Class<T> type) {
    return json.convert(asked, type)
        .orElseThrow(
            () -> ApiException.invalid("arguments", "do not match the schema of the tool"));
  }

  private static List<String> names(JsonNode object) {
    return object.properties().stream().map(property -> property.getKey()).toList();
  }

  private static String excerpt(String name) {
    return WellFormed.excerpt(name, LONGEST_NAMED);
  }

  private static int levels(JsonNode node) {
    int deepest = 0;
    for (JsonNode inner : node) {
      deepest = Math.max(deepest, inner.isContainerNode() ? levels(inner) : 0);
    }
    return deepest + 1;
  }
}
