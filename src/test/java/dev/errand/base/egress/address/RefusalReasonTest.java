package dev.errand.base.egress.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.errand.base.egress.address.EgressRefusedException.Reason;
import dev.errand.base.egress.client.Door;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each refusal of the egress guard fires one event with its reason. */
class RefusalReasonTest {

  @Test
  void eachRefusalIsReportedByItsReason() {
    try (Door door = new Door("allowed.example")) {
      for (String url :
          List.of(
              "ftp://example.org/",
              "http://10.0.0.1/",
              "http://metadata.google.internal/",
              "http://93.184.216.34:22/")) {
        assertThrows(EgressRefusedException.class, () -> door.get(url), url);
      }
      assertEquals(
          List.of(Reason.REQUEST, Reason.ADDRESS, Reason.METADATA, Reason.PORT), door.refused());
    }
  }
}
