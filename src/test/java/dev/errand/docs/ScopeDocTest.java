package dev.errand.docs;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.identity.account.Scope;
import dev.errand.identity.oauth.OAuthScopes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The documents say of each scope what those read who grant it. */
class ScopeDocTest {
  private static final Path DOCS = Path.of("src", "docs");

  @Test
  void conceptsSayWhatTheFormsSay() throws IOException {
    String concepts = Files.readString(DOCS.resolve("concepts.md"));
    for (Scope scope : Scope.values()) {
      String row = "| `%s` | to %s".formatted(scope.code(), scope.words());
      assertTrue(concepts.contains(row), row);
    }
  }

  @Test
  void theGuideForChatsSaysWhatTheFormSays() throws IOException {
    String guide = Files.readString(DOCS.resolve("guide-connect-a-chat.md"));
    for (Scope scope : OAuthScopes.ALL) {
      String row = "| %s | `%s` |".formatted(scope.words(), scope.code());
      assertTrue(guide.contains(row), row);
    }
  }
}
