package dev.errand.tools.servlet.module;

import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.Export;
import com.dylibso.chicory.wasm.types.ExternalType;
import com.dylibso.chicory.wasm.types.FunctionBody;
import com.dylibso.chicory.wasm.types.FunctionImport;
import com.dylibso.chicory.wasm.types.FunctionType;
import com.dylibso.chicory.wasm.types.Import;
import com.dylibso.chicory.wasm.types.OpCode;
import com.dylibso.chicory.wasm.types.ValType;
import dev.errand.base.error.SpellingSuggestion;
import dev.errand.base.json.WellFormed;
import dev.errand.tools.servlet.abi.HostImport;
import dev.errand.tools.servlet.abi.InvalidServletException;
import dev.errand.tools.servlet.limit.Limits;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Validates that a parsed module can be a servlet. */
public final class ModuleCheck {
  private static final int MOST_IMPORTS = 500;
  private static final int MOST_EXPORTS = 10_000;
  private static final int MOST_GLOBALS = 100_000;
  private static final int MOST_TABLES = 16;
  private static final int MOST_SEGMENTS = 100_000;
  private static final int MOST_SHOWN = 20;
  private static final int LONGEST_SHOWN = 100;

  /** The functions that are usually meant where several have a word in common. */
  private static final Set<String> USUAL = Set.of("log_info", "error_set");

  private static final List<String> OF_HYPER_MCP = List.of("list_tools", "call_tool");

  private final WasmModule module;
  private final Limits limits;

  public ModuleCheck(WasmModule module, Limits limits) {
    this.module = module;
    this.limits = limits;
  }

  /**
   * Checks everything but the code.
   *
   * @return the host functions that the module imports
   */
  public List<HostImport> declarations(Map<String, HostImport> known)
      throws InvalidServletException {
    types();
    counts();
    memory();
    tables();
    exports();
    return imports(known);
  }

  /** Refuses instructions that this host does not run, or could not stop. */
  public void code() throws InvalidServletException {
    for (FunctionBody body : module.codeSection().functionBodies()) {
      for (var instruction : body.instructions()) {
        var refused = refused(instruction.opcode());
        if (refused != null) {
          throw new InvalidServletException(
              "The module uses %s (%s), which servlets can't use here; turn it off in the compiler."
                  .formatted(refused, instruction.opcode()));
        }
      }
    }
  }

  private static @Nullable String refused(OpCode opcode) {
    var code = opcode.opcode();
    return switch (code) {
      case 0x08, 0x0A, 0x1F -> "exception handling";
      case 0x14, 0x15, 0xD3, 0xD4, 0xD5, 0xD6 -> "typed function references";
      default ->
          switch (code >> 8) {
            case 0, 0xFC -> null;
            case 0xFB -> "garbage-collected types";
            case 0xFE -> "threads";
            default -> "SIMD";
          };
    };
  }

  private void types() throws InvalidServletException {
    for (var type : module.typeSection().types()) {
      if (type == null) {
        throw new InvalidServletException(
            "The module uses garbage-collected types, which servlets can't use here.");
      }
    }
    if (module.tagSection().isPresent()) {
      throw new InvalidServletException(
          "The module uses exception handling, which servlets can't use here; turn it off in the"
              + " compiler.");
    }
  }

  private void counts() throws InvalidServletException {
    most("imports", module.importSection().importCount(), MOST_IMPORTS);
    most("exports", module.exportSection().exportCount(), MOST_EXPORTS);
    most("globals", module.globalSection().globalCount(), MOST_GLOBALS);
    most("data segments", module.dataSection().dataSegmentCount(), MOST_SEGMENTS);
    most("element segments", module.elementSection().elementCount(), MOST_SEGMENTS);
    most("functions", module.functionSection().functionCount(), limits.functions());
  }

  private void memory() throws InvalidServletException {
    var memories = module.memorySection();
    if (memories.isEmpty()) {
      return;
    }
    if (memories.get().memoryCount() > 1) {
      throw new InvalidServletException("The module has several memories; a servlet has one.");
    }
    if (memories.get().memoryCount() == 0) {
      return;
    }
    var declared = memories.get().getMemory(0).limits();
    if (declared.shared()) {
      throw new InvalidServletException("The module has shared memory; a servlet has no threads.");
    }
    if (declared.initialPages() > limits.memoryPages()) {
      throw new InvalidServletException(
          "The module requests %s of memory at its start; at most %s are allowed."
              .formatted(
                  Limits.size((long) declared.initialPages() * Limits.PAGE),
                  Limits.size(limits.memory())));
    }
  }

  private void tables() throws InvalidServletException {
    var tables = module.tableSection();
    most("tables", tables.tableCount(), MOST_TABLES);
    var entries = 0L;
    for (var i = 0; i < tables.tableCount(); i++) {
      entries += tables.getTable(i).limits().min();
    }
    most("table entries", entries, limits.tableEntries());
  }

  private void exports() throws InvalidServletException {
    var names = new HashSet<String>();
    for (var i = 0; i < module.exportSection().exportCount(); i++) {
      var name = module.exportSection().getExport(i).name();
      if (!names.add(name)) {
        throw new InvalidServletException(
            "The module has several exports named \"%s\"; names must be unique."
                .formatted(WellFormed.cut(name, LONGEST_SHOWN)));
      }
    }
    if (!names.contains("describe") && names.containsAll(OF_HYPER_MCP)) {
      throw new InvalidServletException(
          "The module exports \"list_tools\" and \"call_tool\", the interface of hyper-mcp; a servlet"
              + " exports \"describe\" instead, which sets what \"list_tools\" does, and \"call\","
              + " whose input has name and arguments in \"params\".");
    }
    for (var name : List.of("describe", "call")) {
      var type = type(module, name);
      if (type == null) {
        throw new InvalidServletException(
            "The module exports no function \"%s\"; a servlet exports \"describe\" and \"call\"."
                .formatted(name));
      }
      var returns = type.returns();
      if (!type.params().isEmpty()
          || returns.size() > 1
          || (!returns.isEmpty() && !returns.get(0).equals(ValType.I32))) {
        throw new InvalidServletException(
            "The function \"%s\" has the type %s; it takes nothing and returns an i32."
                .formatted(name, type));
      }
    }
  }

  /** The type of an exported function, if there is one of that name. */
  public static @Nullable FunctionType type(WasmModule module, String name) {
    var exports = module.exportSection();
    for (var i = 0; i < exports.exportCount(); i++) {
      Export export = exports.getExport(i);
      if (export.name().equals(name) && export.exportType() == ExternalType.FUNCTION) {
        return type(module, export.index());
      }
    }
    return null;
  }

  private static @Nullable FunctionType type(WasmModule module, int function) {
    var imported = 0;
    var imports = module.importSection();
    for (var i = 0; i < imports.importCount(); i++) {
      if (imports.getImport(i) instanceof FunctionImport f && imported++ == function) {
        return module.typeSection().getType(f.typeIndex());
      }
    }
    var own = function - imported;
    return own < 0 || own >= module.functionSection().functionCount()
        ? null
        : module.typeSection().getType(module.functionSection().getFunctionType(own));
  }

  private List<HostImport> imports(Map<String, HostImport> known) throws InvalidServletException {
    var found = new LinkedHashMap<String, HostImport>();
    var wrong = new ArrayList<String>();
    for (var i = 0; i < module.importSection().importCount(); i++) {
      Import wanted = module.importSection().getImport(i);
      var key = HostImport.key(wanted.module(), wanted.name());
      var name = wanted.module() + " " + wanted.name();
      var host = known.get(key);
      if (wanted.module().equals("env") && wanted.name().startsWith("extism_")) {
        throw new InvalidServletException(
            "The module imports env %s: it is made for Extism before 1.0. Build it with a kit (PDK)"
                    .formatted(WellFormed.cut(wanted.name(), LONGEST_SHOWN))
                + " of the version 1.0 or later, whose functions are those of extism:host/env.");
      }
      if (host == null || !(wanted instanceof FunctionImport function)) {
        wrong.add(wrong.size() < MOST_SHOWN ? name + near(wanted, known.values()) : name);
      } else if (!host.type().equals(module.typeSection().getType(function.typeIndex()))) {
        wrong.add(
            "%s as %s instead of %s"
                .formatted(name, module.typeSection().getType(function.typeIndex()), host.type()));
      } else {
        found.put(key, host);
      }
    }
    if (!wrong.isEmpty()) {
      var shown = wrong.stream().limit(MOST_SHOWN).collect(Collectors.joining(", "));
      throw new InvalidServletException(
          "The module has imports that this host does not provide: "
              + WellFormed.text(shown)
              + (wrong.size() > MOST_SHOWN
                  ? ", and " + (wrong.size() - MOST_SHOWN) + " more."
                  : "."));
    }
    return List.copyOf(found.values());
  }

  /** The function of this host that was probably meant, as a question in parentheses. */
  private static String near(Import wanted, Collection<HostImport> known) {
    var same =
        known.stream()
            .filter(host -> host.name().equals(wanted.name()))
            .map(host -> host.module() + " " + host.name());
    var there =
        known.stream()
            .filter(host -> host.module().equals(wanted.module()))
            .map(HostImport::name)
            .toList();
    var near = SpellingSuggestion.of(wanted.name(), there).stream();
    var longer =
        SpellingSuggestion.containing(
            wanted.name(), there.stream().filter(USUAL::contains).toList())
            .or(() -> SpellingSuggestion.containing(wanted.name(), there))
            .stream();
    return Stream.of(near, same, longer)
        .flatMap(meant -> meant)
        .filter(meant -> !meant.equals(wanted.name()))
        .findFirst()
        .map(" (did you mean %s?)"::formatted)
        .orElse("");
  }

  private static void most(String what, long count, long most) throws InvalidServletException {
    if (count > most) {
      throw new InvalidServletException(
          "The module has %d %s; at most %d are allowed.".formatted(count, what, most));
    }
  }
}
