package dev.errand.base.config;

import io.quarkus.runtime.configuration.DurationConverter;
import java.time.Duration;
import org.eclipse.microprofile.config.spi.Converter;

/** Reads a setting that is a duration, which may be 0. */
public final class ZeroOrLonger implements Converter<Duration> {
  private static final long serialVersionUID = 1L;

  @Override
  public Duration convert(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("Invalid duration");
    }
    Duration duration = DurationConverter.parseDuration(text.strip());
    if (duration.isNegative()) {
      throw new IllegalArgumentException("must be 0 or more");
    }
    return duration;
  }
}
