package dev.errand.tools.mcp.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.json.Json;
import dev.errand.base.limit.AnswerMemory;
import dev.errand.tools.mcp.wire.MirroredParameters.MalformedMarkException;
import dev.errand.tools.port.ToolLog;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The client of remote MCP servers, over Streamable HTTP: revision 2026-07-28, where each request
 * is independent, and those from 2025-03-26 to 2025-11-25, which open a session first.
 */
@ApplicationScoped
public class McpClient {
  /** The newest revision that it supports. */
  public static final String NEWEST = McpMessages.MODERN;

  /**
   * The key in {@code _meta} of a call by a run, for its depth, a whole number. A service that
   * starts a run by the call starts it one level deeper, so that chains over several services end.
   */
  public static final String RUN_DEPTH = "dev.errand/runDepth";

  /**
   * The key in {@code _meta} of a call by a run, for what names the run to the service that
   * executes it. A service that passes a call on should pass it on, too.
   */
  public static final String RUN = "dev.errand/run";

  private static final int MOST_PAGES = 50;
  private static final int MOST_TRIES = 3;
  private static final Duration BEFORE_ANOTHER_TRY = Duration.ofMillis(200);
  private static final String LIST = "tools/list";

  private final McpRequests requests;
  private final TaskPolling tasks;
  private final Json json;
  private final AtomicLong progressTokens = new AtomicLong();

  McpClient(McpRequests requests, TaskPolling tasks, Json json) {
    this.requests = requests;
    this.tasks = tasks;
    this.json = json;
  }

  /**
   * The tools that a server lists now. Its memory is held until it is closed.
   *
   * @param tools the declared tools, unchecked, in its order
   * @param takesTasks whether tools that it runs as tasks only can be called
   */
  public record Listing(
      String revision, List<JsonNode> tools, boolean takesTasks, AnswerMemory memory)
      implements AutoCloseable {
    @Override
    public void close() {
      memory.close();
    }
  }

  /**
   * The result of a call. Its memory is held until it is closed.
   *
   * @param isReconnected whether a session had to be opened for it, or the server required other
   *     header fields, so that it may have changed
   */
  public record Answer(
      String revision, JsonNode result, long bytes, boolean isReconnected, AnswerMemory memory)
      implements AutoCloseable {
    @Override
    public void close() {
      memory.close();
    }
  }

  /**
   * A call of a tool.
   *
   * @param runsAbove the depth of a run that the call starts; 0 for a person's call
   * @param run what names the run that calls; null where none does
   * @param log receives each request that is made for the call
   */
  public record Call(
      McpTool tool, ObjectNode arguments, int runsAbove, @Nullable String run, ToolLog log) {}

  /**
   * Discovers which revision a server uses, and lists its tools.
   *
   * @param time for all requests together
   * @param bytes the most bytes of one answer, and of all pages together
   */
  public Listing list(McpEndpoint endpoint, Duration time, int bytes)
      throws McpException, InterruptedException {
    AnswerMemory memory = requests.memory();
    boolean isHandedOver = false;
    try {
      Listing listing = list(endpoint, McpLimits.of(time, bytes, memory));
      isHandedOver = true;
      return listing;
    } finally {
      if (!isHandedOver) {
        memory.close();
      }
    }
  }

  private Listing list(McpEndpoint endpoint, McpLimits limits)
      throws McpException, InterruptedException {
    String revision = requests.discover(endpoint, limits);
    List<JsonNode> tools = new ArrayList<>();
    @Nullable String cursor = null;
    int left = limits.bytes();
    for (int page = 0; page < MOST_PAGES; page++) {
      ObjectNode params = json.object();
      if (cursor != null) {
        params.put("cursor", cursor);
      }
      McpLimits ofPage = new McpLimits(limits.end(), left, limits.log(), limits.memory());
      McpReply reply = requests.send(endpoint, revision, LIST, params.deepCopy(), Map.of(), ofPage);
      if (page == 0 && !McpMessages.isModern(revision) && requests.isForgotten(revision, reply)) {
        revision = requests.rediscover(endpoint, limits);
        reply = requests.send(endpoint, revision, LIST, params, Map.of(), ofPage);
      }
      McpErrors.check(endpoint.place(), reply);
      JsonNode result = reply.message().path("result");
      if (!result.path("tools").isArray()) {
        throw new McpException(McpFailure.UNUSABLE, endpoint.place() + " lists no tools.");
      }
      result.path("tools").forEach(tools::add);
      left -= (int) reply.bytes();
      cursor = result.path("nextCursor").textValue();
      if (cursor == null) {
        boolean takesTasks =
            McpMessages.isModern(revision) || requests.takesTasks(endpoint, revision);
        return new Listing(revision, List.copyOf(tools), takesTasks, limits.memory());
      }
    }
    throw new McpException(
        McpFailure.UNUSABLE,
        endpoint.place() + " lists its tools on more than " + MOST_PAGES + " pages.");
  }

  /**
   * Calls a tool. It is retried if nothing was sent, or if the tool declares that repeated calls
   * are safe.
   *
   * @param time for all tries together
   * @param bytes the most bytes of the answer
   * @throws McpException when there is no result; one of kind {@link McpFailure#ERROR} was sent by
   *     the server
   * @throws InterruptedException when the calling thread is interrupted; the connection is cut then
   */
  public Answer call(McpEndpoint endpoint, String revision, Call call, Duration time, int bytes)
      throws McpException, InterruptedException {
    AnswerMemory memory = requests.memory();
    boolean isHandedOver = false;
    try {
      Answer answer =
          callRepeatedly(endpoint, revision, call, McpLimits.of(time, bytes, call.log, memory));
      isHandedOver = true;
      return answer;
    } finally {
      if (!isHandedOver) {
        memory.close();
      }
    }
  }

  private Answer callRepeatedly(McpEndpoint endpoint, String revision, Call call, McpLimits limits)
      throws McpException, InterruptedException {
    for (int tries = 1; ; tries++) {
      try {
        return callOnce(endpoint, revision, call, limits);
      } catch (McpException e) {
        boolean harmless =
            switch (e.kind()) {
              case UNREACHED -> true;
              case BROKEN, BUSY -> call.tool.isRepeatable();
              case REFUSED, UNAUTHORIZED, UNUSABLE, ERROR -> false;
            };
        if (!harmless
            || tries == MOST_TRIES
            || limits.left().compareTo(BEFORE_ANOTHER_TRY.multipliedBy(2)) < 0) {
          throw e;
        }
        limits.memory().release();
        Thread.sleep(BEFORE_ANOTHER_TRY);
      }
    }
  }

  private Answer callOnce(McpEndpoint endpoint, String revision, Call call, McpLimits limits)
      throws McpException, InterruptedException {
    JsonNode pinned = call.tool.inputSchema();
    boolean connects = !requests.isReady(endpoint, revision);
    String spoken = connects ? requests.discover(endpoint, limits) : revision;
    McpReply reply = call(endpoint, spoken, call, pinned, limits);
    if (!connects && requests.isForgotten(spoken, reply)) {
      // The server did not execute the request. It was restarted, or replaced by one of the other
      // kind.
      String now = requests.rediscover(endpoint, limits);
      if (!(McpMessages.isModern(spoken) && McpMessages.isModern(now))) {
        connects = true;
        spoken = now;
        reply = call(endpoint, now, call, pinned, limits);
      }
    }
    if (McpMessages.isModern(spoken) && reply.isHeaderMismatch()) {
      Optional<JsonNode> marked = schemaNow(endpoint, call.tool, limits);
      if (marked.isPresent()) {
        connects = true;
        reply = call(endpoint, spoken, call, marked.get(), limits);
      }
    }
    McpErrors.check(endpoint.place(), reply);
    JsonNode result = reply.message().path("result");
    Optional<JsonNode> task = task(spoken, call.tool, result);
    if (task.isEmpty()) {
      return new Answer(spoken, result, reply.bytes(), connects, limits.memory());
    }
    TaskPolling.Ended ended = tasks.await(endpoint, spoken, task.get(), limits);
    return new Answer(
        spoken, ended.result(), reply.bytes() + ended.bytes(), connects, limits.memory());
  }

  /** The task that a server made of a call; empty where it answered the call itself. */
  private static Optional<JsonNode> task(String revision, McpTool tool, JsonNode result) {
    if (McpMessages.isModern(revision)) {
      return Optional.of(result).filter(task -> task.path("resultType").asText("").equals("task"));
    }
    return Optional.of(result.path("task")).filter(task -> tool.isTask() && task.isObject());
  }

  // Only for its marks: names, descriptions and schemas stay pinned.
  private Optional<JsonNode> schemaNow(McpEndpoint endpoint, McpTool tool, McpLimits limits)
      throws McpException, InterruptedException {
    McpLimits ofList = McpLimits.of(limits.left(), limits.bytes(), limits.memory());
    return list(endpoint, ofList).tools().stream()
        .filter(now -> now.path("name").asText("").equals(tool.name()))
        .findFirst()
        .map(now -> now.path("inputSchema"))
        .filter(schema -> malformedMarks(schema).isEmpty());
  }

  /**
   * @param marked the schema whose marks select the arguments that are also sent as header fields
   */
  private McpReply call(
      McpEndpoint endpoint, String revision, Call call, JsonNode marked, McpLimits limits)
      throws McpException, InterruptedException {
    Map<String, String> fields = new HashMap<>();
    if (McpMessages.isModern(revision)) {
      fields.putAll(mirrored(marked).fields(call.arguments));
      fields.put("Mcp-Name", FieldValue.of(call.tool.name()));
    }
    ObjectNode params = json.object().put("name", call.tool.name());
    params.set("arguments", call.arguments);
    if (call.runsAbove > 0) {
      params.withObjectProperty("_meta").put(RUN_DEPTH, call.runsAbove - 1);
    }
    if (call.run != null) {
      params.withObjectProperty("_meta").put(RUN, call.run);
    }
    if (call.log.wantsProgress()) {
      params
          .withObjectProperty("_meta")
          .put("progressToken", "call-" + progressTokens.incrementAndGet());
    }
    if (call.tool.isTask() && !McpMessages.isModern(revision)) {
      if (!requests.takesTasks(endpoint, revision)) {
        throw new McpException(
            McpFailure.ERROR,
            "%s runs the tool %s as a task only, and takes no tasks now."
                .formatted(endpoint.place(), call.tool.name()));
      }
      params.putObject("task").put("ttl", limits.left().toMillis());
    }
    return requests.send(endpoint, revision, "tools/call", params, fields, limits);
  }

  private static MirroredParameters mirrored(JsonNode schema) throws McpException {
    try {
      return MirroredParameters.of(schema);
    } catch (MalformedMarkException e) {
      throw new McpException(McpFailure.UNUSABLE, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Why a tool has to be left out because of the marks in its schema; empty where they are valid.
   */
  public static Optional<String> malformedMarks(JsonNode inputSchema) {
    try {
      var _ = MirroredParameters.of(inputSchema);
      return Optional.empty();
    } catch (MalformedMarkException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
