package dev.errand.runs.task;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A stored {@link Callback}, with its sealed secrets and whether it is disabled. */
@Entity
public class TaskCallback extends PanacheEntityBase {

  @Id public UUID id;

  public UUID taskId;

  public String url;

  public List<String> events;

  /** The parts of the run that events contain besides its address. */
  public List<String> include;

  /** The signing secrets, sealed: a JSON array of strings. */
  public byte[] secretsSealed;

  /** The end of each secret, to tell them apart. */
  public List<String> secretHints;

  /** The address by which the service was reached when the callback was registered. */
  public @Nullable String baseUrl;

  /** When it was disabled; null while it is enabled. */
  public @Nullable Instant disabledAt;

  public Instant createdAt;

  public Instant modifiedAt;

  static List<TaskCallback> allOf(UUID taskId) {
    return list("taskId", taskId);
  }

  /** The seal context of the callback's secrets: its row. */
  public static String sealContext(UUID id) {
    return "callback/" + id + "/secrets";
  }
}
