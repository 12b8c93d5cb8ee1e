package dev.errand.base.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializable;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;

/**
 * A JSON array whose items are made while it is written, so that few of them are in memory.
 *
 * @param items passes the items to a reader, one after the other
 */
public record StreamedArray<T>(Consumer<Consumer<T>> items) implements JsonSerializable {
  @Override
  public void serialize(JsonGenerator to, SerializerProvider serializers) throws IOException {
    to.writeStartArray();
    try {
      items.accept(item -> write(item, to, serializers));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    to.writeEndArray();
  }

  @Override
  public void serializeWithType(
      JsonGenerator to, SerializerProvider serializers, TypeSerializer type) throws IOException {
    serialize(to, serializers);
  }

  private static void write(Object item, JsonGenerator to, SerializerProvider serializers) {
    try {
      serializers.defaultSerializeValue(item, to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
