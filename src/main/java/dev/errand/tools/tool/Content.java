package dev.errand.tools.tool;

import com.fasterxml.jackson.databind.node.ObjectNode;

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
   * Content that models read as a text, while chats take it as it came: a sound, a resource or a
   * link to one.
   *
   * @param text what it is, without lone surrogates
   * @param original the part as the protocol writes it, with all fields that its type requires
   */
  record Described(String text, ObjectNode original) implements Content {}
}
