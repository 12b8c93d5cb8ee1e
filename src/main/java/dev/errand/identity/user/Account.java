package dev.errand.identity.user;

import dev.errand.base.database.StorableText;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A user, while an admin sees or changes it; at any other time, a user is read by SQL. */
@Entity
public class Account extends PanacheEntityBase {
  @Id public UUID id;
  public String username;
  public String role;
  public String kind;
  public @Nullable String email;
  public boolean emailVerified;
  public @Nullable String passwordHash;

  /** Whether an older user's name differs in upper and lower case alone. */
  public boolean namedAlike;

  public Instant createdAt;

  /** When it was disabled; null while it is enabled. */
  public @Nullable Instant disabledAt;

  /** The user of that name, locked, since sign-ins change it, too. */
  static Optional<Account> toChange(String username) {
    if (!StorableText.is(username)) {
      return Optional.empty();
    }
    return Account.<Account>find("username", username)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .firstResultOptional();
  }
}
