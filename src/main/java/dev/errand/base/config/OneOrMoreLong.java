package dev.errand.base.config;

import org.eclipse.microprofile.config.spi.Converter;

/** Reads a setting that is a whole number from 1 on, and may need 64 bits. */
public final class OneOrMoreLong implements Converter<Long> {
  private static final long serialVersionUID = 1L;

  @Override
  public Long convert(String text) {
    return WholeNumber.read(text, 1, Long.MAX_VALUE);
  }
}
