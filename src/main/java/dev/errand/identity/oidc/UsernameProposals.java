package dev.errand.identity.oidc;

import dev.errand.base.json.WellFormed;
import dev.errand.base.secret.RandomText;
import dev.errand.base.secret.Sha256;
import dev.errand.identity.account.User;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Proposes names for a new user: the preferred one made to fit, and others if that is taken. */
final class UsernameProposals {
  private static final int LONGEST = 50;
  private static final int NUMBERED = 20;
  private static final int RANDOM_CHARACTERS = 8;

  private UsernameProposals() {}

  /** The names, best first; the last one is hardly ever taken. */
  static List<String> of(OidcPerson person) {
    String base =
        Stream.of(person.name(), person.email())
            .filter(Objects::nonNull)
            .map(UsernameProposals::fitting)
            // The operator's own session belongs to the user with that name, whoever that is.
            .filter(name -> !name.isEmpty() && !name.equals(User.ADMIN))
            .findFirst()
            .orElse("user");
    String random =
        Sha256.hex(RandomText.generate().getBytes(StandardCharsets.UTF_8))
            .substring(0, RANDOM_CHARACTERS);
    return Stream.of(
            Stream.of(base),
            IntStream.rangeClosed(2, NUMBERED).mapToObj(number -> base + "-" + number),
            Stream.of(base + "-" + random))
        .flatMap(names -> names)
        .toList();
  }

  // The part of an email address before the at sign.
  private static String fitting(String wished) {
    int at = wished.indexOf('@');
    String plain =
        Normalizer.normalize(at > 0 ? wished.substring(0, at) : wished, Normalizer.Form.NFKD)
            .replaceAll("\\p{M}", "")
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9._-]+", "-")
            .replaceAll("^[^a-z0-9]+|-+$", "");
    return WellFormed.beginning(plain, LONGEST);
  }
}
