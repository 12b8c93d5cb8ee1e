package dev.errand.identity.profile;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.account.User;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A named set of tasks and installed tools that belongs to a user. */
@Entity
@Table(name = "profile")
public class Profile extends PanacheEntityBase {
  /** The name of the profile that every user has. */
  public static final String DEFAULT = "default";

  @Id public UUID id;

  // Eager: starting a run checks whether the owner is disabled, mostly after the transaction.
  @ManyToOne(fetch = FetchType.EAGER, optional = false)
  @JoinColumn(name = "account_id")
  public User user;

  @Column(nullable = false)
  public String name;

  @Column(nullable = false)
  public String description;

  @Column(name = "is_public", nullable = false)
  public boolean isPublic;

  @Column(name = "created_at", nullable = false)
  public Instant createdAt;

  @Column(name = "modified_at", nullable = false)
  public Instant modifiedAt;

  @Column(name = "mcp_tasks", nullable = false)
  public boolean mcpTasks;

  @Column(name = "mcp_tools", nullable = false)
  public boolean mcpTools;

  @Column(name = "mcp_manage", nullable = false)
  public boolean mcpManage;

  /** When the profile was paused, so that no run may be started; null while it is not paused. */
  @Column(name = "paused_at")
  public @Nullable Instant pausedAt;

  /** The profile of that name that belongs to that user. */
  public static Optional<Profile> of(UUID userId, String name) {
    if (name.indexOf('\0') >= 0) {
      // The database can't store NUL in a text.
      return Optional.empty();
    }
    return find(
            "from Profile p join fetch p.user where p.user.id = ?1 and p.name = ?2", userId, name)
        .firstResultOptional();
  }

  /** The profiles of that user, by name. */
  public static List<Profile> allOf(UUID userId) {
    return list("from Profile p join fetch p.user where p.user.id = ?1 order by p.name", userId);
  }

  /**
   * Locks the content of the profile for changes until the end of the transaction; other changes
   * wait. A transaction with several locks takes this one first: runs, tasks and installations come
   * after it.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND} when it was deleted meanwhile
   */
  public void takeTurn() {
    boolean isThere =
        !getEntityManager()
            .createNativeQuery("SELECT id FROM profile WHERE id = ?1 FOR NO KEY UPDATE", UUID.class)
            .setParameter(1, id)
            .getResultList()
            .isEmpty();
    if (!isThere) {
      throw new ApiException(
          ErrorCode.PROFILE_NOT_FOUND, "The profile " + slug() + " was deleted just now.");
    }
  }

  /** The name of the profile in addresses, with its owner. */
  public ProfileSlug slug() {
    return new ProfileSlug(user.username, name);
  }
}
