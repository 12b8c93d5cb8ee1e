package dev.errand.identity.token;

import java.util.UUID;

/** Port to the tasks that exist, of which a token may name others. */
public interface ExistingTasks {
  /** Whether a profile has a task of that name. */
  boolean is(UUID profileId, String name);
}
