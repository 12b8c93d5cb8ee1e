package dev.errand.tools.servlet.module;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.tools.servlet.abi.InvalidServletException;
import dev.errand.tools.servlet.host.Attack;
import dev.errand.tools.servlet.host.Fixture;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servlets that try to run for ever. */
@Timeout(120)
class LoopAttackTest {
  @ParameterizedTest
  @EnumSource
  void aLoopClosedByABranch(Engine engine) throws Exception {
    new Attack(engine, "loop_br").isStoppedAtItsTime();
  }

  @ParameterizedTest
  @EnumSource
  void aLoopClosedByAConditionalBranch(Engine engine) throws Exception {
    new Attack(engine, "loop_br_if").isStoppedAtItsTime();
  }

  @ParameterizedTest
  @EnumSource
  void aLoopClosedByABranchTable(Engine engine) throws Exception {
    new Attack(engine, "loop_br_table").isStoppedAtItsTime();
  }

  @ParameterizedTest
  @EnumSource
  void aLoopOfCalls(Engine engine) throws Exception {
    new Attack(engine, "loop_call").isStoppedAtItsTime();
  }

  @ParameterizedTest
  @EnumSource
  void aLoopOfIndirectCalls(Engine engine) throws Exception {
    new Attack(engine, "loop_call_indirect").isStoppedAtItsTime();
  }

  @ParameterizedTest
  @EnumSource
  void aLoopOfTailCalls(Engine engine) throws Exception {
    new Attack(engine, "loop_return_call").isStoppedAtItsTime();
  }

  @ParameterizedTest
  @EnumSource
  void aLoopOfIndirectTailCalls(Engine engine) throws Exception {
    new Attack(engine, "loop_return_call_indirect").isStoppedAtItsTime();
  }

  @ParameterizedTest
  @EnumSource
  void aLoopOfHostCalls(Engine engine) throws Exception {
    new Attack(engine, "loop_host").isStoppedAtItsTime();
  }

  @ParameterizedTest
  @EnumSource
  void aLoopThatAllocatesAndFrees(Engine engine) throws Exception {
    new Attack(engine, "loop_alloc").isStoppedAtItsTime();
  }

  @ParameterizedTest
  @EnumSource
  void aLoopThatLogs(Engine engine) throws Exception {
    new Attack(engine, "loop_log").isStoppedAtItsTime();
  }

  @ParameterizedTest
  @EnumSource
  void aLoopThatPrints(Engine engine) throws Exception {
    new Attack(engine, "loop_print").isStoppedAtItsTime();
  }

  @ParameterizedTest
  @EnumSource
  void aLoopThatYieldsAndLooksAtTheClock(Engine engine) throws Exception {
    new Attack(engine, "loop_yield").isStoppedAtItsTime();
  }

  @ParameterizedTest
  @EnumSource
  void aLoopOfSleepsOfNoLength(Engine engine) throws Exception {
    new Attack(engine, "loop_sleep").isStoppedAtItsTime();
  }

  @ParameterizedTest
  @EnumSource
  void aSleepOfAnHour(Engine engine) throws Exception {
    new Attack(engine, "sleep").isStoppedAtItsTime();
  }

  @ParameterizedTest
  @EnumSource
  void aLoopThatFillsMemory(Engine engine) throws Exception {
    new Attack(engine, "loop_fill").isStoppedAtItsTime();
  }

  @ParameterizedTest
  @EnumSource
  void manyFillsOfMemoryWithoutALoop(Engine engine) throws Exception {
    new Attack(engine, "fill_straight").isStoppedAtItsTime();
  }

  @ParameterizedTest
  @EnumSource
  void aLoopThatCopiesMemory(Engine engine) throws Exception {
    new Attack(engine, "loop_copy").isStoppedAtItsTime();
  }

  @ParameterizedTest
  @EnumSource
  void aLoopThatFillsATable(Engine engine) throws Exception {
    new Attack(engine, "loop_table").isStoppedAtItsTime();
  }

  @ParameterizedTest
  @EnumSource
  void aLoopThatAsksForRandomNumbers(Engine engine) throws Exception {
    new Attack(engine, "loop_random").isStoppedAtItsTime();
  }

  @ParameterizedTest
  @EnumSource
  void aLoopInAFunctionTooLargeToCompile(Engine engine) throws Exception {
    new Attack(engine, "too_large").isStoppedAtItsTime();
  }

  @ParameterizedTest
  @EnumSource
  void aLoopInTheStartFunction(Engine engine) throws Exception {
    new Attack(engine, "loop_start").isStoppedAtItsTime();
  }

  @ParameterizedTest
  @EnumSource
  void aLoopInTheInitializationOfAReactor(Engine engine) throws Exception {
    new Attack(engine, "loop_initialize").isStoppedAtItsTime();
  }

  @ParameterizedTest
  @EnumSource
  void aLoopWhileItDescribesItself(Engine engine) throws Exception {
    var fixture = new Fixture(engine, "describe-time", "PT0.3S");
    var module = fixture.load("loop_start");
    var refused =
        assertThrows(InvalidServletException.class, () -> fixture.host().describe(module));
    assertTrue(String.valueOf(refused.getMessage()).contains("longer than 300 ms"));
  }

  @ParameterizedTest
  @EnumSource
  void aLoopPastTheLimitOfEveryCall(Engine engine) throws Exception {
    new Attack(engine, "loop_br", "wall-time", "PT2S").failsWith("took longer than 2 seconds");
  }
}
