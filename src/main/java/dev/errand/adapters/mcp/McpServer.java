package dev.errand.adapters.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.adapters.mcp.CallingRuns.CallingRun;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.Traces;
import dev.errand.base.json.Json;
import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.ProfileSlug;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The methods of the protocol, for revisions with and without {@code initialize}. */
@ApplicationScoped
public class McpServer {
  private static final int PAGE = 200;
  // Behind so many, a page has no further tools. One has half a megabyte at most.
  private static final long PAGE_CHARACTERS = 1_000_000;
  private static final int LIST_TTL_MS = 60_000;
  private static final int DISCOVERY_TTL_MS = 3_600_000;
  // Errors that are answered by an HTTP status instead of a result.
  private static final Set<ErrorCode> BY_HTTP =
      Set.of(
          ErrorCode.UNAUTHENTICATED,
          ErrorCode.SCOPE_MISSING,
          ErrorCode.PROFILE_NOT_FOUND,
          ErrorCode.RATE_LIMITED);
  private static final String INSTRUCTIONS =
      """
      Tools named run_… run tasks of this Errand profile: assistants with a prompt, a model and \
      tools of their own. A run that takes longer than a call may wait goes on by itself: ask for \
      its answer with get_run. A run whose tool calls need approval waits for a person: tell your \
      user, who decides at the address that the answer names. No tool can.\
      """;

  private final ChatTools tools;
  private final CallingRuns callers;
  private final ProtocolTasks tasks;
  private final ToolAnswers answers;
  private final ScopeChallenge challenge;
  private final Traces traces;
  private final Json json;
  private final String version;

  McpServer(
      ChatTools tools,
      CallingRuns callers,
      ProtocolTasks tasks,
      ToolAnswers answers,
      ScopeChallenge challenge,
      Traces traces,
      Json json,
      @ConfigProperty(name = "quarkus.application.version") String version) {
    this.tools = tools;
    this.callers = callers;
    this.tasks = tasks;
    this.answers = answers;
    this.challenge = challenge;
    this.traces = traces;
    this.json = json;
    this.version = version;
  }

  /** A request that has passed all checks so far, to be performed once. */
  @FunctionalInterface
  public interface Prepared {
    /**
     * Performs it.
     *
     * @return its result
     * @throws ApiException where an HTTP status answers: the caller may not do this, or not now
     * @throws McpError an error for the client's program
     * @throws IOException when the client has disconnected
     */
    ObjectNode perform(Progress progress) throws McpError, InterruptedException, IOException;
  }

  /**
   * Checks that a caller may see a profile, before it learns what is wrong with its message.
   *
   * @throws ApiException when it may not
   */
  public void check(Caller caller, ProfileSlug profile) {
    tools.check(caller, profile);
  }

  /**
   * Prepares a request: the tool that it calls is looked up, so that a call of an unknown tool is
   * refused before an answer begins.
   *
   * @param base the base of the client's request, for links
   * @param gone receives an action to be run when the client disconnects
   * @throws ApiException as {@link Prepared#perform} does
   * @throws McpError as {@link Prepared#perform} does
   */
  public Prepared prepare(
      Caller caller, ProfileSlug profile, McpRequest request, URI base, Consumer<Runnable> gone)
      throws McpError {
    request.traceparent().ifPresent(traces::causedBy);
    Caller by = by(caller, request);
    boolean isCall = request.method().equals("tools/call");
    CallingRun run = isCall ? callers.of(by, request) : CallingRun.NONE;
    ChatTool tool = isCall ? tool(by, profile, request, run) : null;
    ObjectNode arguments = isCall ? arguments(request) : json.object();
    return progress -> {
      ToolRequest inProfile =
          new ToolRequest(by, profile, arguments, request, run, progress, base, gone);
      ObjectNode result;
      if (tool != null) {
        result = call(tool, inProfile);
      } else {
        result = request.revision().isStateless() ? stateless(inProfile) : withSessions(inProfile);
      }
      return request.revision().isStateless() ? complete(result) : result;
    };
  }

  private static Caller by(Caller caller, McpRequest request) {
    // An OAuth client is known; for other credentials, the client's own name is used.
    return request.client() == null || caller.rights().client() != null
        ? caller
        : caller.byClient(request.client().toString());
  }

  private ObjectNode stateless(ToolRequest request)
      throws McpError, InterruptedException, IOException {
    return switch (request.message().method()) {
      case "server/discover" -> discover(request);
      case "tools/list" -> cached(list(request), LIST_TTL_MS);
      case "tasks/get" -> tasks.get(request);
      case "tasks/update" -> tasks.update(request);
      case "tasks/cancel" -> tasks.cancel(request);
      default -> throw unknown(request.message());
    };
  }

  private ObjectNode withSessions(ToolRequest request)
      throws McpError, InterruptedException, IOException {
    return switch (request.message().method()) {
      case "initialize" -> initialize(request);
      case "ping" -> json.object();
      case "tools/list" -> list(request);
      default -> throw unknown(request.message());
    };
  }

  private static McpError unknown(McpRequest request) {
    return McpError.of(
        McpError.METHOD_NOT_FOUND,
        "This server does not offer the method " + request.method() + ".");
  }

  private ObjectNode complete(ObjectNode result) {
    if (!result.has("resultType")) {
      result.put("resultType", "complete");
    }
    result.putObject("_meta").set(McpRequest.META + "serverInfo", serverInfo());
    return result;
  }

  private ObjectNode serverInfo() {
    return json.object().put("name", "errand").put("title", "Errand").put("version", version);
  }

  private ObjectNode initialize(ToolRequest request) throws McpError {
    tools.check(request.caller(), request.profile());
    String asked = request.message().text("protocolVersion");
    Revision revision =
        Revision.of(asked).filter(known -> !known.isStateless()).orElse(Revision.SESSIONS);
    ObjectNode result = json.object().put("protocolVersion", revision.code());
    result.putObject("capabilities").putObject("tools");
    result.set("serverInfo", serverInfo());
    return result.put("instructions", INSTRUCTIONS);
  }

  private ObjectNode discover(ToolRequest request) {
    tools.check(request.caller(), request.profile());
    ObjectNode result = json.object();
    Revision.codes().forEach(result.putArray("supportedVersions")::add);
    ObjectNode capabilities = result.putObject("capabilities");
    capabilities.putObject("tools");
    capabilities.putObject("extensions").putObject(McpRequest.TASKS);
    result.put("instructions", INSTRUCTIONS);
    return cached(result, DISCOVERY_TTL_MS);
  }

  private static ObjectNode cached(ObjectNode result, int ttlMs) {
    return result.put("ttlMs", ttlMs).put("cacheScope", "private");
  }

  private ObjectNode list(ToolRequest request) throws McpError {
    List<ChatTool> all = tools.list(request.caller(), request.profile());
    JsonNode cursor = request.message().params().path("cursor");
    int from = 0;
    if (!cursor.isMissingNode() && !cursor.isNull()) {
      from = after(cursor.asText(), all);
    }
    int most = Math.min(all.size(), from + PAGE);
    ObjectNode result = json.object();
    ArrayNode shown = result.putArray("tools");
    int to = from;
    for (long size = 0; to < most && size < PAGE_CHARACTERS; to++) {
      ObjectNode declaration = all.get(to).declaration();
      if (declaration != null) {
        size += declaration.toString().length();
        shown.add(declaration);
      }
    }
    if (to < all.size()) {
      result.put("nextCursor", cursor(all.get(to - 1)));
    }
    return result;
  }

  private static String cursor(ChatTool last) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(last.name().getBytes(StandardCharsets.UTF_8));
  }

  private static int after(String cursor, List<ChatTool> all) throws McpError {
    for (int i = 0; i < all.size(); i++) {
      if (cursor(all.get(i)).equals(cursor)) {
        return i + 1;
      }
    }
    throw McpError.of(McpError.INVALID_PARAMS, "The cursor is unknown: list from the start.");
  }

  private ObjectNode arguments(McpRequest request) throws McpError {
    JsonNode given = request.params().path("arguments");
    if (!given.isObject() && !given.isMissingNode() && !given.isNull()) {
      throw McpError.of(McpError.INVALID_PARAMS, "params.arguments must be an object.");
    }
    return given instanceof ObjectNode object ? object : json.object();
  }

  private ChatTool tool(Caller caller, ProfileSlug profile, McpRequest request, CallingRun run)
      throws McpError {
    String name = request.text("name");
    Optional<ChatTool> found;
    try {
      found = tools.find(caller, profile, name, run);
    } catch (ApiException e) {
      throw e.code() == ErrorCode.SCOPE_MISSING
          ? challenge.toTool(caller, profile, name).orElse(e)
          : e;
    }
    if (found.isPresent()) {
      return found.get();
    }
    Optional<ApiException> lacking = challenge.toTool(caller, profile, name);
    if (lacking.isPresent()) {
      throw lacking.get();
    }
    throw McpError.of(
        McpError.INVALID_PARAMS,
        "There is no tool " + name + ": tools/list returns the available ones.");
  }

  private ObjectNode call(ChatTool tool, ToolRequest request)
      throws McpError, InterruptedException, IOException {
    try {
      return tool.call().now(request);
    } catch (ApiException e) {
      if (BY_HTTP.contains(e.code())) {
        throw e;
      }
      return answers.error(String.valueOf(e.getMessage()));
    }
  }
}
