package dev.errand.adapters.console.settings;

import dev.errand.adapters.console.page.Choice;
import dev.errand.adapters.console.page.SentForm;
import dev.errand.adapters.console.page.Texts;
import dev.errand.base.error.ApiException;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Scope;
import dev.errand.identity.token.TokenRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The form that creates a token.
 *
 * @param caller the user, whose scopes it offers
 * @param sent its fields, as they were sent or as the unchanged form sends them
 * @param message why it was refused; null where it was not
 */
public record TokenForm(Caller caller, SentForm sent, @Nullable String message) {
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
  private static final String SCOPE = "scope";
  private static final String LIFE = "life";

  /** The empty form. */
  static TokenForm empty(Caller caller) {
    return new TokenForm(caller, SentForm.of(Map.of(SCOPE, Scope.READ.code(), LIFE, USUAL)), null);
  }

  /** What the token may do, to choose from. */
  public List<Choice> scopes() {
    return caller.rights().scopes().stream()
        .sorted()
        .map(
            scope ->
                new Choice(scope.code(), scope.words(), sent.all(SCOPE).contains(scope.code())))
        .toList();
  }

  /** How long it is to last, to choose from. */
  public List<Choice> lives() {
    String life = sent.line(LIFE);
    List<Choice> lives = new ArrayList<>();
    LIVES.forEach(
        (days, text) -> {
          String value = Integer.toString(days);
          lives.add(new Choice(value, text, value.equals(life)));
        });
    lives.add(new Choice(FOR_EVER, "never", life.equals(FOR_EVER)));
    return lives;
  }

  /**
   * The request of the form.
   *
   * @param service the service that is to own the token; empty for the caller
   * @throws ApiException that names the field which is wrong
   */
  TokenRequest request(String service, Instant now) {
    return new TokenRequest(
        sent.line("name"),
        List.copyOf(sent.all(SCOPE)),
        Texts.wordsOrNull(sent.text("profiles")),
        Texts.wordsOrNull(sent.text("tasks")),
        end(now),
        service.isEmpty() ? null : service);
  }

  private @Nullable String end(Instant now) {
    String life = sent.line(LIFE);
    if (life.equals(FOR_EVER)) {
      return null;
    }
    return LIVES.keySet().stream()
        .filter(days -> Integer.toString(days).equals(life))
        .findFirst()
        .map(days -> now.plus(Duration.ofDays(days)).toString())
        .orElseThrow(() -> ApiException.invalid(LIFE, "must be one of the offered values"));
  }
}
