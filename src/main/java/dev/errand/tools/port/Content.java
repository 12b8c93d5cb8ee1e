package dev.errand.tools.port;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.json.WellFormed;
import java.util.Arrays;

/** One part of a tool's result, modelled on the content types of the Model Context Protocol. */
public sealed interface Content {
  /**
   * Text.
   *
   * @param text the text, without lone surrogates
   */
  record Text(String text) implements Content {}

  /**
   * A picture.
   *
   * @param data the bytes in base64
   * @param mimeType such as {@code image/png}
   */
  record Image(String data, String mimeType) implements Content {}

  /**
   * Content that models get as a text, and chats in its original form: a sound, a resource or a
   * link to one.
   *
   * @param text what it is, without lone surrogates
   * @param original the part as the protocol writes it, with all fields that its type requires
   */
  record Described(String text, ObjectNode original) implements Content {}

  /**
   * Content of such a type, with its text for models. If it lacks a required field of its type,
   * only the text is kept, since clients refuse a whole result because of such a part.
   *
   * @param part the part as a tool gave it
   */
  static Content described(String text, JsonNode part) {
    String wellFormed = WellFormed.text(text);
    JsonNode resource = part.path("resource");
    boolean isWhole =
        switch (part.path("type").asText("")) {
          case "audio" -> hasTexts(part, "data", "mimeType");
          case "resource" ->
              hasTexts(resource, "uri")
                  && (hasTexts(resource, "text") || hasTexts(resource, "blob"));
          case "resource_link" -> hasTexts(part, "uri", "name");
          default -> false;
        };
    return isWhole && part instanceof ObjectNode original
        ? new Described(wellFormed, original)
        : new Text(wellFormed);
  }

  private static boolean hasTexts(JsonNode part, String... fields) {
    return Arrays.stream(fields).allMatch(field -> part.path(field).isTextual());
  }
}
