package dev.errand.tools.servlet.abi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.dylibso.chicory.wasm.ChicoryException;
import com.dylibso.chicory.wasm.Parser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AbiTest {
  /** What servlets import that were published elsewhere. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "extism:host/env | alloc free length length_unsafe load_u8 load_u64 store_u8 store_u64",
        "extism:host/env | input_length input_load_u8 input_load_u64 input_offset output_set",
        "extism:host/env | error_set config_get var_get var_set",
        "extism:host/env | http_request http_status_code http_headers",
        "extism:host/env | log_trace log_debug log_info log_warn log_error get_log_level",
        "wasi_snapshot_preview1 | clock_time_get fd_write sched_yield random_get proc_exit",
        "wasi_snapshot_preview1 | environ_get environ_sizes_get args_get args_sizes_get"
      })
  void everyFunctionOfTheAbiIsThere(String module, String names) {
    var there = there();
    for (var name : names.split(" ", -1)) {
      assertTrue(there.contains(HostImport.key(module, name)), name);
    }
  }

  @Test
  void everyFunctionThatIsThereIsImportedByAServletOfTheTests() throws Exception {
    var missing = there();
    try (var files = Files.list(Path.of("src/test/resources/servlets"))) {
      for (var file : files.filter(f -> f.toString().endsWith(".wasm")).toList()) {
        try {
          Parser.parse(Files.readAllBytes(file)).importSection().stream()
              .forEach(i -> missing.remove(HostImport.key(i.module(), i.name())));
        } catch (ChicoryException e) {
          assertTrue(String.valueOf(file.getFileName()).startsWith("refused_"), file::toString);
        }
      }
    }
    assertEquals(Set.of(), missing);
  }

  private static Set<String> there() {
    return HostImport.all()
        .map(i -> HostImport.key(i.module(), i.name()))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
