package dev.errand.tools.servlet.abi;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.base.error.SpellingSuggestion;
import dev.errand.base.json.WellFormed;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Refuses misspelt keys in the description of a tool, which would otherwise lose its schema or its
 * text. Other unknown keys are ignored, as in the Model Context Protocol: kits of other languages
 * write the keys of its later revisions.
 */
final class ToolKeys {
  /** The keys that are read. */
  private static final Set<String> READ = Set.of("name", "description", "inputSchema");

  /** The keys of a tool in the Model Context Protocol. */
  private static final List<String> KNOWN =
      List.of(
          "name",
          "title",
          "description",
          "inputSchema",
          "outputSchema",
          "annotations",
          "icons",
          "execution",
          "_meta");

  /** The names that other interfaces have for the same. */
  private static final Map<String, String> ELSEWHERE =
      Map.of(
          "parameters", "inputSchema",
          "params", "inputSchema",
          "arguments", "inputSchema",
          "args", "inputSchema",
          "input", "inputSchema",
          "inputs", "inputSchema",
          "schema", "inputSchema",
          "desc", "description");

  /** The keywords of a JSON Schema that are often written beside it. */
  private static final Set<String> OF_A_SCHEMA =
      Set.of("properties", "required", "additionalProperties", "$defs");

  private ToolKeys() {}

  /**
   * Checks the keys of one tool.
   *
   * @throws InvalidServletException naming the key, and the one that was probably meant
   */
  static void check(JsonNode tool) throws InvalidServletException {
    for (var entry : tool.properties()) {
      var key = entry.getKey();
      if (KNOWN.contains(key) || entry.getValue().isNull()) {
        continue;
      }
      var place = "The description of the tool " + shown(tool) + " has the key \"" + cut(key);
      if (OF_A_SCHEMA.contains(key)) {
        throw new InvalidServletException(place + "\", which belongs in its \"inputSchema\".");
      }
      var meant =
          Optional.ofNullable(ELSEWHERE.get(key))
              .or(() -> SpellingSuggestion.of(key, KNOWN))
              .filter(READ::contains);
      // A kit may write both spellings, which does no harm where both say the same.
      if (meant.isPresent() && !entry.getValue().equals(tool.get(meant.get()))) {
        throw new InvalidServletException(
            place
                + "\"; did you mean \""
                + meant.get()
                + "\"? Without that key the tool would have no "
                + meant.get()
                + ".");
      }
    }
  }

  private static String shown(JsonNode tool) {
    return "\"" + cut(tool.path("name").asText("?")) + "\"";
  }

  private static String cut(String text) {
    return WellFormed.text(text.substring(0, Math.min(text.length(), 100)));
  }
}
