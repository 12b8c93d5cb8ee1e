package dev.errand.tools.install;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.field.NameRule;
import dev.errand.base.http.Tagged;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileStore;
import dev.errand.tools.servlet.registry.Registry;
import dev.errand.tools.servlet.registry.Servlet;
import dev.errand.tools.servlet.registry.ServletCatalogue;
import dev.errand.tools.servlet.registry.ServletChanged;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;

/** Installs servlets in profiles, changes installations, and keeps them up to date. */
@ApplicationScoped
public class Installer {
  // Installations of a servlet that becomes private keep their present version in profiles of
  // others.
  private static final String FOLLOW =
      """
      UPDATE installation SET address = ?1, modified_at = ?2
      WHERE servlet_id = ?3 AND allow_update AND address <> ?1
        AND (?4 OR EXISTS (
          SELECT 1 FROM profile JOIN account ON account.id = account_id
          WHERE profile.id = profile_id AND username = ?5))
      """;

  private static final String LAST_UNINSTALLATION =
      "SELECT last_at FROM uninstallation WHERE profile_id = ?1";

  private static final String NOTE_UNINSTALLATION =
      """
      INSERT INTO uninstallation (profile_id, last_at) VALUES (?1, ?2)
      ON CONFLICT (profile_id) DO UPDATE SET last_at = excluded.last_at
      """;

  private final Registry registry;
  private final ServletCatalogue catalogue;
  private final InstallationUpdater updater;
  private final ProfileStore profiles;
  private final EntityManager entities;
  private final Clock clock;
  private final int perProfile;

  /**
   * Installs servlets up to a limit.
   *
   * @param perProfile the most installations of a profile
   */
  Installer(
      Registry registry,
      ServletCatalogue catalogue,
      InstallationUpdater updater,
      ProfileStore profiles,
      EntityManager entities,
      Clock clock,
      @ConfigProperty(name = "errand.installation.per-profile", defaultValue = "1000")
          int perProfile) {
    this.registry = registry;
    this.catalogue = catalogue;
    this.updater = updater;
    this.profiles = profiles;
    this.entities = entities;
    this.clock = clock;
    this.perProfile = perProfile;
  }

  /** Installs a servlet to follow its newest version, unless something has that name. */
  @Transactional
  public void installBundled(Profile profile, Servlet servlet, String name, List<String> domains) {
    lock(profile);
    if (Installation.of(profile, name).isPresent()) {
      return;
    }
    Installation installation = create(profile, servlet, name);
    installation.address = updater.newest(servlet);
    installation.domains = List.copyOf(domains);
    installation.allowUpdate = true;
    installation.persist();
  }

  /**
   * Installs a servlet by a request.
   *
   * @throws ApiException when it can't be installed; nothing is changed then
   */
  @Transactional(Transactional.TxType.MANDATORY)
  Installation install(Profile profile, String username, InstallationRequest wanted) {
    InvalidFields wrong = new InvalidFields();
    wrong.add(wanted::check);
    String slug = wanted.servletSlug() == null ? "" : named(wanted.servletSlug(), username);
    int slash = slug.indexOf('/');
    if (slash < 0) {
      wrong.add(
          ApiException.invalid(
              "servlet_slug",
              slug.isEmpty()
                  ? "is required for a servlet, as owner/name; a remote MCP server has mcp in its"
                      + " place, with its url"
                  : "must be owner/name" + meant(username, slug)));
    }
    wrong.refuse();
    Servlet servlet =
        catalogue.require(username, slug.substring(0, slash), slug.substring(slash + 1));
    // Read again once it is locked against deletion.
    registry.hold(servlet);
    servlet = catalogue.require(username, servlet.owner, servlet.name);
    String name = wanted.name() == null ? servlet.name : wanted.name();
    lock(profile);
    checkFree(profile, name);
    checkNumber(profile);
    Installation installation = create(profile, servlet, name);
    installation.address = wanted.address() == null ? updater.newest(servlet) : "";
    updater.apply(installation, username, wanted, true);
    installation.persistAndFlush();
    return installation;
  }

  /** Changes an installation by a request. */
  @Transactional(Transactional.TxType.MANDATORY)
  Installation update(
      Profile profile, String username, String name, InstallationRequest wanted, boolean replace) {
    lock(profile);
    Installation installation = require(profile, name);
    // Read again once it is locked against publications, or this change would undo an update.
    if (installation.servlet != null) {
      registry.hold(installation.servlet);
    }
    entities.refresh(installation);
    InvalidFields wrong = new InvalidFields();
    String slug = wanted.servletSlug();
    if (slug != null && !named(slug, username).equals(installation.slug())) {
      wrong.add(
          ApiException.invalid("servlet_slug", "is " + installation.slug() + " and can't change"));
    }
    String newName = wanted.name();
    if (newName != null && !newName.equals(name)) {
      wrong.add(() -> checkFree(profile, newName));
      installation.name = newName;
    }
    wrong.add(() -> updater.apply(installation, username, wanted, replace));
    wrong.refuse();
    if (entities.unwrap(Session.class).isDirty()) {
      installation.modifiedAt = now();
      installation.etag = Tagged.fresh();
    }
    installation.persistAndFlush();
    return installation;
  }

  /** Uninstalls; live runs lose the tools from their next call on. */
  @Transactional
  void uninstall(Profile profile, String name) {
    lock(profile);
    require(profile, name).delete();
    entities
        .createNativeQuery(NOTE_UNINSTALLATION)
        .setParameter(1, profile.id())
        .setParameter(2, now())
        .executeUpdate();
  }

  /** When something was last uninstalled in a profile. */
  Optional<Instant> lastUninstallation(Profile profile) {
    List<?> last =
        entities
            .createNativeQuery(LAST_UNINSTALLATION, Instant.class)
            .setParameter(1, profile.id())
            .getResultList();
    return last.stream().findFirst().map(Instant.class::cast);
  }

  /**
   * The installation of that name.
   *
   * @throws ApiException {@link ErrorCode#INSTALLATION_NOT_FOUND}
   */
  @Transactional(Transactional.TxType.MANDATORY)
  public Installation require(Profile profile, String name) {
    return (NameRule.PLAIN.admits(name)
            ? Installation.of(profile, name)
            : Optional.<Installation>empty())
        .orElseThrow(
            () ->
                new ApiException(
                    ErrorCode.INSTALLATION_NOT_FOUND,
                    "The profile " + profile.name() + " has no installation " + name + "."));
  }

  /** The profile that an installation is in. */
  public Profile profileOf(Installation installation) {
    return profiles.require(installation.profileId);
  }

  void follow(@Observes ServletChanged change) {
    change
        .newest()
        .ifPresent(
            newest ->
                entities
                    .createNativeQuery(FOLLOW)
                    .setParameter(1, newest.hex())
                    .setParameter(2, now())
                    .setParameter(3, change.servlet().id)
                    .setParameter(4, change.servlet().isPublic())
                    .setParameter(5, change.servlet().owner)
                    .executeUpdate());
  }

  /** A slug in which {@code ~} is replaced by the caller's name. */
  private static String named(String slug, String username) {
    return slug.startsWith("~/") ? username + slug.substring(1) : slug;
  }

  /**
   * The servlet that was probably meant by a name without an owner: the caller's own, or a bundled
   * one.
   */
  private String meant(String username, String name) {
    return catalogue
        .near(username, username, name)
        .filter(slug -> slug.startsWith(username + "/"))
        .map(slug -> "~" + slug.substring(username.length()))
        .or(
            () ->
                catalogue
                    .near(username, Servlet.BUNDLED, name)
                    .filter(slug -> slug.startsWith(Servlet.BUNDLED + "/")))
        .map("; did you mean %s?"::formatted)
        .orElse(", where ~ is you as the owner");
  }

  static void checkName(String name) {
    NameRule.PLAIN.check("name", "is", name);
  }

  static void checkFree(Profile profile, String name) {
    checkName(name);
    if (Installation.of(profile, name).isPresent()) {
      throw new ApiException(
          ErrorCode.ALREADY_EXISTS,
          "Something is installed as %s already: choose another name, or change that one."
              .formatted(name));
    }
  }

  void checkNumber(Profile profile) {
    if (Installation.count("profileId", profile.id()) >= perProfile) {
      throw new ApiException(
          ErrorCode.TOO_MANY_INSTALLATIONS,
          "The profile %s has %s installations, the limit set by errand.installation.per-profile: uninstall some."
              .formatted(profile.name(), perProfile));
    }
  }

  // The lock on the profile's row serializes changes of its installations, so that each name is
  // used once.
  void lock(Profile profile) {
    profiles.lock(profile);
  }

  @Transactional(Transactional.TxType.MANDATORY)
  Installation create(Profile profile, @Nullable Servlet servlet, String name) {
    Installation installation = new Installation();
    installation.id = UUID.randomUUID();
    installation.profileId = profile.id();
    installation.servlet = servlet;
    installation.name = name;
    installation.domains = List.of();
    installation.configKeys = List.of();
    installation.disabledTools = List.of();
    installation.createdAt = now();
    installation.modifiedAt = installation.createdAt;
    installation.etag = Tagged.fresh();
    return installation;
  }

  Instant now() {
    return clock.instant();
  }
}
