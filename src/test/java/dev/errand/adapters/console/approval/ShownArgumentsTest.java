package dev.errand.adapters.console.approval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;

class ShownArgumentsTest {
  private static final int MOST = 20_000;

  private final JsonMapper json = new JsonMapper();

  @Test
  void argumentsThatAreNestedDeeplyAreCut() throws Exception {
    String many = "[" + "{\"a\":1},".repeat(6_000) + "1]";
    ShownArguments shown = shown("{\"a\":".repeat(900) + many + "}".repeat(900));
    assertTrue(shown.cut());
    assertFalse(shown.hidden());
    assertEquals(MOST + 1, shown.json().length());
    assertEquals(MOST + 1, shown.fields().getFirst().value().length());
  }

  @Test
  void hiddenCharactersBehindTheBeginningAreTold() throws Exception {
    String text = "x".repeat(2 * MOST);
    assertTrue(shown("{\"a\":\"" + text + "\u200b\"}").hidden());
    assertTrue(shown("{\"a\":[\"" + text + "\"],\"b\u200b\":1}").hidden());
    assertFalse(shown("{\"a\":[\"" + text + "\",\"\u00e4\\n\u2764\ufe0f\"]}").hidden());
  }

  private ShownArguments shown(String arguments) throws Exception {
    return ShownArguments.of(json.readTree(arguments));
  }
}
