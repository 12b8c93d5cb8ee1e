package dev.errand.runs.budget;

import dev.errand.base.database.StorableText;
import dev.errand.base.http.Tagged;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A budget of a user or of a profile: the most that runs may spend in a period. */
@Entity
public class Budget extends PanacheEntityBase {
  @Id public UUID id;

  /** The user whose runs it counts; null where it is of a profile. */
  public @Nullable UUID accountId;

  /** The profile whose runs it counts; null where it is of a user. */
  public @Nullable UUID profileId;

  public String name;
  @Embedded public BudgetSettings settings;
  public Instant createdAt;
  public Instant modifiedAt;

  /** As {@link Tagged#etag()}. */
  public long etag;

  static Budget named(BudgetOwner owner, String name, Instant now) {
    Budget budget = new Budget();
    budget.id = UUID.randomUUID();
    if (owner.isProfile()) {
      budget.profileId = owner.id();
    } else {
      budget.accountId = owner.id();
    }
    budget.name = name;
    budget.createdAt = now;
    return budget;
  }

  /** The budget of that name, locked, since runs that are about to wait for it read it. */
  static Optional<Budget> toChange(BudgetOwner owner, String name) {
    if (!StorableText.is(name)) {
      return Optional.empty();
    }
    return Budget.<Budget>find(owner.field() + " = ?1 and name = ?2", owner.id(), name)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .firstResultOptional();
  }

  static long countOf(BudgetOwner owner) {
    return count(owner.field() + " = ?1", owner.id());
  }
}
