package dev.errand.identity.profile;

import dev.errand.base.field.ApiSchema;
import dev.errand.base.json.Coded;

/** What a member may do in a profile. */
@ApiSchema(
    value = "ProfileRole",
    description =
        "A viewer sees what is in the profile, an approver also decides about tool calls, a runner"
            + " is a viewer who starts runs, an editor may do all that and change tasks and tools,"
            + " an owner also changes the members.")
public enum ProfileRole implements Coded {
  /** May see all that is in the profile, and its members. */
  VIEWER,
  /** May see all, and decide about tool calls that wait for a person. */
  APPROVER,
  /** May see all, start, cancel and retry runs, and call tools. */
  RUNNER,
  /** May do all that, and change tasks, schedules, triggers, callbacks and installations. */
  EDITOR,
  /** May change and delete the profile and its members. */
  OWNER;

  /** The role of that code; one that only a newer version knows is read as that which sees. */
  static ProfileRole of(String code) {
    return Coded.find(ProfileRole.class, code).orElse(VIEWER);
  }

  /**
   * The role that a process of the version before may read, which knows no approver: one that may
   * not do more.
   */
  ProfileRole known() {
    return this == APPROVER ? VIEWER : this;
  }

  /** Whether it may do all that another one may. */
  public boolean includes(ProfileRole other) {
    return this == other
        || switch (this) {
          case VIEWER -> false;
          case APPROVER, RUNNER -> other == VIEWER;
          case EDITOR -> other != OWNER;
          case OWNER -> true;
        };
  }
}
