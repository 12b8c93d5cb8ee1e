package dev.errand.models.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The errors of runs, and which of them are possible where. */
class RunErrorTest {
  @Test
  void anErrorIsFoundByItsCode() {
    for (RunError error : RunError.values()) {
      assertEquals(Optional.of(error), RunError.of(error.code()));
    }
    assertEquals(Optional.empty(), RunError.of("profile_deleted"));
    assertEquals(Optional.empty(), RunError.of("TIMEOUT"));
    assertEquals(Optional.empty(), RunError.of(""));
  }

  @Test
  void noWarningHasTheCodeOfAnotherErrorThanItAverts() {
    for (WarningCode warning : WarningCode.values()) {
      assertEquals(
          warning == WarningCode.APPROVAL_EXPIRED
              ? Optional.of(RunError.APPROVAL_EXPIRED)
              : Optional.empty(),
          RunError.of(warning.code()));
    }
  }

  @Test
  void onlyABoundCanBeNear() {
    assertEquals(
        List.of("timeout", "max_steps", "max_tokens", "max_cost", "max_tool_calls"),
        codes(RunError::isBound));
    for (RunError error : RunError.values()) {
      if (!error.isBound()) {
        assertThrows(
            IllegalArgumentException.class, () -> new RunWarning.NearLimit(error, "It is near."));
      }
    }
  }

  @Test
  void theLoopEndsNoRunForWhatHappensOutsideIt() {
    List<String> outside =
        List.of(
            "cancelled", "task_deleted", "credential_expired", "attempts_exhausted", "internal");
    assertEquals(outside, codes(error -> !error.isOfLoop()));
    for (String code : outside) {
      RunError error = RunError.of(code).orElseThrow();
      assertThrows(
          IllegalArgumentException.class,
          () -> new Outcome.Failed(error, "It failed.", Usage.NONE));
    }
  }

  private static List<String> codes(Predicate<RunError> which) {
    Stream<RunError> all = Arrays.stream(RunError.values());
    return all.filter(which).map(RunError::code).toList();
  }
}
