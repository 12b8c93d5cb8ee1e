package dev.errand.base.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.config.spi.Converter;
import org.junit.jupiter.api.Test;

/** A setting beyond its bounds is refused with what it must be. */
class SettingBoundsTest {
  @Test
  void valuesWithinTheBoundsAreRead() {
    assertEquals(1, new OneOrMore().convert(" 1 "));
    assertEquals(0, new ZeroOrMore().convert("0"));
    assertEquals(1L << 40, new OneOrMoreLong().convert("1099511627776"));
    assertEquals(0.25, new NumberMoreThanZero().convert(" .25 "));
    assertEquals(Duration.ofSeconds(3), new MoreThanZero().convert("3"));
    assertEquals(Duration.ofMillis(500), new MoreThanZero().convert(" PT0.5S "));
  }

  @Test
  void valuesBeyondTheBoundsAreRefused() {
    refused("must be 1 or more", new OneOrMore(), "0");
    refused("must be 0 or more", new ZeroOrMore(), "-1");
    refused("must be 1 or more", new OneOrMoreLong(), "-5");
    refused("must be 2147483647 or less", new OneOrMore(), "2147483648");
    refused("must be a whole number", new OneOrMore(), "many");
    refused("must be a whole number", new OneOrMoreLong(), "");
    for (String text : List.of("many", "", "NaN", "Infinity", "1e999")) {
      refused("must be a number", new NumberMoreThanZero(), text);
    }
    refused("must be more than 0", new NumberMoreThanZero(), "0");
    refused("must be more than 0", new NumberMoreThanZero(), "-1");
    refused("must be more than 0", new NumberMoreThanZero(), "1e-999");
    refused("must be more than 0", new MoreThanZero(), "PT0S");
    refused("must be more than 0", new MoreThanZero(), "-5s");
    refused("Invalid duration", new MoreThanZero(), " ");
  }

  private static void refused(String says, Converter<?> converter, String text) {
    assertEquals(
        says,
        assertThrows(IllegalArgumentException.class, () -> converter.convert(text)).getMessage());
  }
}
