package dev.errand.tools.install;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.json.Json;
import dev.errand.base.secret.PlainSecret;
import dev.errand.base.secret.SealBrokenException;
import dev.errand.base.secret.Sealed;
import dev.errand.base.secret.SecretBox;
import dev.errand.tools.servlet.registry.Publication;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Stores the settings of installations, sealed to their row. Answers show whether a setting has a
 * value, and never the value.
 */
@ApplicationScoped
class InstallationSettings {
  /** Stands for a value in answers. A request that sends it back keeps the value. */
  static final String SET = "set";

  /** Stands in answers for the missing value of a setting that the servlet needs. */
  static final String UNSET = "unset";

  private static final int MOST_KEYS = 100;
  private static final int MOST_BYTES = 64 * 1024;
  private static final String FIELD = "settings.config";

  private final SecretBox box;
  private final Json json;

  InstallationSettings(SecretBox box, Json json) {
    this.box = box;
    this.json = json;
  }

  /**
   * The settings in the clear.
   *
   * @throws dev.errand.base.secret.SealBrokenException when they can't be opened
   */
  SortedMap<String, String> open(Installation installation) {
    return open(installation.id, installation.configSealed);
  }

  /**
   * The settings of an installation in the clear.
   *
   * @param sealed the stored settings; null where it has none
   * @throws dev.errand.base.secret.SealBrokenException when they can't be opened
   */
  SortedMap<String, String> open(UUID installationId, byte @Nullable [] sealed) {
    SortedMap<String, String> config = new TreeMap<>();
    if (sealed == null) {
      return config;
    }
    json.tree(box.open(new Sealed(sealed), Installation.sealContext(installationId)).value())
        .properties()
        .forEach(setting -> config.put(setting.getKey(), setting.getValue().asText()));
    return config;
  }

  /**
   * Applies the settings of a request.
   *
   * @param said the values by key: {@link #SET} keeps the present one; {@link #UNSET} or null is
   *     none
   */
  void write(Installation installation, Map<String, @Nullable String> said, boolean replace) {
    // Settings that can no longer be opened are not needed where all are replaced.
    boolean needsOld = !replace || said.containsValue(SET);
    @Nullable SortedMap<String, String> known =
        needsOld ? open(installation) : openOrNull(installation);
    SortedMap<String, String> old = known == null ? new TreeMap<>() : known;
    SortedMap<String, String> now = replace ? new TreeMap<>() : new TreeMap<>(old);
    InvalidFields wrong = new InvalidFields();
    said.forEach(
        (key, value) -> {
          wrong.add(() -> check(key));
          if (value == null || value.equals(UNSET)) {
            now.remove(key);
          } else {
            now.put(key, wrong.read(() -> wanted(key, value, old), value));
          }
        });
    wrong.refuse();
    if (now.equals(known)) {
      return;
    }
    if (now.isEmpty()) {
      installation.configSealed = null;
    } else {
      installation.configSealed =
          box.seal(new PlainSecret(checked(now)), installation.sealContext()).bytes();
    }
    installation.configKeys = List.copyOf(now.keySet());
  }

  static void check(String key) {
    Publication.checkedKey(FIELD, key);
  }

  private static String wanted(String key, String said, Map<String, String> old) {
    if (said.equals(SET)) {
      String kept = old.get(key);
      if (kept == null) {
        throw ApiException.invalid(
            FIELD + "." + key, "has no stored value that \"set\" could keep");
      }
      return kept;
    }
    if (said.equals(Needs.PLACEHOLDER) || said.equals("…")) {
      throw ApiException.invalid(
          FIELD + "." + key, "is the placeholder of a printed command: replace it by the value");
    }
    return said;
  }

  private @Nullable SortedMap<String, String> openOrNull(Installation installation) {
    try {
      return open(installation);
    } catch (SealBrokenException e) {
      return null;
    }
  }

  private String checked(SortedMap<String, String> config) {
    if (config.size() > MOST_KEYS) {
      throw ApiException.invalid(FIELD, "may have at most " + MOST_KEYS + " settings");
    }
    String text;
    text = json.write(config);
    if (text.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
      throw ApiException.invalid(FIELD, "may have at most " + MOST_BYTES + " bytes as JSON");
    }
    return text;
  }

  /**
   * The settings as answers show them.
   *
   * @param required the keys that the servlet needs, as far as the viewer may know
   */
  static SortedMap<String, String> shown(Installation installation, List<String> required) {
    SortedMap<String, String> shown = new TreeMap<>();
    required.forEach(key -> shown.put(key, UNSET));
    installation.configKeys.forEach(key -> shown.put(key, SET));
    return shown;
  }
}
