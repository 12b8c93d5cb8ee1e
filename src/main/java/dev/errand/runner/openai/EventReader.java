package dev.errand.runner.openai;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes the data of Server-Sent Events out of bytes, as they come. */
final class EventReader {
  private static final String FIELD = "data:";

  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private @Nullable StringBuilder data;

  /** The data of the events that became whole with these bytes, in order. */
  List<String> read(byte[] piece) {
    List<String> events = new ArrayList<>();
    for (byte next : piece) {
      // No byte of a character of several bytes is a line's end.
      if (next == '\n') {
        endLine(events);
      } else {
        line.write(next);
      }
    }
    return events;
  }

  /** The data of an event that the stream ended in; there are servers that leave out its end. */
  List<String> end() {
    List<String> events = new ArrayList<>();
    endLine(events);
    endEvent(events);
    return events;
  }

  private void endLine(List<String> events) {
    String text = line.toString(StandardCharsets.UTF_8);
    line.reset();
    if (text.endsWith("\r")) {
      text = text.substring(0, text.length() - 1);
    }
    if (text.isEmpty()) {
      endEvent(events);
    } else if (text.startsWith(FIELD)) {
      String value = text.substring(FIELD.length());
      if (data == null) {
        data = new StringBuilder();
      } else {
        data.append('\n');
      }
      data.append(value.startsWith(" ") ? value.substring(1) : value);
    }
  }

  private void endEvent(List<String> events) {
    if (data != null) {
      events.add(data.toString());
      data = null;
    }
  }
}
