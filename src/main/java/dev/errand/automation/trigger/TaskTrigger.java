package dev.errand.automation.trigger;

import dev.errand.base.database.StorableText;
import dev.errand.base.http.Tagged;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A trigger of a task: an address where a request starts a run. */
@Entity
public class TaskTrigger extends PanacheEntityBase implements Tagged {

  @Id public UUID id;

  public UUID taskId;

  public String name;

  @Embedded public TriggerSettings settings;

  /** The secrets of the sender, sealed: a JSON array of strings; null for a signed URL. */
  public byte @Nullable [] secretsSealed;

  /** The last characters of each secret. */
  public List<String> secretHints;

  public Instant createdAt;

  public Instant modifiedAt;

  /** As {@link Tagged#etag()}. */
  public long etag;

  @Override
  public long etag() {
    return etag;
  }

  static Optional<TaskTrigger> of(UUID taskId, String name) {
    if (!StorableText.is(name)) {
      return Optional.empty();
    }
    return find("taskId = ?1 and name = ?2", taskId, name).firstResultOptional();
  }

  static List<TaskTrigger> someOf(UUID taskId, String after, int most) {
    return TaskTrigger.<TaskTrigger>find("taskId = ?1 and name > ?2 order by name", taskId, after)
        .range(0, most - 1)
        .list();
  }

  static String secretsContext(UUID id) {
    return "trigger/" + id + "/secrets";
  }
}
