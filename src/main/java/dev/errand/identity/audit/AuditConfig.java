package dev.errand.identity.audit;

import dev.errand.base.config.MoreThanZero;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The audit. */
@ConfigMapping(prefix = "errand.audit")
interface AuditConfig {
  /** How long lines of the audit are kept; nothing of the last day is removed. */
  @WithDefault("P365D")
  @WithConverter(MoreThanZero.class)
  Duration retention();
}
