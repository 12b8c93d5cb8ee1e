package dev.errand.base.secret;

import java.util.List;

/** Port to the master keys of the processes that work through the queue. */
public interface KeyHolders {
  /**
   * How many of them do not have all of these.
   *
   * @param keys the ids of keys, or {@link SecretBox#FORMS}
   */
  long lacking(List<String> keys);

  /** Whether one of them seals with a key that is not among these. */
  boolean sealOtherwise(List<String> known);
}
