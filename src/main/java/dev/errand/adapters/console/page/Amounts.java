package dev.errand.adapters.console.page;

import io.quarkus.qute.TemplateExtension;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Writes durations, numbers, sizes and money for people; in templates as {@code amount:number}. A
 * template must pass exactly the type of the parameter: an int is no long there.
 */
@TemplateExtension(namespace = "amount")
public final class Amounts {
  private static final BigDecimal CENT = new BigDecimal("0.01");
  private static final long KIBIBYTE = 1024;
  private static final long MEGABYTE = KIBIBYTE * 1024;

  private Amounts() {}

  /** A duration in its two largest units, such as {@code 1 min 05 s} or {@code 43 ms}. */
  public static String duration(Duration time) {
    long ms = Math.max(0, time.toMillis());
    if (ms < 1000) {
      return ms + " ms";
    }
    if (ms < 60_000) {
      return String.format(Locale.ROOT, "%.1f s", ms / 1000.0);
    }
    long seconds = ms / 1000;
    if (seconds < 3600) {
      return String.format(Locale.ROOT, "%d min %02d s", seconds / 60, seconds % 60);
    }
    return String.format(Locale.ROOT, "%d h %02d min", seconds / 3600, seconds / 60 % 60);
  }

  /** A duration that goes on, in whole seconds at least, such as {@code 3 s}. */
  public static String lasting(Duration time) {
    long seconds = Math.max(0, time.toSeconds());
    return seconds < 60 ? seconds + " s" : seconds(seconds);
  }

  /** A duration in whole seconds, as {@link #duration} writes it. */
  public static String seconds(long seconds) {
    return duration(Duration.ofSeconds(seconds));
  }

  /** A duration in milliseconds, as {@link #duration} writes it. */
  public static String milliseconds(long ms) {
    return duration(Duration.ofMillis(ms));
  }

  /** A whole number, with a separator for thousands. */
  public static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** A size in whole kibibytes, at least one. */
  public static String kibibytes(int bytes) {
    return number(Math.max(1, bytes / KIBIBYTE)) + " KiB";
  }

  /** A size in whole megabytes, rounded down. */
  public static String megabytes(long bytes) {
    return number(bytes / MEGABYTE) + " MB";
  }

  /**
   * US dollars: to the cent; below a dollar to a hundredth of it, and below a cent to two digits.
   *
   * @param usd null where no price is known
   */
  public static String cost(@Nullable BigDecimal usd) {
    if (usd == null) {
      return "–";
    }
    if (usd.signum() == 0) {
      return "$0";
    }
    BigDecimal amount = usd.abs();
    if (amount.compareTo(CENT) < 0) {
      return "$" + usd.round(new MathContext(2)).toPlainString();
    }
    // The costs of the answers of a run add up to its total.
    BigDecimal rounded =
        usd.setScale(amount.compareTo(BigDecimal.ONE) < 0 ? 4 : 2, RoundingMode.HALF_UP)
            .stripTrailingZeros();
    return "$"
        + rounded.setScale(Math.max(2, rounded.scale()), RoundingMode.UNNECESSARY).toPlainString();
  }
}
