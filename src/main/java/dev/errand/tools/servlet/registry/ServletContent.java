package dev.errand.tools.servlet.registry;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;

/** The bytes of a servlet version and what it said of itself; kept once per content address. */
@Entity
@Table(name = "servlet_content")
public class ServletContent extends PanacheEntityBase {

  /** All functions can be compiled, or none was ever tried. */
  static final String WHOLE = "compiled";

  /** There are functions that no compiler takes, so that they are interpreted everywhere. */
  static final String TOO_LARGE = "interpreted";

  @Id public String address;

  @Column(nullable = false)
  public byte[] wasm;

  /** The tools as it described them when it was published: a JSON array. */
  @Column(nullable = false)
  public String tools;

  /** The names of those tools. */
  @Column(name = "tool_names", nullable = false)
  public List<String> toolNames;

  /** {@link #WHOLE}, or {@link #TOO_LARGE} as far as the process that took the bytes could tell. */
  @Column(nullable = false)
  public String engine;

  @Column(name = "created_at", nullable = false)
  public Instant createdAt;
}
