package dev.errand.base.config;

import org.eclipse.microprofile.config.spi.Converter;

/** Reads a setting that is a whole number from 1 on. */
public final class OneOrMore implements Converter<Integer> {
  private static final long serialVersionUID = 1L;

  @Override
  public Integer convert(String text) {
    return Math.toIntExact(WholeNumber.read(text, 1, Integer.MAX_VALUE));
  }
}
