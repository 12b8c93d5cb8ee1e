package dev.errand.base.config;

import org.eclipse.microprofile.config.spi.Converter;

/** Reads a setting that is a number of more than 0, which need not be whole. */
public final class NumberMoreThanZero implements Converter<Double> {
  private static final long serialVersionUID = 1L;

  @Override
  public Double convert(String text) {
    double number;
    try {
      number = Double.parseDouble(text.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("must be a number", e);
    }
    if (!Double.isFinite(number)) {
      throw new IllegalArgumentException("must be a number");
    }
    if (number <= 0) {
      throw new IllegalArgumentException("must be more than 0");
    }
    return number;
  }
}
