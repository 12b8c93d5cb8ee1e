package dev.errand.tools.servlet.module;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.tools.servlet.host.Fixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class CompileHeapTest {
  @TempDir Path folder;

  @Test
  void noModuleOfLessThanAMegabyteNeedsMoreThanASmallHeapToCompile() throws Exception {
    var all = CompileCases.all();
    all.forEach((name, wasm) -> assertTrue(wasm.length < 1 << 20, name));
    var output = folder.resolve("output");
    // A process of its own: such a module has ended the JVM that compiled it.
    var process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx256m",
                    "-XX:+ExitOnOutOfMemoryError",
                    "-XX:ErrorFile=" + folder.resolve("error"),
                    "-cp",
                    System.getProperty("java.class.path"),
                    CompileCases.class.getName()))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      var status = process.waitFor();
      var said = Files.readString(output);
      assertEquals(0, status, said);
      for (var name : all.keySet()) {
        assertTrue(said.contains(name + ": interpreted"), said);
      }
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void outputOfCompilersIsCompiledCompletely() throws Exception {
    for (var name : List.of("go_probe", "go_command", "as_probe", "c_probe", "rust_unstripped")) {
      assertEquals(
          List.of(),
          ModuleScan.check(Fixture.wasm(name), Fixture.limits()).tooLarge().stream()
              .collect(Collectors.toList()),
          name);
    }
  }
}
