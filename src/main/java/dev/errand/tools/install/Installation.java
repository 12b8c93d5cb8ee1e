package dev.errand.tools.install;

import dev.errand.base.http.Tagged;
import dev.errand.identity.profile.Profile;
import dev.errand.tools.mcp.McpToolSource;
import dev.errand.tools.servlet.registry.Servlet;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An installation: a servlet or a remote server in a profile, with its name and permissions. */
@Entity
public class Installation extends PanacheEntityBase implements Tagged {
  @Id public UUID id;

  /** The profile that it is in. */
  public UUID profileId;

  /** The servlet; null where it is a remote MCP server. */
  @ManyToOne(fetch = FetchType.LAZY)
  @JoinColumn(name = "servlet_id")
  public @Nullable Servlet servlet;

  public String name;

  /** The content address of the servlet's version, or the digest of the server's pinned tools. */
  public String address;

  /** The hosts that it may call, only those that the installer named. */
  public List<String> domains;

  /** Its settings, sealed: a JSON object of texts; null where it has none. */
  public byte @Nullable [] configSealed;

  /** The keys of its settings, in order. */
  public List<String> configKeys;

  /** Whether it follows the newest version, or stays at its present one. */
  public boolean allowUpdate;

  /**
   * The tools that are on, by the names that the servlet or server gives them; null for all that
   * are not switched off, also those that are added later.
   */
  public @Nullable List<String> enabledTools;

  /** The tools that are switched off, by the names that the servlet gives them. */
  public List<String> disabledTools;

  /** Which calls of its tools wait for a person, as JSON; null where none does. */
  public @Nullable String approvals;

  /** Whether all tools are off until a person accepts their changes. */
  public boolean suspended;

  public Instant createdAt;

  public Instant modifiedAt;

  /** As {@link Tagged#etag()}. */
  public long etag;

  @Override
  public long etag() {
    return etag;
  }

  /**
   * The servlet or server, as answers show it: {@code owner/name}, or {@code mcp/} and its own
   * name.
   */
  public String slug() {
    return servlet == null ? "mcp/" + name : servlet.slug();
  }

  /** Which of its tools are on. */
  ToolSwitches switches() {
    return new ToolSwitches(enabledTools, disabledTools);
  }

  /** Its name in the audit. */
  public String auditName(Profile profile) {
    return "profiles/" + profile.slug() + "/installations/" + name;
  }

  /** The servlet or server, as sources of tools identify it. */
  public String source() {
    return servlet == null ? McpToolSource.SLUG : servlet.slug();
  }

  /** The seal context of its settings: this row. */
  public String sealContext() {
    return sealContext(id);
  }

  static String sealContext(UUID id) {
    return "installation/" + id + "/config";
  }

  public static Optional<Installation> of(Profile profile, String name) {
    return find("profileId = ?1 and name = ?2", profile.id(), name).firstResultOptional();
  }

  /** Some of a profile's installations, by name. */
  static List<Installation> someOf(UUID profileId, String after, int most) {
    return Installation.<Installation>find(
            "from Installation i left join fetch i.servlet where i.profileId = ?1 and i.name > ?2 order"
                + " by i.name",
            profileId,
            after)
        .range(0, most - 1)
        .list();
  }

  /** When one of a profile's installations, its servlet or its server last changed. */
  static Optional<Instant> lastChange(UUID profileId) {
    Instant installation = newest("i.modifiedAt", profileId);
    Instant servlet = newest("i.servlet.modifiedAt", profileId);
    return Stream.of(Optional.ofNullable(installation), Optional.ofNullable(servlet))
        .flatMap(Optional::stream)
        .max(Instant::compareTo);
  }

  private static @Nullable Instant newest(String time, UUID profileId) {
    return getEntityManager()
        .createQuery(
            "select max(" + time + ") from Installation i where i.profileId = ?1", Instant.class)
        .setParameter(1, profileId)
        .getSingleResult();
  }
}
