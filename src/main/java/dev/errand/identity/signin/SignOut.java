package dev.errand.identity.signin;

import dev.errand.identity.account.Caller;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Ends a session, and returns where its user signs out at the provider that started it. */
@ApplicationScoped
public class SignOut {
  private final SessionService sessions;
  private final List<ProviderSignOut> providers;

  SignOut(SessionService sessions, @All List<ProviderSignOut> providers) {
    this.sessions = sessions;
    this.providers = providers;
  }

  /**
   * A session that was ended.
   *
   * @param provider the path at which the browser signs out at the provider, too, relative to the
   *     base of the service; empty where there is none
   */
  public record Done(boolean isCurrent, Optional<String> provider) {}

  /**
   * Ends a session of the caller.
   *
   * @param id its id, or {@link SessionService#CURRENT}
   */
  public Done end(Caller caller, String id) {
    SessionService.Ended ended = sessions.end(caller, id);
    return new Done(
        ended.isCurrent(), ended.isCurrent() ? provider(ended.subject()) : Optional.empty());
  }

  private Optional<String> provider(@Nullable String subject) {
    return subject == null
        ? Optional.empty()
        : providers.stream().flatMap(provider -> provider.path(subject).stream()).findFirst();
  }
}
