package dev.errand.base.secret;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PlainSecretTest {
  @Test
  void theHintIsTheEndOfALongSecret() {
    assertEquals("…cdef", new PlainSecret("0123456789abcdef").hint());
    assertEquals("…", new PlainSecret("0123456789abcde").hint());
    assertEquals("…", new PlainSecret("").hint());
  }

  @Test
  void itsTextDoesNotContainIt() {
    assertEquals("PlainSecret[…]", new PlainSecret("0123456789abcdef").toString());
  }
}
