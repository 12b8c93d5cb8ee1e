package dev.errand.tools.tool;

/** One piece of a tool's answer, after the Model Context Protocol's content types. */
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
