package dev.errand.adapters.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.limit.LruCache;
import dev.errand.base.secret.Sha256;
import dev.errand.base.turn.RunChecks;
import dev.errand.base.turn.WorkOwner;
import dev.errand.models.output.SchemaCheck;
import dev.errand.models.output.Subschema;
import dev.errand.tools.mcp.wire.VisibleText;
import dev.errand.tools.port.Content;
import dev.errand.tools.port.ToolResult;
import dev.errand.tools.port.ToolSpec;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The output schemas of installed tools, as far as chats get them. Results are promised to fit
 * them, so that one which Errand can't check is left out; a client may also refuse a whole list of
 * tools for one schema that it can't read.
 */
@ApplicationScoped
class OutputSchemas {
  private static final int MOST_REMEMBERED = 1000;

  // By the digest of a schema, whether it can be checked.
  private final LruCache<String, Boolean> checkable = new LruCache<>(MOST_REMEMBERED);

  private final RunChecks checks;

  OutputSchemas(RunChecks checks) {
    this.checks = checks;
  }

  /**
   * The schema of a tool's results that chats get; empty for none, and where the time is up before
   * it is known whether it can be checked.
   *
   * @param owner whose turns its check has
   * @param until when the time is up
   */
  Optional<ObjectNode> shown(ToolSpec spec, WorkOwner owner, Instant until)
      throws InterruptedException {
    ObjectNode given = spec.outputSchema();
    // Before 2026-07-28, clients accept no other.
    if (given == null || !given.path("type").asText("").equals("object")) {
      return Optional.empty();
    }
    ObjectNode visible = VisibleText.ofSchema(given);
    visible.remove("$schema");
    // Formats are not checked here, and so not promised.
    return isCheckable(visible, owner, until)
        ? Optional.of(Subschema.moved(visible, ""))
        : Optional.empty();
  }

  private boolean isCheckable(ObjectNode schema, WorkOwner owner, Instant until)
      throws InterruptedException {
    String digest = Sha256.hex(schema.toString());
    Optional<Boolean> known = checkable.find(digest);
    if (known.isPresent()) {
      return known.get();
    }
    boolean is = true;
    try {
      checks.call(
          owner,
          until,
          () -> {
            SchemaCheck.check(schema);
            return true;
          });
    } catch (ApiException e) {
      is = false;
    } catch (TimeoutException e) {
      return false;
    }
    checkable.put(digest, is);
    return is;
  }

  /**
   * The result as a chat gets it: one that does not fit the schema of its tool is an error, which
   * keeps what the tool said.
   */
  ToolResult fitting(ToolSpec spec, ToolResult result, WorkOwner owner, Instant until)
      throws InterruptedException {
    Optional<ObjectNode> schema = shown(spec, owner, until);
    if (schema.isEmpty()) {
      return result;
    }
    List<String> problems = problems(schema.get(), result.structured(), owner, until);
    if (problems.isEmpty()) {
      return result;
    }
    List<Content> content = new ArrayList<>(result.content());
    if (!result.isError()) {
      content.add(
          new Content.Text(
              "The tool was called, but its result does not fit its output schema: "
                  + String.join(" ", problems)));
    }
    return new ToolResult(content, true);
  }

  private List<String> problems(
      ObjectNode schema, @Nullable JsonNode structured, WorkOwner owner, Instant until)
      throws InterruptedException {
    if (!(structured instanceof ObjectNode object)) {
      return List.of("It has no object as structured content.");
    }
    try {
      return checks.call(owner, until, () -> SchemaCheck.misfits(schema, object));
    } catch (TimeoutException e) {
      return List.of("It was not checked in time.");
    }
  }
}
