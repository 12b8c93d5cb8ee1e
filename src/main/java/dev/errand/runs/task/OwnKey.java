package dev.errand.runs.task;

import dev.errand.runs.provider.ModelKeys;
import org.jspecify.annotations.Nullable;

/**
 * A task's own key as it is stored.
 *
 * @param sealed the sealed key; null for none
 * @param hint its end; null for none
 * @param url the server that it is for; null is the configured one
 */
record OwnKey(byte @Nullable [] sealed, @Nullable String hint, @Nullable String url) {
  static final OwnKey NONE = new OwnKey(null, null, null);

  static OwnKey of(ModelKeys.Stored key, @Nullable String url) {
    return new OwnKey(key.sealed(), key.hint(), url);
  }

  @Override
  public String toString() {
    return "OwnKey[…]";
  }
}
