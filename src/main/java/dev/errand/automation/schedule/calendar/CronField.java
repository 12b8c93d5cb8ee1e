package dev.errand.automation.schedule.calendar;

import dev.errand.base.error.ApiException;
import java.util.List;
import java.util.Locale;

/** One of the five fields of a cron expression, with its parser. */
enum CronField {
  MINUTE("minute", 0, 59, ""),
  HOUR("hour", 0, 23, ""),
  DAY_OF_MONTH("day of the month", 1, 31, ""),
  MONTH("month", 1, 12, "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC"),
  DAY_OF_WEEK("day of the week", 0, 7, "SUN MON TUE WED THU FRI SAT");

  private static final int SUNDAY_AS_SEVEN = 7;

  private final String title;
  private final int least;
  private final int most;
  private final String names;

  CronField(String title, int least, int most, String names) {
    this.title = title;
    this.least = least;
    this.most = most;
    this.names = names;
  }

  /**
   * Parses the text of the field.
   *
   * @throws ApiException when it is not valid; the sentence says what is
   */
  CronValues read(String text) {
    long bits = 0;
    for (String element : text.split(",", -1)) {
      bits |= element(element);
    }
    if (this == DAY_OF_WEEK && (bits & (1L << SUNDAY_AS_SEVEN)) != 0) {
      bits = (bits & ~(1L << SUNDAY_AS_SEVEN)) | 1;
    }
    return new CronValues(bits, text.indexOf('*') >= 0, text.indexOf('/') >= 0);
  }

  private long element(String element) {
    int slash = element.indexOf('/');
    String range = slash < 0 ? element : element.substring(0, slash);
    int from;
    int to;
    int dash = range.indexOf('-');
    if (range.equals("*")) {
      from = least;
      to = this == DAY_OF_WEEK ? most - 1 : most;
    } else if (dash < 0) {
      from = value(range);
      to = from;
      if (slash >= 0) {
        throw wrong(
            "`%s` is not a step: write */%s or %s-%s/%s"
                .formatted(
                    element,
                    element.substring(slash + 1),
                    range,
                    most,
                    element.substring(slash + 1)));
      }
    } else if (dash == 0 || dash == range.length() - 1) {
      throw wrong("the range `" + range + "` is incomplete: it needs a value on either side of -");
    } else {
      from = value(range.substring(0, dash));
      to = value(range.substring(dash + 1));
      if (this == DAY_OF_WEEK && to == 0 && from > 0) {
        to = SUNDAY_AS_SEVEN;
      }
      if (from > to) {
        throw wrong(
            "the range `%s` runs backwards: write %s-%s,%s-%s"
                .formatted(range, from, most, least, to));
      }
    }
    int step = slash < 0 ? 1 : step(element, element.substring(slash + 1));
    long bits = 0;
    for (int value = from; value <= to; value += step) {
      bits |= 1L << value;
    }
    return bits;
  }

  private int step(String element, String text) {
    if (!text.matches("[0-9]{1,9}")) {
      throw wrong("`" + element + "` has no whole number after its slash");
    }
    int step = Integer.parseInt(text);
    int largest = this == DAY_OF_WEEK ? most : most - least + 1;
    if (step < 1 || step > largest) {
      throw wrong(
          "the step of `%s` must be 1 to %s; for a longer fixed interval, use every"
              .formatted(element, largest));
    }
    return step;
  }

  private int value(String text) {
    int named = List.of(names.split(" ")).indexOf(text.toUpperCase(Locale.ROOT));
    if (named >= 0 && !text.isEmpty()) {
      return least + named;
    }
    if (text.equals("?")) {
      throw wrong("`?` is not a value: use *, which is any " + title);
    }
    if (!text.matches("[0-9]{1,9}")) {
      throw wrong("`" + text + "` is not a value: " + right());
    }
    int value = Integer.parseInt(text);
    if (value < least || value > most) {
      throw wrong("`" + text + "` is out of range: " + right());
    }
    return value;
  }

  private String right() {
    String numbers = "it is " + least + " to " + most;
    if (this == DAY_OF_WEEK) {
      numbers += " (0 and 7 are Sunday)";
    }
    return names.isEmpty()
        ? numbers
        : numbers + " or " + names.substring(0, 3) + " to " + names.substring(names.length() - 3);
  }

  private ApiException wrong(String sentence) {
    return ApiException.invalid("cron", "in the " + title + ", " + sentence);
  }
}
