package dev.errand.identity.audit;

import dev.errand.base.json.Json;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyWriter;
import jakarta.ws.rs.ext.Provider;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;

/** Writes an {@link AuditExport}, no more of it than a batch at a time in memory. */
@Provider
@Produces(AuditExport.MEDIA_TYPE)
class AuditExportWriter implements MessageBodyWriter<AuditExport> {
  private static final int BUFFER = 64 * 1024;

  private final Json json;

  AuditExportWriter(Json json) {
    this.json = json;
  }

  @Override
  public boolean isWriteable(Class<?> type, Type generic, Annotation[] of, MediaType media) {
    return type == AuditExport.class;
  }

  @Override
  public void writeTo(
      AuditExport export,
      Class<?> type,
      Type generic,
      Annotation[] of,
      MediaType media,
      MultivaluedMap<String, Object> headers,
      OutputStream body)
      throws IOException {
    OutputStream buffered = new BufferedOutputStream(body, BUFFER);
    try {
      export.lines().accept(line -> write(line, buffered));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    buffered.flush();
  }

  private void write(AuditLine line, OutputStream to) {
    try {
      to.write(json.bytes(line));
      to.write('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
