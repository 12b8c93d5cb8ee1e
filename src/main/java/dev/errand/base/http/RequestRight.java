package dev.errand.base.http;

import jakarta.ws.rs.container.ContainerRequestContext;

/**
 * The right that a request needs, which is checked before its sender learns what is wrong in it.
 */
@FunctionalInterface
public interface RequestRight {
  /**
   * Checks that the caller has the right.
   *
   * @throws dev.errand.base.error.ApiException as the operation itself does to who lacks it
   */
  void check(ContainerRequestContext request);
}
