package dev.errand.adapters.console.profile;

import dev.errand.identity.profile.ProfileSlug;
import java.util.Map;
import java.util.Optional;

/** Port to a run that needs no setup, which an empty home offers. */
public interface FirstRun {

  /**
   * A run that is offered.
   *
   * @param task the name of an existing task
   * @param parameters the parameters of its prompt
   */
  record Offer(String task, Map<String, String> parameters) {}

  /** The run that is offered in a profile; empty for none. */
  Optional<Offer> in(ProfileSlug profile);
}
