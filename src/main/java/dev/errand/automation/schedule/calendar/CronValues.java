package dev.errand.automation.schedule.calendar;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The values of one field of a cron expression.
 *
 * @param bits a bit for each value, the lowest for 0
 * @param wild whether the field has a {@code *}, so that it does not restrict the day
 */
record CronValues(long bits, boolean wild, boolean stepped) {

  /** Whether the field has neither a wildcard nor a step. */
  boolean isFixed() {
    return !wild && !stepped;
  }

  boolean has(int value) {
    return (bits & (1L << value)) != 0;
  }

  /** The smallest value that is not below another; -1 when there is none. */
  int from(int value) {
    long rest = value > 63 ? 0 : bits & (-1L << value);
    return rest == 0 ? -1 : Long.numberOfTrailingZeros(rest);
  }

  int first() {
    return Long.numberOfTrailingZeros(bits);
  }

  int last() {
    return 63 - Long.numberOfLeadingZeros(bits);
  }

  int count() {
    return Long.bitCount(bits);
  }

  List<Integer> all() {
    return IntStream.rangeClosed(first(), last()).filter(this::has).boxed().toList();
  }

  /** The common distance of neighbouring values; 0 if it varies, or there is only one value. */
  int stride() {
    List<Integer> values = all();
    if (values.size() < 2) {
      return 0;
    }
    int stride = values.get(1) - values.get(0);
    for (int i = 2; i < values.size(); i++) {
      if (values.get(i) - values.get(i - 1) != stride) {
        return 0;
      }
    }
    return stride;
  }
}
