package dev.errand.adapters.console.run;

import dev.errand.adapters.console.run.EntryView.ToolUse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts what belongs to one tool call together: its arguments, its log, what persons decided, and
 * its result. A page does the same with entries that are streamed to it.
 */
final class ToolUses {
  private final List<EntryView> all = new ArrayList<>();
  private final Map<Integer, List<EntryView>> parts = new LinkedHashMap<>();
  // The calls without a result, by their ids, which models may use again after that.
  private final Map<String, EntryView> open = new LinkedHashMap<>();

  private ToolUses() {}

  /** The entries in their order, those of a tool call as parts of the one that begins it. */
  static List<EntryView> of(List<EntryView> entries) {
    ToolUses uses = new ToolUses();
    entries.forEach(uses::add);
    return uses.all.stream()
        .map(entry -> entry.with(uses.parts.getOrDefault(entry.number(), List.of())))
        .toList();
  }

  private void add(EntryView entry) {
    EntryView call = entry.use() == null ? null : callOf(entry, entry.use());
    if (call == null) {
      all.add(entry);
    } else {
      parts.computeIfAbsent(call.number(), number -> new ArrayList<>()).add(entry);
    }
  }

  private @Nullable EntryView callOf(EntryView entry, ToolUse use) {
    return switch (use.role()) {
      case "call" -> {
        open.put(use.id(), entry);
        yield null;
      }
      case "end" -> open.remove(use.id());
      case "log" -> only(use.tool());
      default -> open.get(use.id());
    };
  }

  // Of two calls of a tool at once, nobody knows which one logged a line.
  private @Nullable EntryView only(String tool) {
    List<EntryView> calls =
        open.values().stream()
            .filter(call -> call.use() != null && call.use().tool().equals(tool))
            .toList();
    return calls.size() == 1 ? calls.getFirst() : null;
  }
}
