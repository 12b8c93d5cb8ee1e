package dev.errand.base.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HttpAddressTest {
  @Test
  void anAbsoluteUrlWithAHostIsOne() {
    for (String text : List.of("http://a", "HTTPS://a.example:8443/b?c#d", "http://[::1]/")) {
      assertEquals(Optional.of(URI.create(text)), HttpAddress.parse(text));
    }
  }

  @Test
  void anythingElseIsNone() {
    for (String text :
        List.of(
            "",
            "a.example",
            "/b",
            "//a/b",
            "http:",
            "http:a",
            "http:///b",
            "ftp://a",
            "http://a b")) {
      assertEquals(Optional.empty(), HttpAddress.parse(text), text);
    }
    assertEquals(Optional.empty(), HttpAddress.parse(null));
  }
}
