package dev.errand.base.egress.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.errand.base.egress.client.Door;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {

  @ParameterizedTest
  @CsvSource({
    "HTTP://Example.ORG, http://example.org/",
    "https://example.org.:443/a#f, https://example.org/a",
    "http://localhost.:8080/, http://localhost:8080/",
    "http://bücher.example/ü?ü, http://xn--bcher-kva.example/%C3%BC?%C3%BC",
    "http://127。0。0。1/, http://127.0.0.1/",
    "http://[2606:4700:0:0::1]:8080/, http://[2606:4700::1]:8080/",
    "http://[::ffff:10.0.0.1]/, http://10.0.0.1/",
    "http://a_b.example/x|y%zz%20, http://a_b.example/x%7Cy%25zz%20",
    "http://example.org?a[]=b, http://example.org/?a[]=b",
    "http://example.org/a b?c d#e f, http://example.org/a%20b?c%20d",
    "http://example.org/a\u00A0b\u3000?\u2028x, http://example.org/a%C2%A0b%E3%80%80?%E2%80%A8x",
    "'  http://example.org/a ', http://example.org/a"
  })
  void aUrlIsReadInOneSpelling(String url, String read) throws Exception {
    assertEquals(read, Target.parse(url).uri().toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/x",
        "example.org",
        "//example.org/",
        "http:///x",
        "http:x",
        "ftp://example.org/",
        "file:///etc/passwd",
        "jar:http://example.org/",
        "http://user@example.org/s3cret",
        "http://user:s3cret@example.org/",
        "http://example.org\\@evil.test/",
        "http://example.org /",
        "http:// example.org/",
        "http://exa mple.org/",
        "http://example.org: 80/",
        "http ://example.org/",
        "http://example.org@evil.test/ a",
        "http://example.org\u00A0/",
        "http://example.org\u2003/",
        "http://example.org/\r\nX:1",
        "http://example.org/\tx",
        "http://example.org/\u0085",
        "\thttp://example.org/",
        "http://example.org/\0",
        "http://ex%61mple.org/",
        "http://[fe80::1%25eth0]/",
        "http://[fe80::1%eth0]/",
        "http://2130706433/",
        "http://0177.0.0.1/",
        "http://0x7f.1/",
        "http://0x7f000001/",
        "http://127.1/",
        "http://127.0.1/",
        "http://0/",
        "http://127.0.0.01/",
        "http://256.0.0.1/",
        "http://1.2.3.4.5/",
        "http://example.1/",
        "http://[::1/",
        "http://::1/",
        "http://[127.0.0.1]/",
        "http://[::g]/",
        "http://a..b/",
        "http://.a/",
        "http://./",
        "http://example.org:/",
        "http://example.org:0/",
        "http://example.org:65536/",
        "http://example.org:8a/",
        "http://a:80:80/",
        "http://exa!mple.org/",
        "http://\u3000.org/",
        "http://a\u2028b/"
      })
  void aUrlThatLeavesADoubtIsRefused(String url) {
    EgressRefusedException refused =
        assertThrows(EgressRefusedException.class, () -> Target.parse(url));

    assertFalse(Door.sentence(refused).contains("s3cret"));
  }

  @Test
  void aUrlWithoutEndIsRefused() {
    assertThrows(
        EgressRefusedException.class,
        () -> Target.parse("http://example.org/" + "a".repeat(20_000)));
  }

  @ParameterizedTest
  @CsvSource({
    "/x, https://example.org:8443/x",
    "x, https://example.org:8443/a/x",
    "../x?y, https://example.org:8443/x?y",
    "?y=1, https://example.org:8443/a/b?y=1",
    "'', https://example.org:8443/a/b?q",
    "#f, https://example.org:8443/a/b?q",
    "//other.test/x, https://other.test/x",
    "http://other.test, http://other.test/",
    "x/./y, https://example.org:8443/a/x/y"
  })
  void aLocationIsReadFromWhereItWasSent(String location, String resolved) throws Exception {
    Target from = Target.parse("https://example.org:8443/a/b?q");

    assertEquals(resolved, from.resolve(location).uri().toString());
  }
}
