package dev.errand.base.secret;

import java.util.List;

/** Port to the master keys of the processes that work through the queue. */
public interface KeyHolders {

  /**
   * How many of them do not have a key.
   *
   * @param key its id
   */
  long lacking(String key);

  /**
   * Whether one of them seals with a key that is not among these.
   *
   * @param known the ids of keys
   */
  boolean sealOtherwise(List<String> known);
}
