package dev.errand.tools.install;

import dev.errand.tools.port.ToolNames;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names of the tools of a profile. One that more than one tool would have is called by one of
 * them, but says nothing of which is meant: another installation may have taken it since.
 */
final class GivenNames {
  private final Set<String> taken;
  private final Map<String, Integer> wanted = new HashMap<>();
  private @Nullable Set<String> choices;

  /**
   * Creates names.
   *
   * @param taken the names of other tools; each one that is given is added
   */
  GivenNames(Set<String> taken) {
    this.taken = taken;
  }

  /** Names a tool. What others there are is known once all of them are named. */
  Given give(String installation, String tool) {
    List<String> tried = ToolNames.tried(installation, tool, taken);
    tried.forEach(name -> wanted.merge(name, 1, Integer::sum));
    return new Given(installation, tool, tried);
  }

  /** The names of a tool. */
  final class Given {
    private final String installation;
    private final String tool;
    private final List<String> tried;
    private @Nullable String choice;

    private Given(String installation, String tool, List<String> tried) {
      this.installation = installation;
      this.tool = tool;
      this.tried = tried;
    }

    /** The name by which models call it. */
    String name() {
      return tried.getLast();
    }

    /** The name by which tasks choose it: that which models call, unless others would have it. */
    String choice() {
      if (choice == null) {
        choice = isOwn(name()) ? name() : ToolNames.give(installation, tool, choices());
      }
      return choice;
    }

    /** What {@link dev.errand.tools.port.Tool#sharedNames} is. */
    Set<String> shared() {
      if (tried.size() == 1 && isOwn(name())) {
        return Set.of();
      }
      Set<String> all = new HashSet<>(tried);
      all.add(choice());
      return all;
    }

    private boolean isOwn(String name) {
      return wanted.getOrDefault(name, 0) == 1;
    }
  }

  private Set<String> choices() {
    if (choices == null) {
      choices = new HashSet<>(wanted.keySet());
    }
    return choices;
  }
}
