package dev.errand.adapters.console.home;

import dev.errand.identity.profile.ProfileSlug;
import java.util.Map;
import java.util.Optional;

/** Port to a run that needs nothing to be set up, which an empty home offers. */
public interface FirstRun {

  /**
   * A run that is offered.
   *
   * @param task the name of the task, which is there
   * @param parameters the parameters of its prompt
   */
  record Offer(String task, Map<String, String> parameters) {}

  /** What is offered in a profile; empty for nothing. */
  Optional<Offer> in(ProfileSlug profile);
}
