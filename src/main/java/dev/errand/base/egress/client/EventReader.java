package dev.errand.base.egress.client;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An incremental parser of Server-Sent Events, which extracts their data, and from where and when a
 * client may go on with a stream that ended. It keeps only the incomplete event; the caller has to
 * limit its size.
 */
public final class EventReader {
  private static final int MOST_DIGITS = 12;

  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private @Nullable StringBuilder data;
  private boolean afterReturn;
  private boolean first = true;
  private @Nullable String id;
  private @Nullable String lastId;
  private @Nullable Duration retry;

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

  /** The id of the last whole event that had one; null for none. */
  public @Nullable String lastId() {
    return lastId;
  }

  /** How long a client is to wait before it goes on; null where the server does not say. */
  public @Nullable Duration retry() {
    return retry;
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
    } else if (text.equals("id") || text.startsWith("id:")) {
      String value = value(text, "id");
      id = value.indexOf('\0') < 0 ? value : id;
    } else if (text.startsWith("retry:")) {
      String value = value(text, "retry");
      if (!value.isEmpty()
          && value.length() <= MOST_DIGITS
          && value.chars().allMatch(EventReader::isDigit)) {
        retry = Duration.ofMillis(Long.parseLong(value));
      }
    }
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static String value(String line, String field) {
    int from = Math.min(field.length() + 1, line.length());
    return line.substring(line.startsWith(" ", from) ? from + 1 : from);
  }

  private void endEvent(List<String> events) {
    if (id != null) {
      lastId = id.isEmpty() ? null : id;
    }
    if (data != null) {
      events.add(data.toString());
      data = null;
    }
  }
}
