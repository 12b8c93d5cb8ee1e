package dev.errand.tools.servlet.registry;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;

/** The bytes of a servlet version with its description; stored once per content address. */
@Entity
@Table(name = "servlet_content")
public class ServletContent extends PanacheEntityBase {

  /** All functions can be compiled, or it was never tried. */
  static final String WHOLE = "compiled";

  /** Some functions can't be compiled, so that every process interprets them. */
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

  /** {@link #WHOLE}, or {@link #TOO_LARGE} if the process that published the bytes found that. */
  @Column(nullable = false)
  public String engine;

  @Column(name = "created_at", nullable = false)
  public Instant createdAt;
}
