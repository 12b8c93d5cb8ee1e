package dev.errand.base.config;

import io.quarkus.runtime.configuration.MemorySizeConverter;
import org.eclipse.microprofile.config.spi.Converter;

/** Reads a setting that is a number of bytes, or a share of the largest heap, as bytes. */
public final class HeapShare implements Converter<Long> {
  private static final long serialVersionUID = 1L;
  private static final long PERCENT = 100;

  @Override
  public Long convert(String text) {
    return bytes(text, Runtime.getRuntime().maxMemory());
  }

  /**
   * The bytes that a setting names.
   *
   * @param size bytes such as {@code 128M}, or a share such as {@code 25%}
   * @param heap the bytes of the largest heap
   */
  public static long bytes(String size, long heap) {
    String text = size.strip();
    if (!text.endsWith("%")) {
      long bytes = new MemorySizeConverter().convert(text).asLongValue();
      if (bytes < 1) {
        throw new IllegalArgumentException("must be more than 0");
      }
      return bytes;
    }
    String share = text.substring(0, text.length() - 1).strip();
    int percent = share.matches("[0-9]{1,2}") ? Integer.parseInt(share) : 0;
    if (percent == 0) {
      throw new IllegalArgumentException(
          "must be a number of bytes such as 128M, or a share of the heap between 1% and 99%");
    }
    return heap / PERCENT * percent;
  }
}
