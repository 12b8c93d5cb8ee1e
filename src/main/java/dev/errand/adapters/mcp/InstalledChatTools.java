package dev.errand.adapters.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.http.PublicUrl;
import dev.errand.base.json.Json;
import dev.errand.base.limit.ElapsedClock;
import dev.errand.base.turn.WorkOwner;
import dev.errand.tools.install.ProfileToolbox;
import dev.errand.tools.install.ShownResults;
import dev.errand.tools.mcp.wire.McpTool;
import dev.errand.tools.port.ApprovalNeededException;
import dev.errand.tools.port.Tool;
import dev.errand.tools.port.ToolCall;
import dev.errand.tools.port.ToolLog;
import dev.errand.tools.port.ToolProgress;
import dev.errand.tools.port.ToolResult;
import dev.errand.tools.port.ToolSpec;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;

/** The installed tools of a profile as tools of a chat. */
@ApplicationScoped
class InstalledChatTools {
  private static final Logger LOG = Logger.getLogger(InstalledChatTools.class);
  private static final String HEADER_MARK = "x-mcp-header";
  private static final Duration LONGEST_CALL = Duration.ofMinutes(2);
  private static final Duration LONGEST_CHECK = Duration.ofSeconds(5);

  private final ProfileToolbox toolboxes;
  private final OutputSchemas schemas;
  private final ToolAnswers answers;
  private final ShownResults results;
  private final PublicUrl url;
  private final Json json;

  InstalledChatTools(
      ProfileToolbox toolboxes,
      OutputSchemas schemas,
      ToolAnswers answers,
      ShownResults results,
      PublicUrl url,
      Json json) {
    this.toolboxes = toolboxes;
    this.schemas = schemas;
    this.answers = answers;
    this.results = results;
    this.url = url;
    this.json = json;
  }

  /**
   * The tools that the visitor may call.
   *
   * @param taken the names of other tools; the names of these are added, even of hidden ones
   */
  List<ChatTool> of(ProfileCaller visitor, Set<String> taken) {
    List<Tool> tools = toolboxes.of(visitor.toolUser(), taken).tools();
    // Those of a list have it together.
    Instant until = ElapsedClock.now().plus(LONGEST_CHECK);
    return visitor.mayCallTools()
        ? tools.stream().map(tool -> shown(tool, visitor, until)).toList()
        : List.of();
  }

  private ChatTool shown(Tool tool, ProfileCaller visitor, Instant until) {
    return new ChatTool(
        tool.spec().name(),
        () -> declared(tool.spec(), visitor.workOwner(), until),
        request -> approved(tool, request, visitor));
  }

  private ObjectNode declared(ToolSpec spec, WorkOwner owner, Instant until) {
    ObjectNode declaration =
        json.object().put("name", spec.name()).put("description", spec.description());
    if (spec.hops() > 0) {
      declaration.putObject("_meta").put(McpTool.HOPS, spec.hops());
    }
    declaration.set("inputSchema", withoutMarks(spec.inputSchema().deepCopy()));
    try {
      schemas
          .shown(spec, owner, until)
          .ifPresent(schema -> declaration.set("outputSchema", schema));
    } catch (InterruptedException e) {
      // It is left out.
      Thread.currentThread().interrupt();
    }
    return declaration;
  }

  // Clients would also send marked parameters as header fields, which would have to be compared; no
  // intermediary here needs them.
  private static <T extends JsonNode> T withoutMarks(T schema) {
    if (schema instanceof ObjectNode object) {
      object.remove(HEADER_MARK);
    }
    schema.forEach(InstalledChatTools::withoutMarks);
    return schema;
  }

  private ObjectNode approved(Tool tool, ToolRequest request, ProfileCaller visitor)
      throws InterruptedException {
    try {
      return call(tool, request, visitor);
    } catch (ApprovalNeededException e) {
      return answers.error(
          "A person must approve this call of %s, which a chat can't do: nothing was called. Somebody who may approve it can make the call at %s"
              .formatted(e.tool(), url.resolve(e.page(), request::base)));
    }
  }

  private ObjectNode call(Tool tool, ToolRequest request, ProfileCaller visitor)
      throws InterruptedException {
    ToolCall call =
        new ToolCall(
            "call_" + UUID.randomUUID(),
            request.arguments(),
            ElapsedClock.now().plus(LONGEST_CALL),
            log(request.progress()));
    Revision revision = request.message().revision();
    if (!revision.isStateless()) {
      // Before that revision, a disconnect does not cancel the call.
      return shown(tool, tool.call(call), revision, visitor);
    }
    try (Disconnect _ = Disconnect.watch(request.gone())) {
      return shown(tool, tool.call(call), revision, visitor);
    }
  }

  private ObjectNode shown(Tool tool, ToolResult called, Revision revision, ProfileCaller visitor)
      throws InterruptedException {
    ToolResult result = results.held(visitor.caller().username(), called);
    Instant until = ElapsedClock.now().plus(LONGEST_CHECK);
    return answers.of(
        revision.hasOutputSchemas()
            ? schemas.fitting(tool.spec(), result, visitor.workOwner(), until)
            : result,
        revision);
  }

  private static ToolLog log(Progress progress) {
    return progress.isWanted() ? new ChatLog(progress) : ToolLog.NONE;
  }

  /**
   * Sends the client how far a tool says that the call has got, and until it says so the lines of
   * its log.
   */
  private static final class ChatLog implements ToolLog {
    private final Progress progress;
    private int lines;
    private boolean saysItself;

    ChatLog(Progress progress) {
      this.progress = progress;
    }

    @Override
    public boolean wantsProgress() {
      return true;
    }

    @Override
    public synchronized void line(int level, String line) {
      if (level >= INFO && !saysItself) {
        send(new ToolProgress(++lines, null, line));
      }
    }

    @Override
    public synchronized void progress(ToolProgress reached) {
      saysItself = true;
      send(reached);
    }

    private void send(ToolProgress reached) {
      try {
        progress.report(reached);
      } catch (IOException e) {
        // The client has disconnected, which ends the call.
        LOG.debugf("How far a tool has got could not be sent: %s", e.getMessage());
      }
    }
  }
}
