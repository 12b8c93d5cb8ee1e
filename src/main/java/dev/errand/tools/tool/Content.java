package dev.errand.tools.tool;

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
}
