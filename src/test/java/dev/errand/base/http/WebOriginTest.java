package dev.errand.base.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebOriginTest {
  @ParameterizedTest
  @CsvSource({
    "https://example.com, https://example.com:443",
    "HTTPS://Example.COM/a/b?c#d, https://example.com:443",
    "http://example.com, http://example.com:80",
    "http://example.com:, http://example.com:80",
    "http://example.com:8080/, http://example.com:8080",
    "http://user:word@example.com, http://example.com:80",
    "http://[::1]:8080, http://[::1]:8080",
    "http://errand_1:8080, http://errand_1:8080",
    "chrome-extension://abcdef, chrome-extension://abcdef:80",
  })
  void isSchemeHostAndPort(String address, String origin) {
    assertEquals(Optional.of(origin), WebOrigin.of(address).map(WebOrigin::toString));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "example.com",
        "//example.com",
        "mailto:a@example.com",
        "nonsense://",
        "http://a@b@example.com",
        "http://example.com:80a",
        "http://example.com:123456",
        "http://exa mple.com",
      })
  void urlsWithoutAHostHaveNoOrigin(String address) {
    assertEquals(Optional.empty(), WebOrigin.of(address));
  }

  @Test
  void sameHostAndPortAreOneAuthority() {
    WebOrigin origin = WebOrigin.of("https://example.com:8443").orElseThrow();
    assertTrue(origin.hasSameAuthority(WebOrigin.of("http://EXAMPLE.com:8443").orElseThrow()));
    assertFalse(origin.hasSameAuthority(WebOrigin.of("https://example.com").orElseThrow()));
    assertFalse(origin.hasSameAuthority(WebOrigin.of("https://example.org:8443").orElseThrow()));
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost:3000, true",
    "https://LOCALHOST, true",
    "http://127.0.0.1, true",
    "http://[::1], true",
    "http://localhost.example.com, false",
    "http://127.0.0.1.example.com, false",
    "http://127.0.0.2, false",
  })
  void knowsTheOwnMachine(String address, boolean isLoopback) {
    assertEquals(isLoopback, WebOrigin.of(address).orElseThrow().isLoopback());
  }
}
