package dev.errand.runs.task;

import dev.errand.base.database.Row;
import dev.errand.base.secret.Sealed;
import dev.errand.identity.account.User;
import dev.errand.identity.profile.Profile;
import dev.errand.runs.provider.Provider;
import dev.errand.runs.task.settings.TaskSettings;
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

/** A task: a prompt with the settings of a model, a sealed key and the bounds of its runs. */
@Entity
@Table(name = "task")
public class Task extends PanacheEntityBase {

  private static final String FETCHED =
      "from Task t join fetch t.profile p join fetch p.user left join fetch t.provider ";

  @Id public UUID id;

  // Eager: most callers also check whether the profile is paused, mostly after the transaction.
  @ManyToOne(fetch = FetchType.EAGER, optional = false)
  @JoinColumn(name = "profile_id")
  public Profile profile;

  @Column(nullable = false)
  public String name;

  @Column(nullable = false)
  public String runner;

  /** The runner's settings, as JSON. */
  @Column(name = "runner_settings", nullable = false)
  public String runnerSettings;

  /** The {@link TaskSettings}, as JSON. */
  @Column(nullable = false)
  public String settings;

  /** The provider that has its key; null where it has its own, or needs none. */
  @ManyToOne(fetch = FetchType.EAGER)
  @JoinColumn(name = "provider_id")
  public @Nullable Provider provider;

  @Column(name = "key_sealed")
  public byte @Nullable [] keySealed;

  @Column(name = "key_hint")
  public @Nullable String keyHint;

  /** The server that its own key is for; null is the configured one. */
  @Column(name = "key_url")
  public @Nullable String keyUrl;

  @Column(nullable = false)
  public boolean enabled;

  @Column(name = "created_at", nullable = false)
  public Instant createdAt;

  @Column(name = "modified_at", nullable = false)
  public Instant modifiedAt;

  /** The task whose run created this one; null for a person's task. */
  @Column(name = "made_by")
  public @Nullable UUID madeBy;

  /** When it was deleted; null while it exists. */
  @Column(name = "deleted_at")
  public @Nullable Instant deletedAt;

  /** Creates a task with only a name. */
  static Task named(Profile profile, String name) {
    Task task = new Task();
    task.id = UUID.randomUUID();
    task.profile = profile;
    task.name = name;
    return task;
  }

  /** The task of that name, if it exists. */
  public static Optional<Task> of(Profile profile, String name) {
    if (name.indexOf('\0') >= 0) {
      // PostgreSQL's text can't contain NUL.
      return Optional.empty();
    }
    return find(
            FETCHED + "where t.profile = ?1 and t.name = ?2 and t.deletedAt is null", profile, name)
        .firstResultOptional();
  }

  /** Reads a task with its profile and owner, whose columns {@link TaskStatements} names. */
  static Task of(Row row) {
    Task task = new Task();
    task.id = row.id("task_id");
    task.profile = profileOf(row);
    task.name = row.text("task");
    task.runner = row.text("runner");
    task.runnerSettings = row.text("runner_settings");
    task.settings = row.text("settings");
    task.provider = Provider.joined(row);
    task.keySealed = row.bytesOrNull("key_sealed");
    task.keyHint = row.textOrNull("key_hint");
    task.keyUrl = row.textOrNull("key_url");
    task.enabled = row.flag("enabled");
    task.createdAt = row.time("created_at");
    task.modifiedAt = row.time("modified_at");
    task.madeBy = row.idOrNull("made_by");
    return task;
  }

  private static Profile profileOf(Row row) {
    User owner = new User();
    owner.id = row.id("owner_id");
    owner.username = row.text("owner");
    owner.createdAt = row.time("owner_created_at");
    owner.disabledAt = row.timeOrNull("owner_disabled_at");
    Profile profile = new Profile();
    profile.id = row.id("profile_id");
    profile.user = owner;
    profile.name = row.text("profile");
    profile.description = row.text("description");
    profile.isPublic = row.flag("is_public");
    profile.createdAt = row.time("profile_created_at");
    profile.modifiedAt = row.time("profile_modified_at");
    profile.pausedAt = row.timeOrNull("paused_at");
    return profile;
  }

  /** Whether it has that name in that user's profile. */
  boolean isOf(UUID userId, String inProfile, String called) {
    return profile.user.id.equals(userId) && profile.name.equals(inProfile) && name.equals(called);
  }

  /** The profile's tasks, by name. */
  public static List<Task> allOf(Profile profile) {
    return list(FETCHED + "where t.profile = ?1 and t.deletedAt is null order by t.name", profile);
  }

  /**
   * A page of the profile's tasks by name.
   *
   * @param after the name after which the page begins
   * @param most how many at most
   */
  static List<Task> someOf(Profile profile, String after, int most) {
    return Task.<Task>find(
            FETCHED
                + "where t.profile = ?1 and t.deletedAt is null and t.name > ?2 order by t.name",
            profile,
            after)
        .range(0, most - 1)
        .list();
  }

  /** Its path in the audit, such as {@code tasks/ada/default/digest}. */
  public String path() {
    return "tasks/" + profile.slug() + "/" + name;
  }

  /** The seal context of its key: this row. */
  public String sealContext() {
    return sealContext(id);
  }

  static String sealContext(UUID id) {
    return "task/" + id + "/key";
  }

  /** Removes its own key. */
  void dropKey() {
    keySealed = null;
    keyHint = null;
    keyUrl = null;
  }

  /** Its own sealed key, if it has one. */
  public Optional<Sealed> key() {
    return Optional.ofNullable(keySealed).map(Sealed::new);
  }
}
