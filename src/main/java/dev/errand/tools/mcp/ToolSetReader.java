package dev.errand.tools.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.json.Json;
import dev.errand.base.json.WellFormed;
import dev.errand.base.secret.Sha256;
import dev.errand.tools.mcp.wire.McpClient;
import dev.errand.tools.mcp.wire.McpException;
import dev.errand.tools.mcp.wire.McpFailure;
import dev.errand.tools.mcp.wire.McpTool;
import dev.errand.tools.mcp.wire.VisibleText;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Checks the tools that a server lists, and builds the canonical text for their digest. */
@ApplicationScoped
public class ToolSetReader {
  private static final int MOST_TOOLS = 256;
  private static final int MOST_NAME = 128;
  private static final int MOST_LEVELS = 62;
  private static final int LONGEST = 512 * 1024;
  private static final int MOST_LEFT_OUT = 50;
  private static final int MOST_HOPS = 1;
  private static final List<String> PINNED =
      List.of("name", "title", "description", "inputSchema", "outputSchema", "annotations");

  private final Json json;

  ToolSetReader(Json json) {
    this.json = json;
  }

  /**
   * Checks a list. Tools that can't be used are left out.
   *
   * @throws McpException when it is too large
   */
  public FoundTools check(McpClient.Listing listing) throws McpException {
    SortedMap<String, JsonNode> kept = new TreeMap<>();
    List<String> leftOut = new ArrayList<>();
    for (JsonNode tool : listing.tools()) {
      String name = tool.path("name").asText("");
      Optional<String> why = fault(tool, name, kept, listing.takesTasks());
      if (why.isEmpty()) {
        kept.put(name, canonical(pinned(tool)));
      } else if (leftOut.size() < MOST_LEFT_OUT) {
        leftOut.add(VisibleText.of(WellFormed.beginning(name, MOST_NAME)) + ": " + why.get());
      }
    }
    ArrayNode all = json.array().addAll(kept.values());
    String text = WellFormed.text(json.write(all));
    if (kept.size() > MOST_TOOLS || text.length() > LONGEST) {
      throw new McpException(
          McpFailure.UNUSABLE,
          "The server lists %d tools in %d characters; at most %d in %d are accepted."
              .formatted(kept.size(), text.length(), MOST_TOOLS, LONGEST));
    }
    return new FoundTools(listing.revision(), read(Sha256.hex(text), text), leftOut);
  }

  /** Reads pinned tools. */
  ToolSet read(String digest, String text) {
    List<McpTool> tools = new ArrayList<>();
    json.tree(text).forEach(tool -> tools.add(new McpTool((ObjectNode) tool)));
    return new ToolSet(digest, text, tools);
  }

  /** Why a name can't be that of a tool; empty where it can. */
  public static Optional<String> nameFault(String name) {
    if (name.isBlank() || name.length() > MOST_NAME) {
      return Optional.of("its name is not 1 to " + MOST_NAME + " characters");
    }
    return VisibleText.isHidden(name)
        ? Optional.of("its name has invisible characters")
        : Optional.empty();
  }

  private static Optional<String> fault(
      JsonNode tool, String name, Map<String, JsonNode> kept, boolean takesTasks) {
    Optional<String> ofName = nameFault(tool.path("name").isTextual() ? name : "");
    if (ofName.isPresent()) {
      return ofName;
    }
    if (McpTool.hops(tool) > MOST_HOPS) {
      return Optional.of("the server gets it from a server that gets it from another one");
    }
    if (kept.containsKey(name)) {
      return Optional.of("another tool has its name");
    }
    if (McpTool.isTask(tool) && !takesTasks) {
      return Optional.of("the server runs it as a task only, and announces no tasks of tools");
    }
    JsonNode schema = tool.path("inputSchema");
    if (!schema.path("type").asText("object").equals("object") || !schema.isObject()) {
      return Optional.of("its inputSchema is not that of an object");
    }
    if (schema.has("properties") && !schema.get("properties").isObject()) {
      return Optional.of("the \"properties\" of its inputSchema are not an object");
    }
    if (levels(tool, 0) > MOST_LEVELS) {
      return Optional.of("its schemas are nested deeper than " + MOST_LEVELS + " levels");
    }
    if (VisibleText.isHiddenInData(schema)) {
      return Optional.of("its inputSchema has names or values with invisible characters");
    }
    return McpClient.malformedMarks(schema);
  }

  private static int levels(JsonNode node, int above) {
    int deepest = above;
    if (above <= MOST_LEVELS) {
      for (JsonNode child : node) {
        deepest = Math.max(deepest, levels(child, above + 1));
      }
    }
    return deepest;
  }

  private ObjectNode pinned(JsonNode tool) {
    ObjectNode pinned = json.object();
    for (String field : PINNED) {
      JsonNode value = tool.path(field);
      if (!value.isMissingNode() && !value.isNull()) {
        pinned.set(field, value);
      }
    }
    if (McpTool.hops(tool) > 0) {
      pinned.putObject("_meta").put(McpTool.HOPS, McpTool.hops(tool));
    }
    // What else it may have says nothing of how it is called here.
    if (McpTool.isTask(tool)) {
      pinned.putObject("execution").put("taskSupport", "required");
    }
    ObjectNode schema = (ObjectNode) pinned.path("inputSchema");
    if (!schema.has("type")) {
      pinned.set("inputSchema", schema.deepCopy().put("type", "object"));
    }
    return pinned;
  }

  private JsonNode canonical(JsonNode node) {
    if (node.isArray()) {
      ArrayNode array = json.array();
      node.forEach(element -> array.add(canonical(element)));
      return array;
    }
    if (!node.isObject()) {
      return node;
    }
    SortedMap<String, JsonNode> fields = new TreeMap<>();
    node.properties().forEach(field -> fields.put(field.getKey(), canonical(field.getValue())));
    ObjectNode object = json.object();
    object.setAll(fields);
    return object;
  }
}
