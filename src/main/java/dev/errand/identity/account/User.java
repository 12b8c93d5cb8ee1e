package dev.errand.identity.account;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

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

  /** The user of that name. */
  public static Optional<User> named(String username) {
    return find("username", username).firstResultOptional();
  }
}
