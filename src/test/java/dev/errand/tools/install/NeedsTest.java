package dev.errand.tools.install;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.identity.profile.ProfileSlug;
import java.util.List;
import org.junit.jupiter.api.Test;

class NeedsTest {
  @Test
  void anUnknownSettingIsNamedAndRemovedAsItIsSpelt() {
    assertEquals(
        List.of(
            "The servlet does not declare the setting \"what?.now\". Remove it: "
                + removal("what?.now")),
        messages("API_KEY", "API_KEY", "what?.now"));
  }

  @Test
  void aMisspeltSettingIsComparedWithThoseThatAreMissing() {
    assertEquals(
        "The servlet does not declare the setting \"api_key\"; did you mean \"API_KEY\"?"
            + " Remove it: "
            + removal("api_key"),
        messages("API_KEY", "api_key").getLast());
  }

  private static String removal(String key) {
    return "curl -X PATCH \"$ERRAND/api/profiles/ada/default/installations/tool\""
        + " -H \"Cookie: sessionId=$SESSION\" -H 'Content-Type: application/json'"
        + " -d '{\"settings\":{\"config\":{\""
        + key
        + "\":null}}}'";
  }

  private static List<String> messages(String required, String... set) {
    Needs needs =
        new Needs(
            new ProfileSlug("ada", "default"),
            "tool",
            List.of(),
            List.of(required),
            List.of(),
            List.of(set));
    return needs.warnings().stream().map(warning -> warning.message()).toList();
  }
}
