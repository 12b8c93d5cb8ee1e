package dev.errand.base.error;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingSuggestionTest {
  private static final List<String> KNOWN =
      List.of("config_get", "var_get", "http_request", "inputSchema", "API_KEY", "Europe/Berlin");

  @ParameterizedTest
  @CsvSource({
    "get_config, config_get",
    "configGet, config_get",
    "confg_get, config_get",
    "htpt_request, http_request",
    "input_schema, inputSchema",
    "api_key, API_KEY",
    "Europe/Berlln, Europe/Berlin"
  })
  void aMisspeltNameFindsTheOneThatWasMeant(String name, String meant) {
    assertEquals(Optional.of(meant), SpellingSuggestion.of(name, KNOWN));
  }

  @ParameterizedTest
  @CsvSource({"system", "memory", "x", "annotations"})
  void anotherNameFindsNone(String name) {
    assertEquals(Optional.empty(), SpellingSuggestion.of(name, KNOWN));
  }

  @Test
  void aVeryLongNameIsNotCompared() {
    String longer = "config_get".repeat(10_000);
    assertEquals(Optional.empty(), SpellingSuggestion.of(longer, List.of(longer)));
  }
}
