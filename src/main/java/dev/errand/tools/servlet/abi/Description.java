package dev.errand.tools.servlet.abi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.SpellingSuggestion;
import dev.errand.base.json.Durations;
import dev.errand.base.json.WellFormed;
import dev.errand.tools.port.ToolSpec;
import dev.errand.tools.servlet.limit.Limits;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parses and checks the tools that a servlet describes. */
public final class Description {
  private static final int MOST_NAME = 128;
  private static final int MOST_TEXT = 8_192;

  /** The magnitude of numbers that most JSON parsers can represent. */
  private static final int MOST_DIGITS = 308;

  private final JsonMapper json =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private final Limits limits;

  public Description(Limits limits) {
    this.limits = limits;
  }

  /** The tools, in the servlet's order. */
  public List<ToolSpec> tools(Ending ending) throws InvalidServletException {
    return switch (ending) {
      case Ending.Returned(var output) when output.length > 0 -> parsed(output);
      case Ending.Returned _ -> throw failed("it set no output.");
      case Ending.ReturnedError(var sentence) -> throw failed(sentence);
      case Ending.Failed(var sentence) -> throw failed(sentence);
      case Ending.Interrupted _ ->
          throw new InvalidServletException(
              "The servlet's \"describe\" took longer than %s."
                  .formatted(Durations.words(limits.describeTime())));
    };
  }

  private static InvalidServletException failed(String why) {
    return new InvalidServletException("The servlet's \"describe\" failed: " + why);
  }

  private List<ToolSpec> parsed(byte[] output) throws InvalidServletException {
    JsonNode answer;
    try {
      answer = json.readTree(ServletJson.text(output));
    } catch (JsonProcessingException e) {
      throw new InvalidServletException(
          "The servlet's \"describe\" does not return valid JSON: it must be one object without"
              + " duplicate keys, and nothing after it.",
          e);
    }
    var listed = answer.path("tools");
    if (!listed.isArray() || listed.isEmpty()) {
      throw new InvalidServletException(
          "The servlet's \"describe\" returns no tools; it must return {\"tools\": [{\"name\","
              + " \"description\", \"inputSchema\"}]}.");
    }
    if (listed.size() > limits.tools()) {
      throw new InvalidServletException(
          "The servlet describes %d tools; at most %d are allowed."
              .formatted(listed.size(), limits.tools()));
    }
    var names = new HashSet<String>();
    var tools = new ArrayList<ToolSpec>();
    for (var tool : listed) {
      var spec = tool(tool);
      if (!names.add(spec.name())) {
        throw new InvalidServletException(
            "The servlet describes two tools named \"%s\".".formatted(spec.name()));
      }
      tools.add(spec);
    }
    return List.copyOf(tools);
  }

  private ToolSpec tool(JsonNode tool) throws InvalidServletException {
    ToolKeys.check(tool);
    var name = tool.path("name").textValue();
    if (name == null
        || name.isBlank()
        || name.length() > MOST_NAME
        || !name.chars().allMatch(Description::printable)) {
      throw new InvalidServletException(
          "The servlet describes a tool without a name, which is a string of 1 to %d printable"
                  .formatted(MOST_NAME)
              + " characters.");
    }
    var schema = tool.path("inputSchema");
    if (!schema.isObject() && !schema.isNull() && !schema.isMissingNode()) {
      throw new InvalidServletException(
          "The inputSchema of the tool \"%s\" is not an object.".formatted(name));
    }
    return new ToolSpec(
        name,
        WellFormed.cut(tool.path("description").asText(""), MOST_TEXT),
        schema(name, schema),
        0,
        null,
        outputSchema(tool.path("outputSchema")));
  }

  // Models don't get it, so that a servlet is not refused for it.
  private @Nullable ObjectNode outputSchema(JsonNode schema) {
    try {
      return schema instanceof ObjectNode object && inRange(object)
          ? (ObjectNode) json.readTree(WellFormed.bytes(object.toString()))
          : null;
    } catch (java.io.IOException e) {
      return null;
    }
  }

  private ObjectNode schema(String tool, JsonNode schema) throws InvalidServletException {
    if (!(schema instanceof ObjectNode object)) {
      return json.createObjectNode().put("type", "object");
    }
    if (!inRange(object)) {
      throw new InvalidServletException(
          "The inputSchema of the tool \"%s\" has a number beyond 1e308, or nearer to 0 than 1e-308."
              .formatted(tool));
    }
    var wrong = wrong(object);
    if (wrong != null) {
      throw new InvalidServletException(
          "The inputSchema of the tool \"%s\" is not valid: %s.".formatted(tool, wrong));
    }
    try {
      // It can contain lone surrogates anywhere, keys included.
      var clean = (ObjectNode) json.readTree(WellFormed.bytes(object.toString()));
      return clean.has("type") ? clean : clean.put("type", "object");
    } catch (java.io.IOException e) {
      throw new InvalidServletException("The inputSchema of a tool can't be read.", e);
    }
  }

  /** Why models refuse a schema as that of a tool; null where they don't. */
  private static @Nullable String wrong(ObjectNode schema) {
    if (schema.has("type") && !schema.get("type").asText("").equals("object")) {
      return "its \"type\" is not \"object\", which the arguments of a tool always are";
    }
    if (schema.has("properties") && !schema.get("properties").isObject()) {
      return "its \"properties\" is not an object, with a schema for each name";
    }
    var required = schema.get("required");
    return required == null || isListOfStrings(required)
        ? null
        : "its \"required\" is not a list of strings, which are names of properties";
  }

  private static boolean isListOfStrings(JsonNode node) {
    return node.isArray() && node.valueStream().allMatch(JsonNode::isTextual);
  }

  private static boolean inRange(JsonNode node) {
    if (node.isNumber()) {
      var number = node.decimalValue();
      return number.signum() == 0
          || Math.abs((long) number.precision() - number.scale()) <= MOST_DIGITS;
    }
    for (var child : node) {
      if (!inRange(child)) {
        return false;
      }
    }
    return true;
  }

  private static boolean printable(int c) {
    return !Character.isISOControl(c)
        && !Character.isSurrogate((char) c)
        && Character.getType(c) != Character.FORMAT;
  }

  /**
   * Refuses misspelt keys in the description of a tool, which would otherwise lose its schema or
   * its text. Other unknown keys are ignored, as in the Model Context Protocol: kits of other
   * languages write the keys of its later revisions.
   */
  private static final class ToolKeys {
    /** The keys that models need. */
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
              "%s\"; did you mean \"%s\"? Without that key the tool would have no %s."
                  .formatted(place, meant.get(), meant.get()));
        }
      }
    }

    private static String shown(JsonNode tool) {
      return "\"" + cut(tool.path("name").asText("?")) + "\"";
    }

    private static String cut(String text) {
      return WellFormed.text(WellFormed.beginning(text, 100));
    }
  }
}
