package dev.errand.adapters.console.page;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.runs.queue.RunStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunWordsTest {
  @Test
  void whatARunGotOverOrEachRunOfItsModelHasIsNoMark() {
    assertEquals("ready", mark("cost_unbounded", "retry_later", "thinking_dropped"));
    assertEquals("warned", mark("cost_unbounded", "tools_failed"));
  }

  private static String mark(String... warnings) {
    return RunWords.mark(RunStatus.READY, null, List.of(warnings));
  }
}
