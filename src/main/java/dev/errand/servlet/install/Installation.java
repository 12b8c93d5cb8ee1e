package dev.errand.servlet.install;

import dev.errand.profile.Profile;
import dev.errand.servlet.registry.Servlet;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A servlet in a profile, under a name of its own, with what it is permitted. */
@Entity
@Table(name = "installation")
public class Installation extends PanacheEntityBase {

  @Id public UUID id;

  @ManyToOne(fetch = FetchType.LAZY, optional = false)
  @JoinColumn(name = "profile_id")
  public Profile profile;

  @ManyToOne(fetch = FetchType.LAZY, optional = false)
  @JoinColumn(name = "servlet_id")
  public Servlet servlet;

  @Column(nullable = false)
  public String name;

  /** The content address of the version that is installed. */
  @Column(nullable = false)
  public String address;

  /** The hosts that it may call: what the installer wrote out, and no more. */
  @Column(nullable = false)
  public List<String> domains;

  @Column(name = "created_at", nullable = false)
  public Instant createdAt;

  @Column(name = "modified_at", nullable = false)
  public Instant modifiedAt;

  /** The installation of that name. */
  public static Optional<Installation> of(Profile profile, String name) {
    return find("profile = ?1 and name = ?2", profile, name).firstResultOptional();
  }

  /** The installations of a profile, by name. */
  public static List<Installation> allOf(UUID profileId) {
    return list("profile.id = ?1 order by name", profileId);
  }
}
