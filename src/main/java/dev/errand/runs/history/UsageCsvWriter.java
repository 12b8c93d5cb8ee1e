package dev.errand.runs.history;

import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyWriter;
import jakarta.ws.rs.ext.Provider;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;

@Provider
@Produces(UsageCsv.MEDIA_TYPE)
class UsageCsvWriter implements MessageBodyWriter<UsageCsv> {
  @Override
  public boolean isWriteable(Class<?> type, Type generic, Annotation[] of, MediaType media) {
    return type == UsageCsv.class;
  }

  @Override
  public void writeTo(
      UsageCsv csv,
      Class<?> type,
      Type generic,
      Annotation[] of,
      MediaType media,
      MultivaluedMap<String, Object> headers,
      OutputStream body)
      throws IOException {
    Writer to = new BufferedWriter(new OutputStreamWriter(body, StandardCharsets.UTF_8));
    to.write(UsageCsv.names());
    try {
      csv.lines().accept(line -> write(line, to));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    to.flush();
  }

  private static void write(UsageLine line, Writer to) {
    try {
      to.write(UsageCsv.text(line));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
