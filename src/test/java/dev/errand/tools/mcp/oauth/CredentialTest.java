package dev.errand.tools.mcp.oauth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is told of a credential by its times alone. */
class CredentialTest {
  private static final Instant END = Instant.parse("2026-11-26T12:00:00Z");

  private static Credential credential(boolean hasRefresh) {
    return new Credential(
        UUID.randomUUID(),
        "https://auth.example.com",
        null,
        null,
        null,
        null,
        new byte[] {1},
        null,
        END,
        hasRefresh,
        "ada",
        END.minusSeconds(3600),
        null,
        false,
        null,
        false,
        false);
  }

  @Test
  void aTokenThatHasEndedAndCannotBeRenewedSaysSo() {
    Credential credential = credential(false);
    assertEquals(Credential.State.EXPIRING, credential.state(END.minusSeconds(1)));
    assertNull(credential.reason(END.minusSeconds(1)));
    assertEquals(Credential.State.FAILING, credential.state(END));
    assertTrue(String.valueOf(credential.reason(END)).contains("Connect the server again."));
  }

  @Test
  void aRenewableTokenIsHealthyForAnyExpiry() {
    Credential credential = credential(true);
    assertEquals(Credential.State.OK, credential.state(END.plusSeconds(1)));
    assertNull(credential.reason(END.plusSeconds(1)));
  }
}
