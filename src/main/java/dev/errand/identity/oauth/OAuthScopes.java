package dev.errand.identity.oauth;

import dev.errand.identity.account.Scope;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The scopes that clients may request; publishing servlets and managing users are not among them.
 */
public final class OAuthScopes {
  /** All of them, in the order in which they are shown. */
  public static final List<Scope> ALL = List.of(Scope.READ, Scope.RUN, Scope.WRITE);

  /** The scopes of a client that requests none. */
  public static final Set<Scope> USUAL = Set.of(Scope.READ, Scope.RUN);

  private OAuthScopes() {}

  /** The names of all. */
  public static List<String> names() {
    return ALL.stream().map(Scope::code).toList();
  }

  /**
   * Those among the words of a {@code scope} parameter; others, such as {@code openid}, are
   * ignored.
   */
  public static Set<Scope> of(String words) {
    EnumSet<Scope> scopes = EnumSet.noneOf(Scope.class);
    Arrays.stream(words.split(" ", -1)).flatMap(word -> one(word).stream()).forEach(scopes::add);
    return scopes;
  }

  private static Optional<Scope> one(String word) {
    return ALL.stream().filter(scope -> scope.code().equals(word)).findFirst();
  }

  /** The names of scopes with a space between them, in the order of {@link #ALL}. */
  public static String text(Collection<Scope> scopes) {
    return ALL.stream().filter(scopes::contains).map(Scope::code).collect(Collectors.joining(" "));
  }
}
