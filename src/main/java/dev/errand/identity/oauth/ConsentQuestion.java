package dev.errand.identity.oauth;

import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Scope;
import dev.errand.identity.oauth.AuthorizationRequests.AuthorizationRequest;
import dev.errand.identity.oauth.ConsentPage.Choice;
import dev.errand.identity.oauth.ConsentPage.Consent;
import dev.errand.identity.page.FormTickets;
import dev.errand.identity.page.SignedInUser;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.Right;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.RestForm;
import org.jspecify.annotations.Nullable;

/** Builds the question to the user, and interprets the answer. */
@ApplicationScoped
class ConsentQuestion {
  private static final Duration LIFE = Duration.ofMinutes(30);

  private final AuthorizationRequests requests;
  private final ProfileAccess access;
  private final FormTickets tickets;

  ConsentQuestion(AuthorizationRequests requests, ProfileAccess access, FormTickets tickets) {
    this.requests = requests;
    this.access = access;
    this.tickets = tickets;
  }

  /**
   * The question.
   *
   * @param message what is wrong with the answer so far; null for nothing
   * @throws AuthorizationException where the user may not see the profile of the endpoint
   */
  Consent of(
      AuthorizationRequest asked,
      SignedInUser.UserSession user,
      String query,
      @Nullable String message) {
    OAuthClient client = asked.client();
    Optional<String> profile =
        requests.profile(asked, user.caller()).map(found -> found.slug().toString());
    return new Consent(
        client.name(),
        client.kind() == OAuthClient.Kind.DOCUMENT ? URI.create(client.clientId()).getHost() : null,
        client.kind() == OAuthClient.Kind.MANUAL,
        asked.target().place(),
        asked.target().isElsewhere(),
        user.caller().username(),
        OAuthScopes.ALL.stream()
            .filter(asked.scopes()::contains)
            .map(scope -> new Choice(scope.code(), scope.words(), true))
            .toList(),
        profile.orElse(null),
        profile.isPresent() ? List.of() : own(user.caller()),
        message,
        query,
        tickets.make(user.credential(), query, LIFE));
  }

  /** Whether a form was made for this session, and not long ago. */
  boolean isOwn(ConsentForm form, SignedInUser.UserSession user) {
    return form.request != null && tickets.isGood(form.ticket, user.credential(), form.request);
  }

  /** The requested scopes that the user has left chosen. */
  Set<Scope> scopes(ConsentForm form, AuthorizationRequest asked) {
    EnumSet<Scope> scopes = EnumSet.noneOf(Scope.class);
    scopes.addAll(OAuthScopes.of(String.join(" ", given(form.scope))));
    scopes.retainAll(asked.scopes());
    return scopes;
  }

  /**
   * The profiles to which the user limits the client; a set without any for no limit.
   *
   * @return empty where the user has chosen to limit it, and has chosen no profile
   * @throws AuthorizationException where the user may not see the profile of the endpoint
   */
  Optional<Set<UUID>> profiles(
      ConsentForm form, AuthorizationRequest asked, SignedInUser.UserSession user) {
    Optional<Profile> ofEndpoint = requests.profile(asked, user.caller());
    if (ofEndpoint.isPresent()) {
      return ofEndpoint.map(profile -> Set.of(profile.id()));
    }
    if ("all".equals(form.profiles)) {
      return Optional.of(Set.of());
    }
    Set<String> names = Set.copyOf(given(form.profile));
    Set<UUID> chosen =
        all(user.caller()).stream()
            .filter(profile -> names.contains(profile.name()))
            .map(Profile::id)
            .collect(Collectors.toSet());
    return Optional.of(chosen).filter(ids -> !ids.isEmpty());
  }

  private List<Choice> own(Caller caller) {
    return all(caller).stream()
        .map(
            profile ->
                new Choice(profile.name(), profile.name(), profile.name().equals(Profile.DEFAULT)))
        .toList();
  }

  private List<Profile> all(Caller caller) {
    return access.allOf(caller, caller.username(), Right.SEE);
  }

  private static List<String> given(@Nullable List<String> values) {
    return values == null ? List.of() : values;
  }

  /** The form of the page, as the user has sent it. */
  static class ConsentForm {
    /** The query of the client's request. */
    @RestForm @Nullable String request;

    /** The ticket. */
    @RestForm @Nullable String ticket;

    /** {@code allow}; any other value is a refusal. */
    @RestForm @Nullable String decision;

    /** The scopes that the user leaves chosen. */
    @RestForm @Nullable List<String> scope;

    /** {@code all} or {@code some}: whether the client is limited to profiles. */
    @RestForm @Nullable String profiles;

    /** The names of the profiles to which it is limited. */
    @RestForm @Nullable List<String> profile;
  }
}
