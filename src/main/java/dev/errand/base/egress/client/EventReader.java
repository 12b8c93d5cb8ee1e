package dev.errand.base.egress.client;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An incremental parser of Server-Sent Events, which extracts their data. It keeps only the
 * incomplete event; the caller has to limit its size.
 */
public final class EventReader {
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private @Nullable StringBuilder data;
  private boolean afterReturn;
  private boolean first = true;

  /** Adds bytes and returns the data of the events that they complete, in order. */
  public List<String> read(byte[] piece) {
    List<String> events = new ArrayList<>();
    int from = 0;
    for (int at = 0; at < piece.length; at++) {
      // In UTF-8, no byte of a multi-byte character equals one of these.
      byte b = piece[at];
      if (b == '\n' && afterReturn) {
        from = at + 1;
      } else if (b == '\n' || b == '\r') {
        line.write(piece, from, at - from);
        from = at + 1;
        endLine(events);
      }
      afterReturn = b == '\r';
    }
    line.write(piece, from, piece.length - from);
    return events;
  }

  /** Ends the stream and returns its last event, whose end some servers leave out. */
  public List<String> end() {
    List<String> events = new ArrayList<>();
    endLine(events);
    endEvent(events);
    return events;
  }

  /** The bytes of the incomplete event. */
  public long pending() {
    return line.size() + (data == null ? 0L : data.length());
  }

  private void endLine(List<String> events) {
    String text = line.toString(StandardCharsets.UTF_8);
    line.reset();
    if (first && text.startsWith("\uFEFF")) {
      text = text.substring(1);
    }
    first = false;
    if (text.isEmpty()) {
      endEvent(events);
    } else if (text.equals("data") || text.startsWith("data:")) {
      int colon = "data".length();
      int from = text.startsWith(" ", colon + 1) ? colon + 2 : Math.min(colon + 1, text.length());
      if (data == null) {
        data = new StringBuilder();
      } else {
        data.append('\n');
      }
      data.append(text, from, text.length());
    }
  }

  private void endEvent(List<String> events) {
    if (data != null) {
      events.add(data.toString());
      data = null;
    }
  }
}
