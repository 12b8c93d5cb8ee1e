package dev.errand.servlet.host;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.error.WellFormed;
import dev.errand.tool.ToolSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** What a servlet says of its tools, read and checked. */
final class Description {
  private static final int MOST_NAME = 128;
  private static final int MOST_TEXT = 8_192;

  private final JsonMapper json;
  private final Limits limits;

  Description(JsonMapper json, Limits limits) {
    this.json = json;
    this.limits = limits;
  }

  /** The tools, in the order of the servlet. */
  List<ToolSpec> tools(Ending ending) throws InvalidServletException {
    return switch (ending) {
      case Ending.Returned(var code, var output, var error) when code == 0 && output.length > 0 ->
          parsed(output);
      case Ending.Returned(var code, var output, var error) ->
          throw new InvalidServletException(
              "The servlet's \"describe\" failed: "
                  + (error != null
                      ? error
                      : code != 0 ? "it returned " + code + "." : "it set no output."));
      case Ending.Failed(var sentence) ->
          throw new InvalidServletException("The servlet's \"describe\" failed: " + sentence);
      case Ending.Interrupted _ ->
          throw new InvalidServletException(
              "The servlet's \"describe\" took longer than %s."
                  .formatted(Limits.span(limits.describeTime())));
    };
  }

  private List<ToolSpec> parsed(byte[] output) throws InvalidServletException {
    JsonNode answer;
    try {
      answer = json.readTree(new String(output, StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new InvalidServletException("The servlet's \"describe\" answers no JSON.", e);
    }
    var listed = answer.path("tools");
    if (!listed.isArray() || listed.isEmpty()) {
      throw new InvalidServletException(
          "The servlet's \"describe\" answers no tools; it answers {\"tools\": [{\"name\","
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
    var name = tool.path("name").asText("");
    if (name.isBlank()
        || name.length() > MOST_NAME
        || !name.chars().allMatch(Description::printable)) {
      throw new InvalidServletException(
          "The servlet describes a tool without a name of 1 to %d printable characters."
              .formatted(MOST_NAME));
    }
    var schema = tool.path("inputSchema");
    if (!schema.isObject() && !schema.isNull() && !schema.isMissingNode()) {
      throw new InvalidServletException(
          "The inputSchema of the tool \"%s\" is no object.".formatted(name));
    }
    var description = WellFormed.text(tool.path("description").asText(""));
    return new ToolSpec(
        name,
        description.length() <= MOST_TEXT
            ? description
            : WellFormed.text(description.substring(0, MOST_TEXT - 1)) + "…",
        schema(schema));
  }

  private ObjectNode schema(JsonNode schema) throws InvalidServletException {
    if (!(schema instanceof ObjectNode object)) {
      return json.createObjectNode().put("type", "object");
    }
    try {
      // Lone surrogates can be anywhere in it, keys included.
      var clean = (ObjectNode) json.readTree(WellFormed.bytes(object.toString()));
      return clean.has("type") ? clean : clean.put("type", "object");
    } catch (java.io.IOException e) {
      throw new InvalidServletException("The inputSchema of a tool can't be read.", e);
    }
  }

  private static boolean printable(int c) {
    return !Character.isISOControl(c)
        && !Character.isSurrogate((char) c)
        && Character.getType(c) != Character.FORMAT;
  }
}
