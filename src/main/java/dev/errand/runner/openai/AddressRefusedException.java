package dev.errand.runner.openai;

import java.io.IOException;

/** A connection to a model's server that stands on an address which may not be called. */
final class AddressRefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  AddressRefusedException(String host) {
    super(host + " leads to a private or local address: errand.egress.allow would permit it.");
  }
}
