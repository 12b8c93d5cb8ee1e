package dev.errand.tools.servlet.module;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.tools.port.ToolLog;
import dev.errand.tools.port.ToolResult;
import dev.errand.tools.servlet.host.Attack;
import dev.errand.tools.servlet.host.Fixture;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servlets that try to reach what is not theirs. */
@Timeout(120)
class ReachAttackTest {
  @ParameterizedTest
  @EnumSource
  void aReadFarOutsideTheArena(Engine engine) throws Exception {
    new Attack(engine, "arena_read").failsWith("outside the memory");
  }

  @ParameterizedTest
  @EnumSource
  void aReadBeforeTheArena(Engine engine) throws Exception {
    new Attack(engine, "arena_read_below").failsWith("outside the memory");
  }

  @ParameterizedTest
  @EnumSource
  void aReadAcrossTheEndOfTheArena(Engine engine) throws Exception {
    new Attack(engine, "arena_read_edge").failsWith("outside the memory");
  }

  @ParameterizedTest
  @EnumSource
  void aWriteOutsideTheArena(Engine engine) throws Exception {
    new Attack(engine, "arena_outside").failsWith("outside the memory");
  }

  @ParameterizedTest
  @EnumSource
  void anAnswerFromOutsideTheArena(Engine engine) throws Exception {
    new Attack(engine, "output_outside").failsWith("outside the memory");
  }

  @ParameterizedTest
  @EnumSource
  void aReadPastTheInput(Engine engine) throws Exception {
    new Attack(engine, "input_past").failsWith("past the end of its input");
  }

  @ParameterizedTest
  @EnumSource
  void aReadOutsideItsOwnMemory(Engine engine) throws Exception {
    new Attack(engine, "memory_outside").failsWith("out of bounds");
  }

  @ParameterizedTest
  @EnumSource
  void blocksThatAreFreedTwiceOrWereNeverThere(Engine engine) throws Exception {
    assertEquals(ToolResult.text("00000000"), new Fixture(engine).call("arena_strange"));
  }

  @ParameterizedTest
  @EnumSource
  void stateKeptFromOneCallToTheNext(Engine engine) throws Exception {
    var fixture = new Fixture(engine);
    for (var i = 0; i < 3; i++) {
      assertEquals(ToolResult.text("00001001"), fixture.call("count"));
      assertEquals(ToolResult.text("00000005"), fixture.call("grow_table"));
      assertEquals(ToolResult.text("00000097"), fixture.call("drop_data"));
      assertEquals(ToolResult.text("00000000"), fixture.call("vars_kept"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatAnotherCallLeftInMemoryAndInTheArena(Engine engine) throws Exception {
    var fixture = new Fixture(engine, "cores", "1", "calls", "1");
    for (var i = 0; i < 3; i++) {
      assertEquals(ToolResult.text("00000083"), fixture.call("dirty"));
      assertEquals(ToolResult.text("00000000"), fixture.call("scan"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void settingsOfAnotherInstallationOfTheSameServlet(Engine engine) throws Exception {
    var fixture = new Fixture(engine);
    var secret = "{\"content\":[{\"type\":\"text\",\"text\":\"a secret\"}]}";
    var rich = Fixture.grant(List.of(), Map.of("answer", secret));
    var poor = Fixture.grant(List.of(), Map.of("other", "x"));
    for (var i = 0; i < 3; i++) {
      assertEquals(ToolResult.text("a secret"), fixture.call("config_echo", rich, ToolLog.NONE));
      var stolen = fixture.call("config_echo", poor, ToolLog.NONE);
      assertTrue(stolen.isError());
      assertFalse(stolen.joinedText().contains("secret"), stolen::joinedText);
    }
  }

  @ParameterizedTest
  @EnumSource
  void filesAndSocketsOfTheHost(Engine engine) throws Exception {
    assertEquals(ToolResult.text("00000031"), new Fixture(engine).call("wasi_refused"));
  }
}
