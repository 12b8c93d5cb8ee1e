package dev.errand.tools.install;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.Tagged;
import dev.errand.tools.mcp.FoundTools;
import dev.errand.tools.mcp.OnChange;
import dev.errand.tools.mcp.RemoteServer;
import dev.errand.tools.mcp.RemoteServerStore;
import dev.errand.tools.mcp.ServerStateChanged;
import dev.errand.tools.mcp.ToolSets;
import dev.errand.tools.mcp.oauth.Credential;
import dev.errand.tools.mcp.oauth.CredentialStore;
import dev.errand.tools.mcp.wire.McpException;
import dev.errand.tools.port.InstallationGone;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.Arrays;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Compares the tools that remote servers list with the pinned ones, and changes the pins. */
@ApplicationScoped
class ToolPins {
  private static final Logger LOG = Logger.getLogger(ToolPins.class);

  private final EntityManager entities;
  private final RemoteServerStore store;
  private final CredentialStore credentials;
  private final ToolSets sets;
  private final Event<InstallationGone> gone;
  private final Clock clock;

  ToolPins(
      EntityManager entities,
      RemoteServerStore store,
      CredentialStore credentials,
      ToolSets sets,
      Event<InstallationGone> gone,
      Clock clock) {
    this.entities = entities;
    this.store = store;
    this.credentials = credentials;
    this.sets = sets;
    this.gone = gone;
    this.clock = clock;
  }

  /**
   * Stores the tools that a server listed.
   *
   * @param asked the server as it was called; nothing is stored where its address or header fields
   *     have changed since
   */
  @Transactional
  void note(RemoteServer asked, FoundTools found) {
    @Nullable Installation installation = locked(asked);
    if (installation == null) {
      return;
    }
    RemoteServer now = store.find(installation.id).orElseThrow();
    String digest = found.tools().digest();
    sets.keep(found.tools());
    boolean differs = !digest.equals(installation.address);
    boolean accepts = differs && now.onChange() == OnChange.ACCEPT;
    boolean waits = differs && !accepts;
    boolean suspends = waits && now.onChange() == OnChange.DISABLE;
    boolean isNews =
        now.failure() != null
            || accepts
            || suspends != installation.suspended
            || waits != (now.changeDigest() != null)
            || (waits && !digest.equals(now.changeDigest()));
    if (accepts) {
      LOG.infof("The installation %s has the tools %s from now on", installation.id, digest);
      move(installation, digest);
    }
    if (suspends && !installation.suspended) {
      gone.fire(new InstallationGone(installation.id));
    }
    installation.suspended = suspends;
    if (isNews) {
      touch(installation);
    }
    store.noteList(installation.id, found, waits);
  }

  /**
   * Stores the tools that a server listed after it was connected. If the tools were pinned for
   * another server, these are pinned instead.
   */
  @Transactional
  void connect(RemoteServer asked, FoundTools found) {
    @Nullable Installation installation = locked(asked);
    if (installation != null
        && credentials.find(installation.id).filter(Credential::pinsNext).isPresent()) {
      sets.keep(found.tools());
      move(installation, found.tools().digest());
      touch(installation);
      credentials.notePinned(installation.id);
    }
    note(asked, found);
  }

  /** Stores that a server's tools could not be listed. */
  @Transactional
  void noteFailure(RemoteServer asked, McpException why) {
    @Nullable Installation installation = locked(asked);
    if (installation == null) {
      return;
    }
    RemoteServer now = store.find(installation.id).orElseThrow();
    if (now.failure() == null) {
      touch(installation);
    }
    store.noteFailure(installation.id, why);
  }

  /** Pins the waiting tools, if they have that digest. */
  @Transactional
  void accept(Installation installation, String digest) {
    entities.lock(installation, LockModeType.PESSIMISTIC_WRITE);
    entities.refresh(installation);
    RemoteServer now = store.find(installation.id).orElseThrow();
    if (digest.equals(installation.address) && now.changeDigest() == null) {
      return;
    }
    if (!digest.equals(now.changeDigest())) {
      throw new ApiException(
          ErrorCode.CHANGE_NOT_FOUND,
          now.changeDigest() == null
              ? "There is no change of the tools of " + installation.name + " to accept."
              : ("The tools to accept have another digest, %s: look at mcp.change" + " again.")
                  .formatted(now.changeDigest()));
    }
    move(installation, digest);
    installation.suspended = false;
    installation.etag = Tagged.fresh();
    touch(installation);
    store.noteAccepted(installation.id);
  }

  // Runs that started with the former ones keep them.
  private void move(Installation installation, String digest) {
    sets.find(installation.address).ifPresent(sets::keep);
    installation.address = digest;
  }

  private void touch(Installation installation) {
    installation.modifiedAt = clock.instant();
  }

  void touch(@Observes ServerStateChanged changed) {
    Installation.update("modifiedAt = ?1 where id = ?2", clock.instant(), changed.installationId());
  }

  private @Nullable Installation locked(RemoteServer asked) {
    @Nullable Installation installation =
        entities.find(Installation.class, asked.installationId(), LockModeType.PESSIMISTIC_WRITE);
    boolean isSame =
        installation != null
            && store
                .find(asked.installationId())
                .filter(now -> now.url().equals(asked.url()))
                .filter(now -> Arrays.equals(now.headersSealed(), asked.headersSealed()))
                .isPresent();
    return isSame ? installation : null;
  }
}
