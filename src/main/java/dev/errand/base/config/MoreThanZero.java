package dev.errand.base.config;

import io.quarkus.runtime.configuration.DurationConverter;
import java.time.Duration;
import org.eclipse.microprofile.config.spi.Converter;

/** Reads a setting that is a duration of at least a millisecond. */
public final class MoreThanZero implements Converter<Duration> {
  private static final long serialVersionUID = 1L;

  @Override
  public Duration convert(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("Invalid duration");
    }
    Duration duration = DurationConverter.parseDuration(text.strip());
    if (duration.toMillis() < 1) {
      throw new IllegalArgumentException("must be more than 0");
    }
    return duration;
  }
}
