package dev.errand.base.http;

import dev.errand.base.error.InvalidFields;
import jakarta.enterprise.context.RequestScoped;

/**
 * What is wrong with the query of a request. It begins with the parameters that are unknown, empty
 * or there twice; an operation that {@link ReadsQuery reads the values} adds those, so that one
 * answer names all.
 */
@RequestScoped
public class QueryErrors {
  private final InvalidFields wrong = new InvalidFields();
  private boolean isLeftToOperation;

  QueryErrors() {}

  /** The collection to which the values are added; its owner refuses them. */
  public InvalidFields collected() {
    return wrong;
  }

  void leaveToOperation() {
    isLeftToOperation = true;
  }

  boolean areLeftToOperation() {
    return isLeftToOperation;
  }
}
