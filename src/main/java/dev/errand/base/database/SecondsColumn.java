package dev.errand.base.database;

import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How a length of time is stored in a column of whole seconds. */
@Converter
@RegisterForReflection
public final class SecondsColumn implements AttributeConverter<Duration, Long> {
  @Override
  public @Nullable Long convertToDatabaseColumn(@Nullable Duration length) {
    return length == null ? null : (Long) length.toSeconds();
  }

  @Override
  public @Nullable Duration convertToEntityAttribute(@Nullable Long seconds) {
    return seconds == null ? null : Duration.ofSeconds(seconds);
  }
}
