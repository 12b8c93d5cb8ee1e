package dev.errand.adapters.console.page;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.runs.queue.RunStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunWordsTest {
  @Test
  void whatARunGotOverOrEachRunOfItsModelHasIsNoMark() {
    assertEquals(Mark.READY, mark("cost_unbounded", "retry_later", "thinking_dropped"));
    assertEquals(Mark.WARNED, mark("cost_unbounded", "tools_failed"));
  }

  private static Mark mark(String... warnings) {
    return RunWords.mark(RunStatus.READY, null, List.of(warnings));
  }
}
