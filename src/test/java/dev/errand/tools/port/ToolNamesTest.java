package dev.errand.tools.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ToolNamesTest {

  @Test
  void aNameThatFitsIsInstallationAndTool() {
    assertEquals("fetch_fetch", alone("fetch", "fetch"));
    assertEquals("My-Site_get_page-2", alone("My-Site", "get_page-2"));
    assertEquals("i".repeat(32) + "_" + "t".repeat(31), alone("i".repeat(32), "t".repeat(31)));
  }

  @Test
  void everyNameFitsWhatModelsTakeAndNoneIsGivenTwice() {
    Set<String> given = new HashSet<>();
    List<List<String>> tools =
        List.of(
            List.of("a_b", "c"),
            List.of("a", "b_c"),
            List.of("a.b", "c"),
            List.of("a", "b.c"),
            List.of("a", "b c"),
            List.of("a", "b/c"),
            List.of("a", "größe"),
            List.of("a", "gr__e"),
            List.of("a", "grüße"),
            List.of("a", "工具"),
            List.of("a", "道具"),
            List.of("a", "🔧"),
            List.of("a", ""),
            List.of("i".repeat(64), "t".repeat(64)),
            List.of("i".repeat(64), "t".repeat(65)),
            List.of("i".repeat(64), "u"),
            List.of("i".repeat(63), ""),
            List.of("a", "line\nbreak"));
    Set<String> names = new HashSet<>();
    for (List<String> tool : tools) {
      String name = ToolNames.give(tool.get(0), tool.get(1), given);
      assertTrue(name.matches("[a-zA-Z0-9_-]{1,64}"), name);
      assertTrue(names.add(name), name);
    }
    assertEquals(names, given);
  }

  @Test
  void aToolHasTheSameNameBesideAnyOtherTool() {
    String dotted = alone("my.site", "get");
    Set<String> given = new HashSet<>(Set.of("fetch_fetch", "my_site_get", "other_tool"));

    assertEquals(dotted, ToolNames.give("my.site", "get", given));
    assertNotEquals("my_site_get", dotted);
    assertTrue(dotted.startsWith("my_site_get_"), dotted);
  }

  @Test
  void aNameMadeToLookLikeAMarkedOneDoesNotTakeItsPlace() {
    String marked = alone("a.b", "c");
    Set<String> given = new HashSet<>();
    String imitation = ToolNames.give(marked.substring(0, 1), marked.substring(2), given);
    String real = ToolNames.give("a.b", "c", given);

    assertEquals(marked, imitation);
    assertNotEquals(imitation, real);
    assertTrue(real.matches("[a-zA-Z0-9_-]{1,64}"), real);
  }

  private static String alone(String installation, String tool) {
    return ToolNames.give(installation, tool, new HashSet<>());
  }
}
