package dev.errand.base.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublicUrlTest {
  private static String of(@Nullable String configured, String path, String... segments) {
    return new PublicUrl(Optional.ofNullable(configured))
        .resolve(path, () -> URI.create("http://request:8080/"), segments)
        .toString();
  }

  @ParameterizedTest
  @CsvSource({
    "https://errand.example, /console/ada, https://errand.example/console/ada",
    "https://errand.example/, console/ada, https://errand.example/console/ada",
    "https://errand.example/under, console/ada, https://errand.example/under/console/ada",
    "https://errand.example/under/, /console/ada, https://errand.example/under/console/ada",
    ", /console/ada, http://request:8080/console/ada",
  })
  void aPathIsUnderTheConfiguredAddressOrTheOther(
      @Nullable String configured, String path, String absolute) {
    assertEquals(absolute, of(configured, path));
  }

  @Test
  void outsideARequestItMayBeRelative() {
    PublicUrl url = new PublicUrl(Optional.empty());
    assertEquals("/tasks/a", url.resolve("/tasks/{task}", (String) null, "a").toString());
    assertEquals("https://b/tasks/a", url.resolve("/tasks/{task}", "https://b", "a").toString());
  }

  @Test
  void segmentsAreEncoded() {
    assertEquals(
        "http://request:8080/a/x%20y%2Fz%3B%2B/b/~",
        of(null, "/a/{first}/b/{second}", "x y/z;+", "~"));
  }
}
