package dev.errand.tools.install;

import dev.errand.base.egress.client.GuardedHttp;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the servlet {@value #SERVLET} reaches instead of the network when it calls {@value #HOST}:
 * the tasks of its own profile, in this process.
 */
public interface InnerDoor {
  /** The one servlet for which it is open. */
  String SERVLET = "errand/tasks";

  /** The host name that leads to it. */
  String HOST = "errand.internal";

  /**
   * The door for one call of a tool.
   *
   * @param caller on whose behalf it is open
   * @param callId the tool call's id: what is done for it again is done once
   */
  GuardedHttp open(Caller caller, String callId);

  /**
   * On whose behalf the door is open.
   *
   * @param profileId the profile, beyond which nothing is reached
   * @param runId the run whose model calls the tool; null where a person does
   */
  record Caller(UUID profileId, @Nullable Long runId) {}
}
