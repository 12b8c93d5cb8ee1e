package dev.errand.identity.profile;

import dev.errand.base.field.ApiSchema;
import dev.errand.base.json.Coded;

/** What a member may do in a profile; each role may do all that the ones before it may. */
@ApiSchema(
    value = "ProfileRole",
    description =
        "A viewer sees what is in the profile, a runner also starts runs, an "
            + "editor also changes tasks and tools, an owner also changes the "
            + "members.")
public enum ProfileRole implements Coded {
  /** May see all that is in the profile, and its members. */
  VIEWER,
  /** May start, cancel and retry runs, and call tools. */
  RUNNER,
  /** May change tasks, schedules, triggers, callbacks and installations. */
  EDITOR,
  /** May change and delete the profile and its members. */
  OWNER;

  static ProfileRole of(String code) {
    return Coded.of(ProfileRole.class, code);
  }
}
