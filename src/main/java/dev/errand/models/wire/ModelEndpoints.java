package dev.errand.models.wire;

import dev.errand.base.egress.address.EgressPolicy;
import dev.errand.base.error.ApiException;
import dev.errand.base.http.HttpAddress;
import dev.errand.base.secret.SecretServer;
import dev.errand.models.port.ModelConfig;
import dev.errand.models.port.ModelPort;
import dev.errand.models.port.ModelSettings;
import dev.errand.models.port.Runners;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Resolves the model endpoint of a task, and checks whether it may be called. */
@Singleton
public class ModelEndpoints {
  private static final String BASE_URL = "base_url";
  private static final String VERSION = "v1/";

  private final ModelConfig config;
  private final Runners runners;
  private final EgressPolicy egress;

  ModelEndpoints(ModelConfig config, Runners runners, EgressPolicy egress) {
    this.config = config;
    this.runners = runners;
    this.egress = egress;
  }

  /**
   * The endpoint of a task.
   *
   * @throws ApiException when it is not an absolute HTTP URL, or has credentials or a query; when
   *     it is the configured one of a runner that this version does not know
   */
  public URI of(ModelSettings settings) {
    @Nullable String baseUrl = settings.baseUrl();
    if (baseUrl == null) {
      return runners.of(settings).configuredEndpoint();
    }
    String field = settings.field(BASE_URL);
    URI uri =
        HttpAddress.parse(baseUrl)
            .orElseThrow(
                () -> ApiException.invalid(field, "must be an absolute http or https URL"));
    if (uri.getRawUserInfo() != null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw ApiException.invalid(
          field, "must have no credentials, query or fragment; the key goes in settings.key");
    }
    return uri;
  }

  /**
   * The endpoint that a stored key is for; empty where it is the configured one of a runner that
   * this version does not know.
   *
   * @param baseUrl the endpoint that was stored with the key; null is the configured one
   */
  public Optional<URI> ofKey(String runner, @Nullable String baseUrl) {
    return baseUrl == null
        ? runners.find(runner).map(ModelPort::configuredEndpoint)
        : Optional.of(URI.create(baseUrl));
  }

  /**
   * Checks an endpoint that a task names.
   *
   * @throws ApiException when it is not a usable URL, or the egress rules refuse it
   */
  public void check(ModelSettings settings) {
    URI endpoint = of(settings);
    if (!isTrusted(endpoint)) {
      egress.require(settings.field(BASE_URL), endpoint);
    }
  }

  /**
   * The URL of a path below a server's base URL. A path that begins with {@code v1/} has it once
   * where the base URL ends with it, too.
   */
  static String below(URI endpoint, String path) {
    String base = endpoint.toString();
    String folder = base.endsWith("/") ? base : base + "/";
    return folder
        + (folder.endsWith("/" + VERSION) && path.startsWith(VERSION)
            ? path.substring(VERSION.length())
            : path);
  }

  /** Whether a task's endpoint is the one that it would have without naming one. */
  public boolean isConfigured(ModelSettings settings) {
    return settings.baseUrl() != null
        && same(runners.of(settings).configuredEndpoint(), of(settings));
  }

  /** Whether two endpoints are of one server: scheme, host and port are the same. */
  public static boolean areOfOneServer(URI a, URI b) {
    return SecretServer.of(a).equals(SecretServer.of(b));
  }

  /** Whether the operator declared that this endpoint needs no key. */
  public boolean isKeyless(URI endpoint) {
    return config.endpoints().values().stream()
        .anyMatch(known -> known.keyless() && same(known.url(), endpoint));
  }

  /** Whether the operator configured this endpoint, so that the egress rules do not apply to it. */
  boolean isTrusted(URI endpoint) {
    return runners.ports().stream().anyMatch(port -> same(port.configuredEndpoint(), endpoint))
        || config.endpoints().values().stream().anyMatch(known -> same(known.url(), endpoint));
  }

  private static boolean same(URI a, URI b) {
    return stripped(a).equalsIgnoreCase(stripped(b));
  }

  private static String stripped(URI uri) {
    String text = uri.toString();
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }
}
