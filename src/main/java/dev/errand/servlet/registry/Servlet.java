package dev.errand.servlet.registry;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** A servlet in the registry: a name under which versions are published. */
@Entity
@Table(name = "servlet")
public class Servlet extends PanacheEntityBase {
  /** The owner of the bundled servlets. */
  public static final String BUNDLED = "errand";

  @Id public UUID id;

  @Column(nullable = false)
  public String owner;

  @Column(nullable = false)
  public String name;

  @Column(nullable = false)
  public String description;

  /** {@code public} or {@code private}. */
  @Column(nullable = false)
  public String visibility;

  @Column(name = "created_at", nullable = false)
  public Instant createdAt;

  @Column(name = "modified_at", nullable = false)
  public Instant modifiedAt;

  /** The servlet of that owner and name. */
  public static Optional<Servlet> of(String owner, String name) {
    return find("owner = ?1 and name = ?2", owner, name).firstResultOptional();
  }

  /** {@code owner/name}. */
  public String slug() {
    return owner + "/" + name;
  }
}
