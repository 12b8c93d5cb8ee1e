package dev.errand.tools.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.base.database.Outage;
import dev.errand.base.json.WellFormed;
import dev.errand.base.limit.ElapsedClock;
import dev.errand.base.turn.FairSemaphore;
import dev.errand.base.turn.WorkOwner;
import dev.errand.tools.mcp.wire.McpClient;
import dev.errand.tools.mcp.wire.McpEndpoint;
import dev.errand.tools.mcp.wire.McpException;
import dev.errand.tools.mcp.wire.McpFailure;
import dev.errand.tools.mcp.wire.McpTool;
import dev.errand.tools.port.ContentParser;
import dev.errand.tools.port.PermittedTool;
import dev.errand.tools.port.ToolCall;
import dev.errand.tools.port.ToolLog;
import dev.errand.tools.port.ToolResult;
import dev.errand.tools.port.ToolSource;
import dev.errand.tools.port.ToolSpec;
import dev.errand.tools.port.ToolUser;
import io.quarkus.runtime.configuration.MemorySize;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import org.jboss.logging.Logger;

/** The pinned tools of remote MCP servers. */
@ApplicationScoped
public class McpToolSource implements ToolSource {
  /**
   * Stands for a remote server where others have the slug of a servlet; no user has such a name.
   */
  public static final String SLUG = "~mcp/server";

  private static final Logger LOG = Logger.getLogger(McpToolSource.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int MOST_ARGUMENTS = 4 * 1024 * 1024;

  private final RemoteServerStore store;
  private final AuthorizedRequests requests;
  private final ToolSets sets;
  private final McpClient client;
  private final RunReferences references;
  private final RemoteToolsConfig config;
  private final FairSemaphore calls;

  McpToolSource(
      RemoteServerStore store,
      AuthorizedRequests requests,
      ToolSets sets,
      McpClient client,
      RunReferences references,
      RemoteToolsConfig config) {
    this.store = store;
    this.requests = requests;
    this.sets = sets;
    this.client = client;
    this.references = references;
    this.config = config;
    this.calls = new FairSemaphore(config.calls());
  }

  @Override
  public boolean offers(String slug) {
    return slug.equals(SLUG);
  }

  @Override
  public List<ToolSpec> tools(String address) {
    return sets.find(address).map(ToolSet::specs).orElse(List.of());
  }

  @Override
  public Session open(ToolUser user) {
    return new Session() {
      @Override
      public ToolResult call(PermittedTool tool, ToolCall call) throws InterruptedException {
        return McpToolSource.this.call(user, tool, call);
      }

      @Override
      public Optional<Lack> prepare(UUID installationId) throws InterruptedException {
        Optional<RemoteServer> server = Outage.outlast(PATIENCE, () -> store.find(installationId));
        return server.isPresent()
            ? requests.prepare(server.get(), config.listTime())
            : Optional.empty();
      }
    };
  }

  private ToolResult call(ToolUser user, PermittedTool tool, ToolCall call)
      throws InterruptedException {
    Optional<McpTool> pinned =
        Outage.outlast(PATIENCE, () -> sets.find(tool.address()))
            .flatMap(tools -> tools.find(tool.name()));
    Optional<RemoteServer> server =
        Outage.outlast(PATIENCE, () -> store.find(tool.installationId()));
    if (pinned.isEmpty() || server.isEmpty()) {
      return ToolResult.error("The tool " + tool.shownName() + " is no longer installed.");
    }
    if (WellFormed.bytes(call.arguments().toString()).length > MOST_ARGUMENTS) {
      return ToolResult.error("The arguments are larger than the 4 MiB that a tool takes.");
    }
    WorkOwner owner = tool.owner(user.profileId());
    if (!calls.take(owner, Math.max(0, left(call).toNanos()))) {
      return ToolResult.error("Too many tools are running: call it again later.");
    }
    try {
      return call(user, server.get(), pinned.get(), call);
    } finally {
      calls.give(owner);
    }
  }

  private ToolResult call(ToolUser user, RemoteServer server, McpTool tool, ToolCall call)
      throws InterruptedException {
    long start = System.nanoTime();
    Duration left = left(call);
    if (!left.isPositive()) {
      return ToolResult.error("The time for the call is used up.");
    }
    String named = user.parent() == null ? null : references.of(user.parent());
    try (McpClient.Answer answer =
        requests.ask(
            server,
            left,
            endpoint ->
                client.call(
                    endpoint,
                    server.revision(),
                    new McpClient.Call(tool, call.arguments(), user.runsAbove(), named, call.log()),
                    left(call),
                    bytes(config.answer())))) {
      log(call, server, start, "answered with " + answer.bytes() + " bytes");
      note(server, answer);
      return ResultContent.of(answer.result());
    } catch (McpException e) {
      log(call, server, start, "gave no result");
      if (e.isTokenRefused() && !server.usesOAuth()) {
        noted(() -> store.noteCall(server, e));
      }
      if (e.kind() != McpFailure.UNREACHED && e.kind() != McpFailure.BUSY) {
        // It may list other tools now, or no longer accept the credentials.
        noted(() -> store.checkSoon(server.installationId()));
      }
      return ToolResult.error(WellFormed.text(e.sentence()));
    }
  }

  /** The most bytes of a size, which is read into one array. */
  static int bytes(MemorySize size) {
    return (int) Math.min(size.asLongValue(), Integer.MAX_VALUE);
  }

  private void note(RemoteServer server, McpClient.Answer answer) {
    if (server.refused()) {
      noted(() -> store.noteCall(server, null));
    }
    if (!answer.revision().equals(server.revision())) {
      noted(() -> store.noteRevision(server.installationId(), answer.revision()));
    }
    if (answer.isReconnected()) {
      noted(() -> store.checkSoon(server.installationId()));
    }
  }

  // Storing the state must not lose the result.
  private static void noted(Runnable note) {
    try {
      note.run();
    } catch (RuntimeException e) {
      LOG.debugf("The state of a remote server could not be stored: %s", e.getMessage());
    }
  }

  private static void log(ToolCall call, RemoteServer server, long start, String what) {
    call.log()
        .line(
            ToolLog.INFO,
            "%s %s in %d ms (MCP %s)"
                .formatted(
                    McpEndpoint.place(server.url()),
                    what,
                    (System.nanoTime() - start) / 1_000_000,
                    server.revision()));
  }

  private Duration left(ToolCall call) {
    Duration ofRun = Duration.between(ElapsedClock.now(), call.deadline());
    return ofRun.compareTo(config.callTime()) < 0 ? ofRun : config.callTime();
  }

  /** Converts the answer of a remote tool to a result for the model. */
  private static final class ResultContent {
    private static final int MOST_OF_A_WORD = 200;

    private ResultContent() {}

    static ToolResult of(JsonNode result) {
      String type = result.path("resultType").asText("complete");
      if (type.equals("input_required")) {
        return ToolResult.error(
            "The tool needs input%s that Errand can't provide, and did not finish."
                .formatted(asked(result.path("inputRequests"))));
      }
      if (!type.equals("complete")) {
        return ToolResult.error(
            "The tool returned a result of the type \"%s\", which Errand can't read."
                .formatted(word(type)));
      }
      return ContentParser.parse(result)
          .orElseGet(() -> ToolResult.error("The tool's answer has no content."));
    }

    private static String asked(JsonNode requests) {
      TreeSet<String> methods = new TreeSet<>();
      requests.forEach(request -> methods.add(word(request.path("method").asText(""))));
      methods.remove("");
      return methods.isEmpty() ? "" : " (" + String.join(", ", methods) + ")";
    }

    private static String word(String text) {
      return WellFormed.cut(text, MOST_OF_A_WORD);
    }
  }
}
