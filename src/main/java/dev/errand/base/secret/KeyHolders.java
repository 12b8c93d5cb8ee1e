package dev.errand.base.secret;

import java.util.List;

/** Port for the processes that work the queue: which master keys were they told of? */
public interface KeyHolders {

  /**
   * How many of them were not told of a key.
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
