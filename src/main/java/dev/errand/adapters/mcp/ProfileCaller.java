package dev.errand.adapters.mcp;

import dev.errand.adapters.mcp.CallingRuns.CallingRun;
import dev.errand.base.turn.WorkOwner;
import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.McpOffer;
import dev.errand.identity.profile.ProfileAccess.Seen;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import dev.errand.tools.port.ToolUser;
import java.util.UUID;

/** A caller in a profile. */
record ProfileCaller(Caller caller, ProfileSlug slug, Seen seen, CallingRun run) {

  McpOffer offer() {
    return seen.profile().mcp();
  }

  boolean has(Right right) {
    return right.isOf(caller, seen.role());
  }

  private UUID profileId() {
    return seen.profile().id();
  }

  /** The visitor as the user of installed tools. */
  ToolUser toolUser() {
    return new ToolUser(profileId(), null, run.above(), run.runId());
  }

  /** The owner of what is computed here: the profile's. */
  WorkOwner workOwner() {
    return WorkOwner.of(seen.profile().slug().user(), profileId());
  }

  /** Whether the caller may call installed tools: not with a credential for single tasks. */
  boolean mayCallTools() {
    return offer().tools() && has(Right.RUN) && caller.rights().coversProfile(profileId());
  }

  boolean mayRunTasks() {
    return offer().tasks() && has(Right.RUN);
  }
}
