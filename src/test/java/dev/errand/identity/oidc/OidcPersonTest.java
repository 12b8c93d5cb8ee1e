package dev.errand.identity.oidc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.errand.identity.oidc.ProfileGroup.ProfileGroupReader;
import dev.errand.identity.profile.ProfileRole;
import dev.errand.identity.profile.ProfileSlug;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is made of settings, and of what a provider says of a person. */
class OidcPersonTest {

  @ParameterizedTest
  @CsvSource({
    "ops=admin/default:editor, ops",
    "/team/a=admin/default:editor, /team/a",
    "cn=ops:all=admin/default:editor, cn=ops:all"
  })
  void aGroupMayHaveAnyCharacters(String text, String group) {
    assertEquals(
        new ProfileGroup(group, new ProfileSlug("admin", "default"), ProfileRole.EDITOR),
        new ProfileGroupReader().convert(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ops", "ops=admin:editor", "ops=a/b", "ops=a/b:king", "=a/b:owner"})
  void anythingElseIsRefused(String text) {
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> new ProfileGroupReader().convert(text));
    assertEquals(
        "must be group=user/profile:role, with a role of viewer, approver, runner, editor, owner",
        refusal.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ops=~/default:viewer",
        "ops=ada lovelace/default:viewer",
        "ops=.ada/default:viewer",
        "ops=ada/..:viewer",
        "ops=ada/~:viewer",
        "ops=ada/on call:viewer"
      })
  void aProfileThatCannotBeIsRefused(String text) {
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> new ProfileGroupReader().convert(text));
    assertEquals(
        "must be group=user/profile:role, with the names of a user and of a profile",
        refusal.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "https://id.example.com, true",
    "HTTPS://id.example.com, true",
    "Http://127.0.0.1:8080/realm, true",
    "ftp://id.example.com, false",
    "id.example.com, false"
  })
  void anAddressOfAProviderMayHaveItsSchemeInAnyCase(String url, boolean isGood) {
    assertEquals(isGood, OidcTenant.isHttp(url));
  }

  @ParameterizedTest
  @CsvSource({
    "Ada.Lovelace, ada.lovelace",
    "'Zoë  Ångström', zoe-angstrom",
    "ada@example.com, ada",
    "-._x, x",
    "ADMIN, user",
    "李, user",
    "'../..', user"
  })
  void aNameIsMadeToFit(String wished, String made) {
    assertEquals(
        made,
        UsernameProposals.of(
                new OidcPerson("https://issuer", "1", null, wished, null, false, Set.of()))
            .getFirst());
  }

  @ParameterizedTest
  @CsvSource({
    "'', https://a, false, true",
    "'', https://a, true, false",
    "https://a, https://a, true, true",
    "https://a, https://a, false, true",
    "https://b, https://a, false, false",
    "https://a/, https://a, true, false",
    "https://b, , true, true",
    "'', , true, false",
    "https://a https://a, https://a, true, false"
  })
  void anAnswerNamesItsIssuerIfItWasPromised(
      String named, @Nullable String issuer, boolean isPromised, boolean isGood) {
    List<String> values = named.isEmpty() ? List.of() : List.of(named.split(" "));
    assertEquals(isGood, OidcFlow.namesIssuer(values, issuer, isPromised));
  }

  @Test
  void aLongNameHasRoomForANumber() {
    var names =
        UsernameProposals.of(
            new OidcPerson("https://issuer", "1", null, "x".repeat(300), null, false, Set.of()));
    assertEquals("x".repeat(50), names.getFirst());
    assertEquals("x".repeat(50) + "-2", names.get(1));
  }
}
