package dev.errand.runs.task;

import dev.errand.runs.task.settings.Callback;
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
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A {@link Callback} as it is kept, with its secrets and whether it is switched off. */
@Entity
@Table(name = "task_callback")
public class TaskCallback extends PanacheEntityBase {

  @Id public UUID id;

  @ManyToOne(fetch = FetchType.LAZY, optional = false)
  @JoinColumn(name = "task_id")
  public Task task;

  @Column(nullable = false)
  public String url;

  @Column(nullable = false)
  public List<String> events;

  /** What the events carry of the run besides its address. */
  @Column(nullable = false)
  public List<String> include;

  /** What the events are signed with, sealed: a JSON array of texts. */
  @Column(name = "secrets_sealed", nullable = false)
  public byte[] secretsSealed;

  /** The end of each secret, to tell them apart. */
  @Column(name = "secret_hints", nullable = false)
  public List<String> secretHints;

  /** Under which address the service was reached when this was asked for. */
  @Column(name = "base_url")
  public @Nullable String baseUrl;

  /** Since when nothing is told any more; null while it is. */
  @Column(name = "disabled_at")
  public @Nullable Instant disabledAt;

  @Column(name = "created_at", nullable = false)
  public Instant createdAt;

  @Column(name = "modified_at", nullable = false)
  public Instant modifiedAt;

  /** The task's callbacks, the oldest first. */
  public static List<TaskCallback> allOf(Task task) {
    return list("task = ?1 order by createdAt, url", task);
  }

  /** What the secrets of the callback of that id are sealed for: its row and no other. */
  public static String sealContext(UUID id) {
    return "callback/" + id + "/secrets";
  }
}
