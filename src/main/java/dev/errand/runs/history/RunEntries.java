package dev.errand.runs.history;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializable;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import dev.errand.base.turn.WorkOwner;
import dev.errand.runs.entry.EntryCopy;
import java.io.IOException;
import java.util.List;

/**
 * The entries of a run as clients see them, a JSON array. Stored ones are read while it is written,
 * so that no more than a part of them is in memory, however long the run is and however slowly its
 * client reads.
 */
public final class RunEntries implements JsonSerializable {
  private final Source source;
  private final boolean isRaw;

  private RunEntries(Source source, boolean isRaw) {
    this.source = source;
    this.isRaw = isRaw;
  }

  private interface Source {
    void each(boolean isRaw, EntryReader.Receiver to) throws IOException;
  }

  /** These entries, each as it is stored. */
  public static RunEntries of(List<String> stored) {
    return new RunEntries(
        (raw, to) -> {
          for (String entry : stored) {
            to.begins(EntryCopy.whole(raw).of(entry));
          }
        },
        false);
  }

  /** The first entries of a run: those that it had when it was read. */
  static RunEntries of(EntryReader reader, WorkOwner owner, long runId, int count) {
    return new RunEntries((raw, to) -> reader.each(owner, runId, count, raw, to), false);
  }

  /** The same with messages as their vendor sent them, beside their common form. */
  public RunEntries raw() {
    return new RunEntries(source, true);
  }

  @Override
  public void serialize(JsonGenerator to, SerializerProvider serializers) throws IOException {
    to.writeStartArray();
    source.each(
        isRaw,
        new EntryReader.Receiver() {
          @Override
          public void begins(String text) throws IOException {
            to.writeRawValue(text);
          }

          @Override
          public void goesOn(String text) throws IOException {
            to.writeRaw(text);
          }
        });
    to.writeEndArray();
  }

  @Override
  public void serializeWithType(
      JsonGenerator to, SerializerProvider serializers, TypeSerializer type) throws IOException {
    serialize(to, serializers);
  }
}
