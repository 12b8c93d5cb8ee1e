package dev.errand.base.json;

/** A request that checks the values of its fields, as far as it can without anything else. */
public interface CheckedRequest {
  /**
   * Checks the values of its fields.
   *
   * @throws dev.errand.base.error.ApiException that names all fields which are wrong
   */
  void check();
}
