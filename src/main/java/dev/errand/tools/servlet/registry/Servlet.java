package dev.errand.tools.servlet.registry;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A servlet in the registry: a name under which versions are published. */
@Entity
public class Servlet extends PanacheEntityBase {
  /** The owner of the bundled servlets. */
  public static final String BUNDLED = "errand";

  /** The visibility of a servlet that everyone may see and install. */
  public static final String PUBLIC = "public";

  /** The visibility of a servlet that only its owner may see and install. */
  public static final String PRIVATE = "private";

  @Id public UUID id;

  public String owner;

  public String name;

  public String description;

  /** {@link #PUBLIC} or {@link #PRIVATE}. */
  public String visibility;

  /** The hosts that it declares to call; an installer may grant others, or none. */
  public List<String> requiredDomains;

  /** The keys of the settings that it declares to read. */
  public List<String> requiredConfig;

  public Instant createdAt;

  public Instant modifiedAt;

  public static Optional<Servlet> of(String owner, String name) {
    return find("owner = ?1 and name = ?2", owner, name).firstResultOptional();
  }

  /** Whether everyone may see and install it. */
  public boolean isPublic() {
    return visibility.equals(PUBLIC);
  }

  /** Whether this user may see and install it. */
  public boolean isVisibleTo(String username) {
    return isPublic() || owner.equals(username);
  }

  /** {@code owner/name}. */
  public String slug() {
    return owner + "/" + name;
  }

  /** Its path in the audit. */
  public String path() {
    return "servlets/" + slug();
  }

  /** Its description: all fields of a publication except the bytes. */
  public Map<String, Object> described() {
    return Map.of(
        "description",
        description,
        "visibility",
        visibility,
        "domains",
        requiredDomains,
        "config",
        requiredConfig);
  }
}
