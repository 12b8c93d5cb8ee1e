package dev.errand.tools.servlet.module;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.wasm.WasmModule;
import dev.errand.tools.servlet.abi.HostImport;
import java.util.List;
import java.util.function.Function;

/** A servlet's module: parsed, checked, ready to run; immutable, and shared by all calls. */
public final class ServletModule {
  /** One large call must not make all others take as much from the start. */
  private static final int MOST_LIKELY_PAGES = 16;

  private final String address;
  private final int size;
  private final int run;
  private final WasmModule wasm;
  private final Function<Instance, Machine> machine;
  private final List<HostImport> imports;
  private final boolean interpreted;
  private final FunctionPlaces places;
  private final List<Initializer> initializers;
  private volatile int likelyPages;

  /**
   * A module.
   *
   * @param bytes its source
   * @param run how many bytes are run: its own, or those of what {@code SimdLowering} made of it
   */
  public ServletModule(
      String address,
      byte[] bytes,
      int run,
      WasmModule wasm,
      Function<Instance, Machine> machine,
      List<HostImport> imports,
      boolean interpreted) {
    this.address = address;
    this.size = bytes.length;
    this.run = run;
    this.wasm = wasm;
    this.machine = machine;
    this.imports = List.copyOf(imports);
    this.interpreted = interpreted;
    this.places = FunctionPlaces.of(bytes);
    this.initializers = Initializer.of(wasm, bytes);
  }

  /** The content address: the SHA-256 of the bytes, in lower-case hexadecimal. */
  public String address() {
    return address;
  }

  public int size() {
    return size;
  }

  /** Whether some of its code is interpreted, and so slower by two orders of magnitude. */
  public boolean interpreted() {
    return interpreted;
  }

  /** Whether offsets of instructions that run are those of its source. */
  public boolean runsItsSource() {
    return run == size;
  }

  /** An estimate of its memory in bytes. */
  public long weight() {
    return weight(run, interpreted) + places.weight();
  }

  /**
   * An estimate of the memory in bytes of a module of that size. Interpreted code takes one object
   * per instruction: in an executable, modules of Go took 36 to 38 times their size.
   */
  public static long weight(int size, boolean interpreted) {
    return size * (interpreted ? 40L : 6L);
  }

  /** The places and names of its functions. */
  public FunctionPlaces places() {
    return places;
  }

  /** The functions that set up its runtime before an instance is called, in order. */
  public List<Initializer> initializers() {
    return initializers;
  }

  /**
   * How many pages of memory its last call ended with; no more than {@value #MOST_LIKELY_PAGES}.
   */
  public int likelyPages() {
    return likelyPages;
  }

  /** Records how many pages of memory a call ended with. */
  public void ended(int pages) {
    likelyPages = Math.min(pages, MOST_LIKELY_PAGES);
  }

  public WasmModule wasm() {
    return wasm;
  }

  public Function<Instance, Machine> machine() {
    return machine;
  }

  public List<HostImport> imports() {
    return imports;
  }

  @Override
  public String toString() {
    return "ServletModule[" + address + ", " + size + " bytes]";
  }
}
