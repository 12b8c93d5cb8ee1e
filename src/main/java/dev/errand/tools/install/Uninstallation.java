package dev.errand.tools.install;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/** The time of the last uninstallation in a profile. */
@Entity
@Table(name = "uninstallation")
class Uninstallation extends PanacheEntityBase {
  @Id
  @Column(name = "profile_id")
  public UUID profileId;

  @Column(name = "last_at", nullable = false)
  public Instant lastAt;
}
