package dev.errand.models.wire;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An incremental parser of Server-Sent Events, which extracts their data. */
public final class EventReader {
  private static final byte[] FIELD = {'d', 'a', 't', 'a', ':'};

  private Buffer line = Buffer.buffer();
  private @Nullable StringBuilder data;

  /** Adds bytes and returns the data of the events that they complete, in order. */
  public List<String> read(byte[] piece) {
    List<String> events = new ArrayList<>();
    int from = 0;
    for (int at = 0; at < piece.length; at++) {
      // In UTF-8, no byte of a multi-byte character equals a line feed.
      if (piece[at] == '\n') {
        line.appendBytes(piece, from, at - from);
        endLine(events);
        from = at + 1;
      }
    }
    line.appendBytes(piece, from, piece.length - from);
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
    return line.length() + (data == null ? 0L : data.length());
  }

  private void endLine(List<String> events) {
    int length = line.length();
    if (length > 0 && line.getByte(length - 1) == '\r') {
      length--;
    }
    if (length == 0) {
      endEvent(events);
    } else if (isData(length)) {
      boolean spaced = length > FIELD.length && line.getByte(FIELD.length) == ' ';
      String value = line.getString(FIELD.length + (spaced ? 1 : 0), length);
      if (data == null) {
        data = new StringBuilder();
      } else {
        data.append('\n');
      }
      data.append(value);
    }
    line = Buffer.buffer();
  }

  private boolean isData(int length) {
    if (length < FIELD.length) {
      return false;
    }
    for (int i = 0; i < FIELD.length; i++) {
      if (line.getByte(i) != FIELD[i]) {
        return false;
      }
    }
    return true;
  }

  private void endEvent(List<String> events) {
    if (data != null) {
      events.add(data.toString());
      data = null;
    }
  }
}
