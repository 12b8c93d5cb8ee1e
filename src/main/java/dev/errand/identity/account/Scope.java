package dev.errand.identity.account;

import dev.errand.base.field.ApiSchema;
import dev.errand.base.json.Coded;

/** A kind of operation that a credential allows. A session allows all that its user may do. */
@ApiSchema(
    value = "Scope",
    description =
        "What a token allows: to read; to start, cancel and retry runs; to "
            + "decide about tool calls that wait for a person; to change what is in "
            + "profiles; to publish servlets; to manage users and keys.")
public enum Scope implements Coded {
  /** To see tasks, runs, schedules, triggers, installations and usage. */
  READ,
  /** To start, cancel and retry runs, and to see them. */
  RUN,
  /** To decide about tool calls that wait for a person. */
  APPROVE,
  /** To change tasks, schedules, triggers, callbacks, installations and profiles. */
  WRITE,
  /** To publish, yank and delete servlets. */
  SERVLETS,
  /** To manage users and keys, and to see the audit; for users with the role {@code admin}. */
  ADMIN;

  public static Scope of(String code) {
    return Coded.of(Scope.class, code);
  }
}
