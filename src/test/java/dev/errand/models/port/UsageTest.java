package dev.errand.models.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import org.junit.jupiter.api.Test;

class UsageTest {
  private static final ObjectMapper JSON =
      new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);

  @Test
  void anOlderRecordOfItIsReadWithNothingInWhatItDoesNotTell() throws JsonProcessingException {
    Usage old =
        JSON.readValue(
            """
            {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15, "steps": 1,
             "tool_calls": 2, "model_ms": 7, "tool_ms": 8, "of_a_later_version": 1}""",
            Usage.class);

    assertEquals(new Usage(10, 5, 15, 0, 0, 0, 1, 2, 0, null, 7, 8, null, null), old);
  }

  @Test
  void usageIsWrittenAsItIsRead() throws JsonProcessingException {
    Usage usage = new Usage(10, 5, 15, 4, 6, 3, 1, 2, 1, 0.25, 7, 8, null, null);
    String text = JSON.writeValueAsString(usage);

    assertEquals(
        JSON.readTree(
            """
            {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15, "cached_tokens": 4,
             "cache_write_tokens": 6, "reasoning_tokens": 3, "steps": 1, "tool_calls": 2,
             "tool_errors": 1, "cost_usd": 0.25, "model_ms": 7, "tool_ms": 8}"""),
        JSON.readTree(text));
    assertEquals(usage, JSON.readValue(text, Usage.class));
  }

  @Test
  void aStepAddsToEverythingThatItUsed() {
    Usage usage =
        Usage.NONE
            .plusStep(new Usage.Step(10, 5, 16, 4, 6, 3, 0.1, 7), 2)
            .plusModelTime(3)
            .plusToolEnd(15, true)
            .plusToolEnd(5, false)
            .plusStep(new Usage.Step(1, 1, 2, 1, 2, 1, 0.2, 1), 0);

    assertEquals(new Usage(11, 6, 18, 5, 8, 4, 2, 2, 1, 0.3, 11, 20, null, null), usage);
  }

  @Test
  void aCostThatIsNotKnownTakesNothingFromOneThatIs() {
    Usage.Step free = new Usage.Step(1, 1, 2, 0, 0, 0, null, 1);
    Usage.Step paid = new Usage.Step(1, 1, 2, 0, 0, 0, 0.5, 1);

    assertNull(Usage.NONE.plusStep(free, 0).costUsd());
    assertEquals(0.5, Usage.NONE.plusStep(paid, 0).plusStep(free, 0).costUsd());
    assertEquals(0.5, Usage.NONE.plusStep(free, 0).plusStep(paid, 0).costUsd());
  }
}
