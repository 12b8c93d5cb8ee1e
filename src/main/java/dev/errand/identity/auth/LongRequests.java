package dev.errand.identity.auth;

import dev.errand.base.background.Signal;
import dev.errand.base.error.ApiException;
import dev.errand.identity.audit.AuditAction;
import dev.errand.identity.audit.Audited;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The registry of this process's requests that stay open, such as streams and long polls. Each
 * names its caller and the access it needs, and is ended when that is no longer allowed: the
 * session, token or grant was ended or has expired, the user was disabled or deleted, or a
 * membership, role or profile was removed. An expired access token does not end a request while its
 * grant lasts.
 *
 * <p>One statement checks all of them once a second, and right after this process commits a change
 * that may revoke access. Nothing is checked while nothing is open, and an open request holds
 * neither a thread nor a database connection here. While the database is unreachable, everything
 * stays open, and the next check decides.
 */
@ApplicationScoped
public class LongRequests {
  private static final Logger LOG = Logger.getLogger(LongRequests.class);
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  // Changes that come at the same time share a check.
  private static final Duration GATHER = Duration.ofMillis(20);

  // The next periodic check finds the effects of all other actions.
  private static final Set<AuditAction> TAKES_AWAY =
      EnumSet.of(
          AuditAction.USER_CHANGED,
          AuditAction.USER_DELETED,
          AuditAction.INVITATION_ACCEPTED,
          AuditAction.PASSWORD_CHANGED,
          AuditAction.SESSION_ENDED,
          AuditAction.TOKEN_REVOKED,
          AuditAction.GRANT_ENDED,
          AuditAction.CLIENT_DELETED,
          AuditAction.PROFILE_CHANGED,
          AuditAction.PROFILE_DELETED,
          AuditAction.MEMBER_CHANGED,
          AuditAction.MEMBER_REMOVED);

  private final AccessCheck check;
  private final Set<LongRequest> open = ConcurrentHashMap.newKeySet();
  private final Signal change = new Signal();
  private volatile Duration interval = INTERVAL;
  private @Nullable Thread thread;
  private boolean stopped;

  LongRequests(AccessCheck check) {
    this.check = check;
  }

  /**
   * Registers a request that stays open. Work of the process itself, without a session or token, is
   * never refused.
   *
   * @param needed the caller and the access, which has just been checked
   * @param refused is called, once or more and from another thread, when it is no longer allowed,
   *     with the error that a new request would get; it must not block
   * @return the registration, which the request closes at its end
   */
  public LongRequest open(NeededAccess needed, Consumer<ApiException> refused) {
    LongRequest request = new LongRequest(this, needed, refused);
    if (needed.isByCredential()) {
      open.add(request);
      begin();
    }
    return request;
  }

  /** Whether the checks are running. */
  synchronized boolean isLooking() {
    return thread != null;
  }

  /** Sets the interval of the checks, for tests. */
  void lookEvery(Duration time) {
    interval = time;
    change.give();
  }

  void remove(LongRequest request) {
    open.remove(request);
  }

  void look(LongRequest request) {
    if (request.needed().isByCredential()) {
      look(List.of(request));
    }
  }

  void on(@Observes(during = TransactionPhase.AFTER_SUCCESS) Audited audited) {
    if (TAKES_AWAY.contains(audited.action())) {
      change.give();
    }
  }

  void stop(@Observes ShutdownEvent event) {
    synchronized (this) {
      stopped = true;
    }
    change.give();
  }

  private synchronized void begin() {
    if (thread == null && !stopped) {
      Thread looking =
          Thread.ofVirtual()
              .name("long-requests")
              .inheritInheritableThreadLocals(false)
              .unstarted(this::run);
      looking.setContextClassLoader(Thread.currentThread().getContextClassLoader());
      thread = looking;
      looking.start();
    }
  }

  private synchronized boolean leave() {
    if (stopped || open.isEmpty()) {
      thread = null;
      return true;
    }
    return false;
  }

  private void run() {
    try {
      do {
        change.await(interval);
        lookAtAll();
        Thread.sleep(GATHER);
      } while (!leave());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      left(Thread.currentThread());
    }
  }

  // The next registration starts a thread again, however this one ended.
  private synchronized void left(Thread looked) {
    if (thread == looked) {
      thread = null;
    }
  }

  private void lookAtAll() {
    List<LongRequest> now = List.copyOf(open);
    if (!now.isEmpty()) {
      try {
        look(now);
      } catch (RuntimeException | Error e) {
        LOG.debugf("Long requests could not be checked, and stay open until they can: %s", e);
      }
    }
  }

  private void look(List<LongRequest> requests) {
    List<Optional<ApiException>> refusals =
        check.refusals(requests.stream().map(LongRequest::needed).toList());
    for (int i = 0; i < requests.size(); i++) {
      refusals.get(i).ifPresent(requests.get(i)::refuse);
    }
  }
}
