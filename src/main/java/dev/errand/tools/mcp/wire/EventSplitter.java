package dev.errand.tools.mcp.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Splits a stream of server-sent events into the data of each. Comments, names and ids are skipped;
 * an event that the end of the stream cuts off is dropped, as the standard says. It keeps no more
 * than the event that is being read, so whoever feeds it bounds its memory.
 */
final class EventSplitter {
  private final Consumer<String> receiver;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final StringBuilder data = new StringBuilder();
  private boolean hasData;
  private boolean afterReturn;
  private boolean first = true;

  /**
   * Reads a stream.
   *
   * @param receiver gets the data of each event
   */
  EventSplitter(Consumer<String> receiver) {
    this.receiver = receiver;
  }

  /** Takes the next bytes of the stream. */
  void feed(byte[] bytes) {
    int from = 0;
    for (int at = 0; at < bytes.length; at++) {
      byte b = bytes[at];
      if (b == '\n' && afterReturn) {
        from = at + 1;
      } else if (b == '\n' || b == '\r') {
        line.write(bytes, from, at - from);
        from = at + 1;
        endOfLine();
      }
      afterReturn = b == '\r';
    }
    line.write(bytes, from, bytes.length - from);
  }

  private void endOfLine() {
    String text = line.toString(StandardCharsets.UTF_8);
    line.reset();
    if (first && text.startsWith("\uFEFF")) {
      text = text.substring(1);
    }
    first = false;
    if (text.isEmpty()) {
      if (hasData) {
        receiver.accept(data.toString());
      }
      data.setLength(0);
      hasData = false;
      return;
    }
    int colon = text.indexOf(':');
    String field = colon < 0 ? text : text.substring(0, colon);
    if (!field.equals("data")) {
      return;
    }
    String value = colon < 0 ? "" : text.substring(colon + 1);
    if (hasData) {
      data.append('\n');
    }
    data.append(value.startsWith(" ") ? value.substring(1) : value);
    hasData = true;
  }
}
