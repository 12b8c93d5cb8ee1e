package dev.errand.tools.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import dev.errand.tools.mcp.wire.McpTool;
import dev.errand.tools.mcp.wire.VisibleText;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How the tools of a server differ from those that are pinned.
 *
 * @param foundAt when the server first listed them
 */
@RegisterForReflection
@ApiSchema(
    value = "ToolChange",
    description = "Invisible characters are written out, such as `⟨U+200B⟩`.")
public record ToolChange(
    @Field("The tools to accept.") String digest,
    @Field Instant foundAt,
    @Field List<JsonNode> added,
    @Field List<String> removed,
    @Field List<Changed> changed) {
  /** A tool whose declaration differs. */
  @RegisterForReflection
  public record Changed(@Field String name, @Field JsonNode before, @Field JsonNode after) {}

  /** Compares the tools that a server lists with the pinned ones. */
  public static ToolChange of(ToolSet pinned, ToolSet now, Instant foundAt) {
    List<JsonNode> added = new ArrayList<>();
    List<Changed> changed = new ArrayList<>();
    for (McpTool tool : now.tools()) {
      Optional<McpTool> before = pinned.find(tool.name());
      if (before.isEmpty()) {
        added.add(shown(tool));
      } else if (!before.get().declared().equals(tool.declared())) {
        changed.add(new Changed(VisibleText.of(tool.name()), shown(before.get()), shown(tool)));
      }
    }
    List<String> removed =
        pinned.tools().stream()
            .map(McpTool::name)
            .filter(name -> now.find(name).isEmpty())
            .map(VisibleText::of)
            .toList();
    return new ToolChange(now.digest(), foundAt, added, removed, changed);
  }

  private static JsonNode shown(McpTool tool) {
    ObjectNode shown = VisibleText.ofSchema(tool.declared());
    return shown.put("name", VisibleText.of(tool.name()));
  }
}
