package dev.errand.automation.trigger;

import dev.errand.base.json.Json;
import dev.errand.base.secret.PlainSecret;
import dev.errand.base.secret.Sealed;
import dev.errand.base.secret.SecretBox;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Seals deliveries for replay, since they may contain secrets of others. */
@ApplicationScoped
class TriggerDeliverySeal {
  /** The largest body that is stored, in bytes. */
  static final int LARGEST = 256 * 1024;

  private final SecretBox box;
  private final Json json;

  TriggerDeliverySeal(SecretBox box, Json json) {
    this.box = box;
    this.json = json;
  }

  /** Seals a delivery; empty if its body is too large to be stored. */
  byte @Nullable [] seal(TriggerSnapshot trigger, HookRequest incoming) {
    if (incoming.body().length > LARGEST) {
      return null;
    }
    Set<String> names = new HashSet<>(ContentReader.FIELDS);
    names.addAll(trigger.filter().headers());
    ReplayContent kept = new ReplayContent(incoming.fields().only(names).byName(), incoming.body());
    return box.seal(new PlainSecret(json.write(kept)), trigger.deliveryContext()).bytes();
  }

  /** Opens a delivery for its replay. */
  HookRequest open(TriggerSnapshot trigger, byte[] sealed, String sender) {
    ReplayContent kept =
        json.read(
            box.open(new Sealed(sealed), trigger.deliveryContext()).value(), ReplayContent.class);
    return new HookRequest(new Fields(kept.fields()), kept.body(), sender);
  }

  /**
   * The sealed part of a delivery.
   *
   * @param fields the header fields that determine how the body is read, and those that the trigger
   *     names
   */
  @RegisterForReflection
  record ReplayContent(Map<String, List<String>> fields, byte[] body) {
    @Override
    public String toString() {
      return "ReplayContent[…]";
    }
  }
}
