package dev.errand.adapters.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.limit.LruCache;
import dev.errand.base.secret.Sha256;
import dev.errand.models.output.SchemaCheck;
import dev.errand.models.output.Subschema;
import dev.errand.tools.mcp.wire.VisibleText;
import dev.errand.tools.port.Content;
import dev.errand.tools.port.ToolResult;
import dev.errand.tools.port.ToolSpec;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

  /** The schema of a tool's results that chats get; empty for none. */
  Optional<ObjectNode> shown(ToolSpec spec) {
    ObjectNode given = spec.outputSchema();
    // Before 2026-07-28, clients accept no other.
    if (given == null || !given.path("type").asText("").equals("object")) {
      return Optional.empty();
    }
    ObjectNode visible = VisibleText.ofSchema(given);
    visible.remove("$schema");
    // Formats are not checked here, and so not promised.
    return isCheckable(visible) ? Optional.of(Subschema.moved(visible, "")) : Optional.empty();
  }

  private boolean isCheckable(ObjectNode schema) {
    String digest = Sha256.hex(schema.toString());
    Optional<Boolean> known = checkable.find(digest);
    if (known.isPresent()) {
      return known.get();
    }
    boolean is = true;
    try {
      SchemaCheck.check(schema);
    } catch (ApiException e) {
      is = false;
    }
    checkable.put(digest, is);
    return is;
  }

  /**
   * The result as a chat gets it: one that does not fit the schema of its tool is an error, which
   * keeps what the tool said.
   */
  ToolResult fitting(ToolSpec spec, ToolResult result) {
    Optional<ObjectNode> schema = shown(spec);
    if (schema.isEmpty()) {
      return result;
    }
    List<String> problems = problems(schema.get(), result.structured());
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

  private static List<String> problems(ObjectNode schema, @Nullable JsonNode structured) {
    return structured instanceof ObjectNode object
        ? SchemaCheck.misfits(schema, object)
        : List.of("It has no object as structured content.");
  }
}
