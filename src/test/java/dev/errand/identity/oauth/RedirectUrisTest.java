package dev.errand.identity.oauth;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedirectUrisTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://chat.example.com/callback",
        "HTTPS://chat.example.com/callback",
        "http://localhost/cb",
        "http://127.0.0.1:4711/cb",
        "http://[::1]/cb",
        "com.example.app:/callback",
        "com.example.app://callback",
        "Com.Example-2.App:/callback",
      })
  void webLoopbackAndPrivateUseSchemesAreAccepted(String uri) {
    assertEquals(Optional.empty(), RedirectUris.problem(List.of(uri)));
  }

  @ParameterizedTest
  @CsvSource({
    "javascript:alert(1), javascript",
    "JavaScript:alert(1), javascript",
    "data:text/html;base64;x, data",
    "myapp://callback, myapp",
    "file:///etc/passwd, file",
    "ms-settings:about, ms-settings",
    "search-ms:query=x, search-ms",
    "blob:https://chat.example.com/1, blob",
    "view-source:https://chat.example.com, view-source",
    "com.:/callback, com.",
    "com..example:/callback, com..example",
  })
  void otherSchemesAreRefusedByName(String uri, String scheme) {
    assertThat(
        RedirectUris.problem(List.of("https://chat.example.com/cb", uri)).orElseThrow(),
        containsString("the scheme " + scheme + ":"));
  }

  @Test
  void theSchemeOfAKnownChatIsAccepted() {
    assertTrue(
        RedirectUris.problem(List.of("cursor://anysphere.cursor-mcp/oauth/callback")).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://chat.example.com/cb", "https:callback", "/callback", ""})
  void otherAddressesAreRefused(String uri) {
    assertTrue(RedirectUris.problem(List.of(uri)).isPresent());
  }

  @ParameterizedTest
  @ValueSource(strings = {"myapp://callback", "otherapp://host/oauth/callback"})
  void anAddressThatWasRegisteredBeforeTheRuleIsStillMatched(String uri) {
    assertTrue(RedirectUris.matches(uri, uri));
  }
}
