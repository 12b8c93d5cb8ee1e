package dev.errand.adapters.console.settings;

import dev.errand.adapters.console.page.Choice;
import dev.errand.adapters.console.page.Texts;
import dev.errand.adapters.console.settings.TokenPageView.TokenForm;
import dev.errand.base.error.ApiException;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Scope;
import dev.errand.identity.token.TokenRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.MultivaluedMap;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Fills the form of a token, and reads the request from it. */
@ApplicationScoped
class TokenForms {
  private static final Map<Integer, String> LIVES =
      new TreeMap<>(
          Map.of(
              7,
              "in 7 days",
              30,
              "in 30 days",
              90,
              "in 90 days",
              365,
              "in a year",
              3650,
              "in 10 years"));
  private static final String FOR_EVER = "";
  private static final String USUAL = "90";

  private final Clock clock;

  TokenForms(Clock clock) {
    this.clock = clock;
  }

  /** The empty form. */
  TokenForm empty(Caller caller) {
    return form(caller, "", Set.of(Scope.READ.code()), "", "", USUAL, null);
  }

  /** The form as it was sent, with what is wrong with it. */
  TokenForm refused(Caller caller, MultivaluedMap<String, String> sent, String message) {
    return form(
        caller,
        Texts.given(sent.getFirst("name")),
        Set.copyOf(chosen(sent)),
        Texts.given(sent.getFirst("profiles")),
        Texts.given(sent.getFirst("tasks")),
        Texts.given(sent.getFirst("life")),
        message);
  }

  private static TokenForm form(
      Caller caller,
      String name,
      Set<String> scopes,
      String profiles,
      String tasks,
      String life,
      @Nullable String message) {
    List<Choice> lives = new ArrayList<>();
    LIVES.forEach(
        (days, text) -> {
          String value = Integer.toString(days);
          lives.add(new Choice(value, text, value.equals(life)));
        });
    lives.add(new Choice(FOR_EVER, "never", life.equals(FOR_EVER)));
    return new TokenForm(
        name,
        caller.rights().scopes().stream()
            .sorted()
            .map(scope -> new Choice(scope.code(), text(scope), scopes.contains(scope.code())))
            .toList(),
        profiles,
        tasks,
        lives,
        message);
  }

  /**
   * The request of the form.
   *
   * @param service the service that is to own the token; empty for the caller
   * @throws ApiException that names the field which is wrong
   */
  TokenRequest request(MultivaluedMap<String, String> sent, String service) {
    return new TokenRequest(
        Texts.given(sent.getFirst("name")),
        List.copyOf(chosen(sent)),
        Texts.wordsOrNull(sent.getFirst("profiles")),
        Texts.wordsOrNull(sent.getFirst("tasks")),
        end(Texts.given(sent.getFirst("life"))),
        service.isEmpty() ? null : service);
  }

  private @Nullable String end(String life) {
    if (life.equals(FOR_EVER)) {
      return null;
    }
    return LIVES.keySet().stream()
        .filter(days -> Integer.toString(days).equals(life))
        .findFirst()
        .map(days -> clock.instant().plus(Duration.ofDays(days)).toString())
        .orElseThrow(() -> ApiException.invalid("life", "must be one of the offered values"));
  }

  private static List<String> chosen(MultivaluedMap<String, String> sent) {
    return Optional.ofNullable(sent.get("scope")).orElse(List.of());
  }

  private static String text(Scope scope) {
    return switch (scope) {
      case READ -> "see tasks, runs, schedules, tools and usage";
      case RUN -> "start, cancel, retry and see runs";
      case WRITE -> "change tasks, schedules, triggers, tools and profiles";
      case SERVLETS -> "publish and delete servlets";
      case ADMIN -> "manage users and keys, and see the audit";
    };
  }
}
