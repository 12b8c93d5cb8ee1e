package dev.errand.identity.account;

import dev.errand.base.field.ApiSchema;
import dev.errand.base.json.Coded;

/** A kind of operation that a credential allows. A session allows all that its user may do. */
@ApiSchema(
    value = "Scope",
    description =
        "What a token allows: `read` to "
            + Scope.TO_READ
            + "; `run` to "
            + Scope.TO_RUN
            + "; `approve` to "
            + Scope.TO_APPROVE
            + "; `write` to "
            + Scope.TO_WRITE
            + "; `servlets` to "
            + Scope.TO_PUBLISH
            + "; `admin` to "
            + Scope.TO_ADMINISTER
            + ".")
public enum Scope implements Coded {
  READ(Scope.TO_READ),
  RUN(Scope.TO_RUN),
  APPROVE(Scope.TO_APPROVE),
  WRITE(Scope.TO_WRITE),
  SERVLETS(Scope.TO_PUBLISH),
  /** For users with the role {@code admin}. */
  ADMIN(Scope.TO_ADMINISTER);

  static final String TO_READ =
      "see tasks, runs, schedules, triggers, tools, usage and what else is in profiles";
  static final String TO_RUN =
      "start, cancel, retry, delete and see runs, call tools and repeat deliveries of webhooks";
  static final String TO_APPROVE = "decide about tool calls that wait for a person";
  static final String TO_WRITE =
      "change tasks, schedules, triggers, callbacks, tools and what else is in profiles";
  static final String TO_PUBLISH = "publish, yank and delete servlets";
  static final String TO_ADMINISTER = "manage users and keys, and see the audit";

  private final String words;

  Scope(String words) {
    this.words = words;
  }

  public static Scope of(String code) {
    return Coded.of(Scope.class, code);
  }

  /** What it allows to do, as whoever grants it reads it. */
  @Override
  public String words() {
    return words;
  }
}
