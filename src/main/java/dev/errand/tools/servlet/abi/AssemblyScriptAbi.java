package dev.errand.tools.servlet.abi;

import com.dylibso.chicory.runtime.Instance;
import dev.errand.base.json.WellFormed;
import dev.errand.tools.servlet.limit.CallEnded;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/** The functions that AssemblyScript's runtime imports from {@code env}. */
final class AssemblyScriptAbi {
  private static final int MOST_BYTES = 2000;

  private AssemblyScriptAbi() {}

  static Stream<HostImport> imports() {
    return Stream.of(
        HostImport.of(
            "env",
            "abort",
            "iiii",
            (call, in, a) -> {
              throw new CallEnded.Failed(
                  "The tool crashed: %s (%s:%d:%d)."
                      .formatted(string(in, (int) a[0]), string(in, (int) a[1]), a[2], a[3]));
            }),
        HostImport.of(
                "env",
                "seed",
                "",
                'd',
                (call, in, a) -> Double.doubleToRawLongBits(call.random.nextDouble()))
            .alsoEarly());
  }

  /** Reads a string: UTF-16 at its address, with its length in bytes before it. */
  private static String string(Instance instance, int address) {
    if (address == 0) {
      return "unknown";
    }
    var memory = HostImport.memory(instance);
    var length = memory.readInt(address - 4);
    var bytes = memory.readBytes(address, Math.max(0, Math.min(length, MOST_BYTES)) & -2);
    return WellFormed.text(new String(bytes, StandardCharsets.UTF_16LE));
  }
}
