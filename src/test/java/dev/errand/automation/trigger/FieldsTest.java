package dev.errand.automation.trigger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FieldsTest {
  private static final Map<String, List<String>> PARTS =
      Map.of("Stripe-Signature", List.of("t=1", "v1=ab"), "Date", List.of("Wed", " 25 Nov"));

  @Test
  void valuesSplitAtCommasAreJoined() {
    Fields fields = Fields.sent(PARTS, true);
    assertEquals("t=1,v1=ab", fields.single("stripe-signature"));
    assertEquals("Wed, 25 Nov", fields.single("date"));
  }

  @Test
  void elsewhereAFieldThatComesTwiceIsRefused() {
    Fields fields = Fields.sent(PARTS, false);
    assertThrows(SignatureRefusedException.class, () -> fields.single("stripe-signature"));
  }
}
