package dev.errand.tools.mcp.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The parameters of a tool that its server also requires in header fields, selected by the mark
 * {@code x-mcp-header} in the input schema.
 *
 * @param paths the path to each value, by the name of its field
 */
record MirroredParameters(Map<String, List<String>> paths) {
  private static final String MARK = "x-mcp-header";
  private static final String PREFIX = "Mcp-Param-";
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}");
  private static final Set<String> PRIMITIVE = Set.of("integer", "string", "boolean");
  private static final long SAFE = (1L << 53) - 1;

  /** A schema whose marks are malformed; the message says how. */
  static final class MalformedMarkException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedMarkException(String sentence) {
      super(sentence);
    }
  }

  /**
   * Reads the marks of a schema.
   *
   * @throws MalformedMarkException when one of them does not follow the protocol
   */
  static MirroredParameters of(JsonNode schema) throws MalformedMarkException {
    Map<String, List<String>> paths = new LinkedHashMap<>();
    collect(schema, List.of(), true, paths, new HashSet<>());
    return new MirroredParameters(paths);
  }

  private static void collect(
      JsonNode node,
      List<String> path,
      boolean reachable,
      Map<String, List<String>> paths,
      Set<String> seen)
      throws MalformedMarkException {
    JsonNode mark = node.isObject() ? node.get(MARK) : null;
    if (mark != null) {
      if (!reachable || path.isEmpty()) {
        throw new MalformedMarkException(
            MARK + " is at a place that does not describe a single" + " value");
      }
      if (!mark.isTextual() || !TOKEN.matcher(mark.textValue()).matches()) {
        throw new MalformedMarkException(MARK + " is no name of a header field");
      }
      if (!PRIMITIVE.contains(node.path("type").asText(""))) {
        throw new MalformedMarkException(
            MARK + " marks something that is no string, integer or boolean");
      }
      if (!seen.add(mark.textValue().toLowerCase(Locale.ROOT))) {
        throw new MalformedMarkException(MARK + " names a field twice");
      }
      paths.put(mark.textValue(), path);
    }
    if (node.isArray()) {
      for (JsonNode element : node) {
        collect(element, path, false, paths, seen);
      }
    }
    for (Map.Entry<String, JsonNode> child : node.properties()) {
      String key = child.getKey();
      if (key.equals("properties") && child.getValue().isObject()) {
        for (Map.Entry<String, JsonNode> property : child.getValue().properties()) {
          List<String> deeper = new ArrayList<>(path);
          deeper.add(property.getKey());
          collect(property.getValue(), deeper, reachable, paths, seen);
        }
      } else if (isSchema(key)) {
        collect(child.getValue(), path, false, paths, seen);
      }
    }
  }

  // These contain data, in which the mark has no meaning.
  private static boolean isSchema(String key) {
    return switch (key) {
      case MARK, "const", "default", "enum", "examples", "example" -> false;
      default -> true;
    };
  }

  /**
   * The header fields of a call.
   *
   * @throws McpException when an integer is too large for a header field
   */
  Map<String, String> fields(JsonNode arguments) throws McpException {
    Map<String, String> fields = new LinkedHashMap<>();
    for (Map.Entry<String, List<String>> mirrored : paths.entrySet()) {
      JsonNode value = arguments;
      for (String name : mirrored.getValue()) {
        value = value.path(name);
      }
      if (value.isValueNode() && !value.isNull()) {
        fields.put(PREFIX + mirrored.getKey(), FieldValue.of(text(mirrored.getKey(), value)));
      }
    }
    return fields;
  }

  private static String text(String name, JsonNode value) throws McpException {
    if (!value.isNumber()) {
      return value.asText();
    }
    if (!value.canConvertToExactIntegral() || Math.abs(value.doubleValue()) > SAFE) {
      throw new McpException(
          McpFailure.ERROR,
          "The argument for the header field %s%s is no integer from -(2^53-1) to 2^53-1."
              .formatted(PREFIX, name));
    }
    return value.bigIntegerValue().toString();
  }
}
