package dev.errand.models.port;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.json.Json;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The runners that this version knows, as its ports name them, and the reading of settings. */
@ApplicationScoped
public class Runners {
  private static final Comparator<JsonNode> BY_VALUE = Runners::compare;

  private final List<ModelPort<?>> ports;
  private final Json json;

  public Runners(@All List<ModelPort<?>> ports, Json json) {
    this.ports = ports;
    this.json = json;
    List<String> names = ports.stream().map(ModelPort::runner).toList();
    if (Set.copyOf(names).size() != names.size()) {
      throw new IllegalStateException("Two ports have the same runner: " + names);
    }
  }

  public List<ModelPort<?>> ports() {
    return ports;
  }

  public List<String> names() {
    return ports.stream().map(ModelPort::runner).sorted().toList();
  }

  /** The form of a request's body, for messages. */
  public String shape() {
    return names().stream()
        .map(name -> "\"" + name + "\"")
        .collect(Collectors.joining(" or ", "{\"runner\", ", ", \"settings\"}"));
  }

  public Optional<ModelPort<?>> find(@Nullable String runner) {
    for (ModelPort<?> port : ports) {
      if (port.runner().equals(runner)) {
        return Optional.of(port);
      }
    }
    return Optional.empty();
  }

  /**
   * The port of the runner of settings.
   *
   * @throws ApiException when this version can't use them
   */
  public ModelPort<?> of(ModelSettings settings) {
    if (settings instanceof UnreadSettings unread) {
      throw unread.refusal();
    }
    return find(settings.runner())
        .orElseThrow(
            () -> new IllegalStateException("No port has the runner " + settings.runner() + "."));
  }

  /** Settings that this or another version stored. */
  public ModelSettings stored(String runner, String settings) {
    return stored(runner, (ObjectNode) json.tree(settings));
  }

  /** Settings that this or another version stored. */
  public ModelSettings stored(String runner, ObjectNode settings) {
    return find(runner)
        .flatMap(port -> json.convert(settings, port.settings()).map(ModelSettings.class::cast))
        .orElseGet(() -> new UnreadSettings(runner, settings));
  }

  /**
   * Settings that a request contains.
   *
   * @param known the settings as they are stored; null for none. What another version stored may be
   *     sent back, but not be changed
   * @param wrong is told of each field that is unknown or of the wrong type
   * @return null where there is no such runner, or nothing fits its settings
   */
  public @Nullable ModelSettings sent(
      String runner, JsonNode fields, @Nullable ModelSettings known, InvalidFields wrong) {
    if (known instanceof UnreadSettings unread && unread.isSentBackBy(runner, fields)) {
      return unread;
    }
    ModelPort<?> port = find(runner).orElse(null);
    if (port == null) {
      wrong.add(unknown());
      return null;
    }
    ModelSettings settings = json.request(fields, port.settings(), runner, wrong);
    if (settings != null) {
      Map<String, JsonNode> others = others(known, runner);
      refuse(settings, port, (name, value) -> !isSame(value, others.get(name)), wrong);
    }
    return settings;
  }

  /**
   * Checks that a patch of settings removes only fields that this version knows or that are stored.
   *
   * @param wrong is told of each other field
   */
  void refuseUnknown(String runner, JsonNode patch, ModelSettings known, InvalidFields wrong) {
    ModelPort<?> port = find(runner).orElse(null);
    // What has the wrong type is refused where the patch is applied.
    ModelSettings settings =
        port == null ? null : json.request(patch, port.settings(), runner, new InvalidFields());
    if (port != null && settings != null) {
      Map<String, JsonNode> others = others(known, runner);
      refuse(settings, port, (name, value) -> value.isNull() && !others.containsKey(name), wrong);
    }
  }

  private static Map<String, JsonNode> others(@Nullable ModelSettings known, String runner) {
    return known != null && known.runner().equals(runner) ? known.others() : Map.of();
  }

  private void refuse(
      ModelSettings settings,
      ModelPort<?> port,
      BiPredicate<String, JsonNode> isRefused,
      InvalidFields wrong) {
    settings.others().entrySet().stream()
        .filter(other -> isRefused.test(other.getKey(), other.getValue()))
        .forEach(
            other ->
                wrong.add(
                    unknownField(
                        settings.field(other.getKey()), json.fieldsOf(port.settings()).stream())));
  }

  /** Whether two values are the same JSON, however their numbers are written. */
  static boolean isSame(JsonNode one, @Nullable JsonNode other) {
    return other != null && one.equals(BY_VALUE, other);
  }

  private static int compare(JsonNode one, JsonNode other) {
    boolean isSame =
        (one.isNumber() && other.isNumber())
            ? one.decimalValue().compareTo(other.decimalValue()) == 0
            : one.equals(other);
    return isSame ? 0 : 1;
  }

  ApiException unknown() {
    List<String> names = names();
    return ApiException.invalid(
        "runner",
        "must be " + String.join(" or ", names) + (names.size() == 1 ? ", the only runner" : ""));
  }

  /** The error for a field of a request beside those of its type and the runners. */
  ApiException unknownField(String name, Class<?> request) {
    return unknownField(name, Stream.concat(json.fieldsOf(request).stream(), names().stream()));
  }

  private static ApiException unknownField(String name, Stream<String> known) {
    return ApiException.unknownField(name, known.sorted().toList());
  }
}
