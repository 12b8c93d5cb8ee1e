package dev.errand.tools.servlet.module;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.tools.port.ToolCall;
import dev.errand.tools.port.ToolLog;
import dev.errand.tools.servlet.host.Fixture;
import dev.errand.tools.servlet.host.ServletHost;
import dev.errand.tools.servlet.limit.Grant;
import dev.errand.tools.servlet.prebuilt.BuiltIn;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servlets that are compiled with the program need no compiler where the program runs. */
@Timeout(120)
class PrebuiltTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"fetch", "calc", "time", "json"})
  void aBundledServletIsCompiledEvenWhereNothingCanBe(String name) throws Exception {
    ServletHost host = withoutCompiler();
    byte[] wasm = Fixture.wasm(name);
    ServletModule module = host.load(Fixture.address(wasm), wasm);
    assertFalse(module.interpreted());
    assertFalse(host.describe(module).isEmpty());
  }

  @Test
  void aBundledServletAnswersAsAlways() throws Exception {
    ServletHost host = withoutCompiler();
    byte[] wasm = Fixture.wasm("calc");
    var call =
        new ToolCall(
            "call_1",
            Fixture.arguments(Map.of("expression", "0.1 + 0.2")),
            Instant.MAX,
            ToolLog.NONE);
    var result = host.call(host.load(Fixture.address(wasm), wasm), Grant.NONE, "calculate", call);
    assertEquals("0.3", result.joinedText());
  }

  @Test
  void anyOtherServletIsInterpretedThere() throws Exception {
    byte[] wasm = Fixture.wasm("c_echo");
    assertTrue(withoutCompiler().load(Fixture.address(wasm), wasm).interpreted());
  }

  @ParameterizedTest
  @EnumSource
  void howAProcessRunsAModuleIsKnownBeforeItIsLoaded(Engine engine) throws Exception {
    ServletHost host =
        new ServletHost(Fixture.limits(), Fixture.NO_HTTP, engine, new BuiltIn(), CodeStore.NONE);
    byte[] large = Fixture.wasm("too_large");
    String address = Fixture.address(large);
    assertEquals(Execution.BUILT_IN, host.execution(Fixture.address(Fixture.wasm("calc")), false));
    switch (engine) {
      case COMPILED -> {
        assertEquals(Execution.COMPILED, host.execution(address, true));
        assertEquals(Execution.INTERPRETED, host.execution(address, false));
      }
      case INTERPRETED -> assertEquals(Execution.INTERPRETED, host.execution(address, true));
    }
    ServletModule module = host.load(address, large);
    assertEquals(engine == Engine.COMPILED, host.tooLarge(module));
    assertEquals(Execution.INTERPRETED, host.execution(address, true));
  }

  @Test
  void modulesInAFolderAreCompiledToo() throws Exception {
    Path modules = Files.createDirectories(folder.resolve("modules"));
    Files.write(modules.resolve("echo.wasm"), Fixture.wasm("c_echo"));
    Path sources = folder.resolve("sources");
    Path code = folder.resolve("code");
    prebuild(sources, code, modules);

    String address = Fixture.address(Fixture.wasm("c_echo"));
    String index =
        Files.readString(sources.resolve("dev/errand/tools/servlet/prebuilt/BuiltIn.java"));
    assertTrue(index.contains('"' + address + '"'), index);
    try (Stream<Path> files = Files.walk(code)) {
      List<String> names = files.map(file -> file.getFileName().toString()).toList();
      String name = "Servlet_" + address.substring(0, 16);
      assertTrue(names.contains(name + "Machine.class"), names::toString);
      assertTrue(names.contains(name + ".meta"), names::toString);
    }

    Files.delete(modules.resolve("echo.wasm"));
    prebuild(sources, code, modules);
    assertFalse(
        Files.readString(sources.resolve("dev/errand/tools/servlet/prebuilt/BuiltIn.java"))
            .contains(address),
        "what is no longer there is no longer built in");
  }

  private static void prebuild(Path sources, Path code, Path modules) throws Exception {
    String java = ProcessHandle.current().info().command().orElseThrow();
    Process prebuild =
        new ProcessBuilder(
                java,
                "-classpath",
                System.getProperty("java.class.path")
                    + File.pathSeparator
                    + System.getProperty("surefire.test.class.path", ""),
                "src/main/servlets/Prebuild.java",
                "test",
                sources.toString(),
                code.toString(),
                modules.toString())
            .inheritIO()
            .start();
    assertTrue(prebuild.waitFor(Duration.ofMinutes(1)));
    assertEquals(0, prebuild.exitValue());
  }

  private static ServletHost withoutCompiler() {
    return new ServletHost(
        Fixture.limits(), Fixture.NO_HTTP, Engine.INTERPRETED, new BuiltIn(), CodeStore.NONE);
  }
}
