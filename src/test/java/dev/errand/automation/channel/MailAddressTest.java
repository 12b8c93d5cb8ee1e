package dev.errand.automation.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MailAddressTest {
  @Test
  void oneAddressIsAccepted() {
    for (String text :
        new String[] {
          "ada@example.org",
          "a.b+c@sub.example.org",
          "root@localhost",
          "o'neil@example.org",
          "a".repeat(64) + "@example.org"
        }) {
      assertEquals(text, MailAddress.parse(text).map(MailAddress::text).orElse(""), text);
    }
    assertEquals(
        "Ada@example.org", MailAddress.parse("Ada@EXAMPLE.org").map(MailAddress::text).orElse(""));
  }

  @Test
  void anythingElseIsRefused() {
    for (String text :
        new String[] {
          "",
          "ada",
          "@example.org",
          "ada@",
          "ada@example.org\r\nBcc: eve@example.org",
          "ada@example.org\n",
          "ada\u0000@example.org",
          "Ada <ada@example.org>",
          "ada@example.org,eve@example.org",
          "ada@example.org;eve@example.org",
          "ada@eve@example.org",
          "\"a b\"@example.org",
          "a b@example.org",
          ".ada@example.org",
          "ada.@example.org",
          "a..b@example.org",
          "ada@-example.org",
          "ada@example..org",
          "ada@example.org.",
          "ada@[127.0.0.1]",
          "ädä@example.org",
          "ada@exämple.org",
          "a".repeat(65) + "@example.org",
          "a@" + "b.".repeat(126) + "org"
        }) {
      assertTrue(MailAddress.parse(text).isEmpty(), text);
    }
  }
}
