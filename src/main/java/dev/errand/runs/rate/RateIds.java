package dev.errand.runs.rate;

import dev.errand.base.secret.Hmac;
import dev.errand.base.secret.SecretServer;
import dev.errand.base.secret.TriggerAddressKeys;
import dev.errand.models.port.Assignment;
import dev.errand.models.wire.ModelEndpoints;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;

/**
 * Finds the rates that hold for requests. A digest without a secret would let who reads the table
 * find a short key by trying.
 */
@Singleton
class RateIds {
  private static final byte[] NOTHING = new byte[1];

  private final ModelEndpoints endpoints;
  private final TriggerAddressKeys keys;

  RateIds(ModelEndpoints endpoints, TriggerAddressKeys keys) {
    this.endpoints = endpoints;
    this.keys = keys;
  }

  /**
   * The rates of a request.
   *
   * @param key that of its key at its server
   * @param model that of its model with this key
   */
  record Ids(RateId key, RateId model) {}

  Ids of(Assignment assignment) {
    byte[] secret = keys.derived("model-rate");
    byte[] server = bytes(SecretServer.of(endpoints.of(assignment.settings())).name());
    byte[] key = bytes(assignment.key());
    return new Ids(
        new RateId(Hmac.sha256(secret, bytes("key"), NOTHING, server, NOTHING, key)),
        new RateId(
            Hmac.sha256(
                secret,
                bytes("model"),
                NOTHING,
                server,
                NOTHING,
                key,
                NOTHING,
                bytes(assignment.settings().model()))));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
