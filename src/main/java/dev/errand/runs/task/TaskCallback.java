package dev.errand.runs.task;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A stored {@link Callback}, with its sealed secrets and whether it is disabled. */
@Entity
@Table(name = "task_callback")
public class TaskCallback extends PanacheEntityBase {

  @Id public UUID id;

  @Column(name = "task_id", nullable = false)
  public UUID taskId;

  @Column(nullable = false)
  public String url;

  @Column(nullable = false)
  public List<String> events;

  /** The parts of the run that events contain besides its address. */
  @Column(nullable = false)
  public List<String> include;

  /** The signing secrets, sealed: a JSON array of strings. */
  @Column(name = "secrets_sealed", nullable = false)
  public byte[] secretsSealed;

  /** The end of each secret, to tell them apart. */
  @Column(name = "secret_hints", nullable = false)
  public List<String> secretHints;

  /** The address by which the service was reached when the callback was registered. */
  @Column(name = "base_url")
  public @Nullable String baseUrl;

  /** When it was disabled; null while it is enabled. */
  @Column(name = "disabled_at")
  public @Nullable Instant disabledAt;

  @Column(name = "created_at", nullable = false)
  public Instant createdAt;

  @Column(name = "modified_at", nullable = false)
  public Instant modifiedAt;

  static List<TaskCallback> allOf(UUID taskId) {
    return list("taskId", taskId);
  }

  /** The seal context of the callback's secrets: its row. */
  public static String sealContext(UUID id) {
    return "callback/" + id + "/secrets";
  }
}
