package dev.errand.base.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import io.quarkus.arc.DefaultBean;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The clock of this process, and the format of times: ISO 8601 in UTC, to the millisecond. */
@Singleton
class TimeFormat implements ObjectMapperCustomizer {
  @Override
  public void customize(ObjectMapper mapper) {
    mapper.registerModule(
        new SimpleModule("times").addSerializer(Instant.class, new InstantSerializer()));
  }

  // Later modules win, and the one for java.time is registered by the framework's own customizer.
  @Override
  public int priority() {
    return MINIMUM_PRIORITY;
  }

  /**
   * The clock for everything that machines need not agree on. It ticks in milliseconds, so that an
   * answer equals a later read: the database keeps microseconds, and the format shows milliseconds.
   */
  @Produces
  @Singleton
  @DefaultBean
  Clock clock() {
    return Clock.tickMillis(ZoneOffset.UTC);
  }

  private static final class InstantSerializer extends StdSerializer<Instant> {
    private static final long serialVersionUID = 1L;
    private static final DateTimeFormatter FORMAT =
        DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    InstantSerializer() {
      super(Instant.class);
    }

    @Override
    public void serialize(Instant value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeString(FORMAT.format(value));
    }
  }
}
