package dev.errand.tools.servlet.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.tools.port.ToolSpec;
import dev.errand.tools.servlet.abi.InvalidServletException;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;

/** The stored tools of a servlet: a JSON array, as in the answer of its {@code describe}. */
@ApplicationScoped
class ToolList {
  /**
   * Limited, since lists of servlets contain the tools of each, and so does every request to a
   * model.
   */
  private static final int LONGEST = 256 * 1024;

  private final ObjectMapper json;
  private final ObjectReader reader;

  ToolList(ObjectMapper json) {
    this.json = json;
    // Numbers of a schema must reach the model as the servlet wrote them.
    this.reader =
        json.readerFor(JsonNode.class)
            .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .without(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES);
  }

  String write(List<ToolSpec> specs) throws InvalidServletException {
    String whole = text(specs, true);
    // No model needs the schemas of results.
    String text = whole.length() > LONGEST ? text(specs, false) : whole;
    if (text.length() > LONGEST) {
      throw new InvalidServletException(
          "The servlet describes its tools in %d characters; at most %d are allowed."
              .formatted(text.length(), LONGEST));
    }
    return text;
  }

  private String text(List<ToolSpec> specs, boolean withResults) {
    ArrayNode array = json.createArrayNode();
    for (ToolSpec spec : specs) {
      ObjectNode one =
          array.addObject().put("name", spec.name()).put("description", spec.description());
      one.set("inputSchema", spec.inputSchema());
      if (withResults && spec.outputSchema() != null) {
        one.set("outputSchema", spec.outputSchema());
      }
    }
    return array.toString();
  }

  List<ToolSpec> read(String text) {
    List<ToolSpec> specs = new ArrayList<>();
    try {
      for (JsonNode spec : reader.readTree(text)) {
        specs.add(
            new ToolSpec(
                spec.path("name").asText(),
                spec.path("description").asText(),
                (ObjectNode) spec.path("inputSchema"),
                0,
                null,
                spec.path("outputSchema") instanceof ObjectNode output ? output : null));
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
    return List.copyOf(specs);
  }
}
