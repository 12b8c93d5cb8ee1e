package dev.errand.base.json;

import dev.errand.base.error.ApiException;

/**
 * A request that is read as far as it can be, where its check needs more than itself: the service
 * that takes it refuses what could not be read together with the rest, before it does anything.
 */
public interface PartialRequest {
  /**
   * Keeps what could not be read.
   *
   * @param refusal names the fields that are unknown, of the wrong type or there twice
   */
  void keepUnread(ApiException refusal);
}
