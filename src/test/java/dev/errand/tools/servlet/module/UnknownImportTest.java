package dev.errand.tools.servlet.module;

import static dev.errand.tools.servlet.module.WasmBytes.body;
import static dev.errand.tools.servlet.module.WasmBytes.bytes;
import static dev.errand.tools.servlet.module.WasmBytes.header;
import static dev.errand.tools.servlet.module.WasmBytes.name;
import static dev.errand.tools.servlet.module.WasmBytes.number;
import static dev.errand.tools.servlet.module.WasmBytes.section;
import static dev.errand.tools.servlet.module.WasmBytes.vector;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.errand.tools.servlet.abi.InvalidServletException;
import dev.errand.tools.servlet.host.Fixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnknownImportTest {
  private static final String REFUSED = "The module has imports that this host does not provide: ";

  @ParameterizedTest
  @CsvSource({
    "extism:host/env, get_config, config_get",
    "extism:host/env, http_requst, http_request",
    "extism:host/env, logInfo, log_info",
    "extism:host/env, http_status, http_status_code",
    "extism:host/env, config, config_get",
    "extism:host/env, log, log_info",
    "extism:host/env, var, var_get",
    "extism:host/env, input, input_length",
    "extism:host/env, error, error_set",
    "env, config_get, extism:host/env config_get",
    "extism:host/env, fd_write, wasi_snapshot_preview1 fd_write"
  })
  void aMisspeltImportIsAnsweredWithTheNameThatWasMeant(
      String module, String function, String meant) {
    assertEquals(
        REFUSED + module + " " + function + " (did you mean " + meant + "?).",
        refusal(module, function, 1));
  }

  @Test
  void theInterfaceOfExtismBeforeItsVersion1IsNamed() {
    assertEquals(
        "The module imports env extism_alloc: it is made for Extism before 1.0. Build it with a kit"
            + " (PDK) of the version 1.0 or later, whose functions are those of extism:host/env.",
        refusal("env", "extism_alloc", 1));
  }

  @Test
  void anotherImportIsNamedAsItIs() {
    assertEquals(REFUSED + "env system.", refusal("env", "system", 1));
    assertEquals(
        REFUSED + "env system, ".repeat(20) + "and 480 more.", refusal("env", "system", 500));
  }

  private static String refusal(String module, String function, int times) {
    var one = bytes(name(module), name(function), new byte[] {0, 0});
    var imports = new byte[times][];
    java.util.Arrays.fill(imports, one);
    var wasm =
        bytes(
            header(),
            section(1, vector(new byte[] {0x60, 0, 0})),
            section(2, vector(imports)),
            section(3, vector(new byte[] {0}, new byte[] {0})),
            section(
                7,
                vector(
                    bytes(name("describe"), new byte[] {0}, number(times)),
                    bytes(name("call"), new byte[] {0}, number(times + 1)))),
            section(10, vector(body(0, 0), body(0, 0))));
    var refused =
        assertThrows(
            InvalidServletException.class,
            () -> new Fixture(Engine.INTERPRETED).host().load(Fixture.address(wasm), wasm));
    return String.valueOf(refused.getMessage());
  }
}
