package dev.errand.base.config;

import java.util.Locale;
import org.eclipse.microprofile.config.spi.Converter;

/**
 * Reads a setting that is on or off. The framework's own converter reads any unknown value as
 * {@code false}.
 */
public final class TrueOrFalse implements Converter<Boolean> {
  private static final long serialVersionUID = 1L;

  @Override
  public Boolean convert(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "true", "on", "yes", "1" -> true;
      case "false", "off", "no", "0" -> false;
      default -> throw new IllegalArgumentException("must be true or false");
    };
  }
}
