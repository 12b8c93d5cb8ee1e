package dev.errand.identity.account;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A person or program that owns profiles. */
@Entity
@Table(name = "account")
public class User extends PanacheEntityBase {
  /** The user that every installation has. */
  public static final String ADMIN = "admin";

  @Id public UUID id;

  @Column(nullable = false, unique = true)
  public String username;

  @Column(name = "created_at", nullable = false)
  public Instant createdAt;

  /**
   * When the user was disabled, so that nothing of theirs is accepted or started; null while
   * enabled.
   */
  @Column(name = "disabled_at")
  public @Nullable Instant disabledAt;

  /** The user of that name. */
  public static Optional<User> named(String username) {
    // The database can't store NUL in a text.
    return username.indexOf('\0') >= 0
        ? Optional.empty()
        : find("username", username).firstResultOptional();
  }
}
