package dev.errand.models.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.base.egress.address.EgressRefusedException;
import dev.errand.base.egress.client.GuardedConnections;
import dev.errand.base.egress.client.GuardedExchange;
import dev.errand.base.egress.client.UntrustedCertificateException;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import dev.errand.base.json.Durations;
import dev.errand.base.limit.BudgetExhaustedException;
import dev.errand.base.limit.ByteBudget;
import dev.errand.models.port.ModelConfig;
import dev.errand.models.port.ModelPort;
import dev.errand.models.port.ModelPort.ListedModel;
import dev.errand.models.port.ModelSettings;
import dev.errand.models.port.Runners;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Requests the list of models from a models' server, to check whether server, key and model are
 * right.
 */
@ApplicationScoped
public class ModelCatalog {
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final Duration SHORT_PATIENCE = Duration.ofSeconds(2);
  private static final long LARGEST = 4L * 1024 * 1024;
  private static final int LONGEST_NAME = 256;

  private final GuardedConnections connections;
  private final ByteBudget memory;
  private final AnswerReader reader;
  private final ModelEndpoints endpoints;
  private final ModelConfig config;
  private final Runners runners;
  private final ListedModels listed;

  ModelCatalog(
      GuardedConnections connections,
      ByteBudget memory,
      AnswerReader reader,
      ModelEndpoints endpoints,
      ModelConfig config,
      Runners runners,
      ListedModels listed) {
    this.connections = connections;
    this.memory = memory;
    this.reader = reader;
    this.endpoints = endpoints;
    this.config = config;
    this.runners = runners;
    this.listed = listed;
  }

  /** The result. Its message has no part of the key. */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ApiSchema("ProviderCheck")
  public record Listing(
      @Field("Whether the server accepted the key and listed models.") boolean ok,
      @Field("A sentence.") String message,
      @Field("The first 100 models, in the order of the server.") List<String> models,
      @Field("Whether the model of the provider is among all that the server lists.")
          boolean hasModel,
      @Field("What the server says of the model of the provider; absent if it does not list it.")
          @Nullable ListedModel model) {
    /** The result where no models are listed. */
    public static Listing failed(String message) {
      return new Listing(false, message, List.of(), false, null);
    }
  }

  /**
   * Requests the list of models. It takes 15 s at most.
   *
   * @param key the key; empty where the server needs none
   */
  public Listing ask(ModelSettings settings, String key, int most) throws InterruptedException {
    return ask(settings, key, most, PATIENCE);
  }

  /** Requests the list for {@link ListedModels}, within 2 s. What fails is not asked again soon. */
  public void learn(ModelSettings settings, String key) {
    listed.keepFailure(settings, key);
    try {
      var _ = ask(settings, key, 0, SHORT_PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Listing ask(ModelSettings settings, String key, int most, Duration patience)
      throws InterruptedException {
    ModelPort<?> port = runners.of(settings);
    URI endpoint = endpoints.of(settings);
    String host = endpoint.getRawAuthority();
    long until = System.nanoTime() + patience.toNanos();
    try (AnswerBudget budget = new AnswerBudget(memory, host, LARGEST, until);
        GuardedExchange exchange = connections.connect(request(endpoint, port, key, patience))) {
      int status = exchange.send().status();
      return status == 200
          ? listing(settings, host, key, port.catalog(reader.whole(exchange, budget)), most)
          : Listing.failed(
              refusal(settings, host, key, status, said(reader.whole(exchange, budget), key)));
    } catch (SocketTimeoutException e) {
      return Listing.failed(host + " did not answer within " + Durations.words(patience) + ".");
    } catch (EgressRefusedException e) {
      return Listing.failed(
          host
              + " was not asked"
              + (e.reason() == EgressRefusedException.Reason.REQUEST ? ". " : ": ")
              + e.sentence("it"));
    } catch (ModelAnswerTooLargeException e) {
      return Listing.failed(
          host + " lists so many models that the list was not read; the key was not refused.");
    } catch (BudgetExhaustedException e) {
      return Listing.failed("The list of " + host + " was not read. " + e.getMessage() + ".");
    } catch (UntrustedCertificateException e) {
      return Listing.failed(ModelClient.untrusted(e, settings.field("base_url")));
    } catch (IOException e) {
      return Listing.failed(ModelClient.unreachable(host, settings));
    }
  }

  private GuardedConnections.Request request(
      URI endpoint, ModelPort<?> port, String key, Duration patience) {
    Map<String, String> headers = new HashMap<>(port.headers(key));
    headers.put("accept", "application/json");
    Duration connect = Collections.min(List.of(config.connectTimeout(), patience));
    return new GuardedConnections.Request(
        "GET",
        ModelEndpoints.below(endpoint, port.catalogPath()),
        headers,
        new byte[0],
        patience,
        connect,
        endpoints.isTrusted(endpoint));
  }

  // Any text from a server may contain the key, so only the names of models are shown.
  private Listing listing(
      ModelSettings settings,
      String host,
      String key,
      Optional<List<ListedModel>> answer,
      int most) {
    if (answer.isEmpty()) {
      return Listing.failed(
          "%s did not answer with a list of models: does %s have the right path, such as /v1?"
              .formatted(host, settings.field("base_url")));
    }
    List<ListedModel> named =
        answer.get().stream().filter(model -> isName(model.id(), key)).toList();
    listed.keep(settings, key, named);
    List<String> models = new ArrayList<>();
    ListedModel wanted = null;
    for (ListedModel model : named) {
      if (model.id().equals(settings.model())) {
        wanted = model;
      }
      if (models.size() < most) {
        models.add(model.id());
      }
    }
    String accepted = key.isEmpty() ? host + " answers" : host + " accepts the key";
    String message =
        wanted == null
            ? "%s, but the model %s is not among the %s that it lists: check %s."
                .formatted(accepted, settings.model(), named.size(), settings.field("model"))
            : accepted + " and has the model " + settings.model() + "." + tooLong(settings, wanted);
    return new Listing(true, message, models, wanted != null, wanted);
  }

  private static boolean isName(String id, String key) {
    return !id.isEmpty() && id.length() <= LONGEST_NAME && (key.isEmpty() || !id.contains(key));
  }

  private static String tooLong(ModelSettings settings, ListedModel model) {
    Integer wanted = settings.answerLength();
    Long most = model.maxOutputTokens();
    return wanted == null || most == null || wanted <= most
        ? ""
        : " It writes at most %s tokens: %s is %s, set it lower."
            .formatted(most, settings.answerLengthField(), wanted);
  }

  // The vendors' errors have their message in the same place.
  private static String said(JsonNode body, String key) {
    String said = VendorWords.of(body.at("/error/message").asText(""), key);
    return said.isEmpty() ? "" : " It said: " + said;
  }

  private static String refusal(
      ModelSettings settings, String host, String key, int status, String said) {
    return switch (status) {
      case 401, 403 ->
          key.isEmpty()
              ? host + " requires a key (status " + status + "): put one in settings.key." + said
              : status == 401 || said.isEmpty()
                  ? "%s rejects the key (status %s): put a valid one in settings.key.%s"
                      .formatted(host, status, said)
                  : "%s refuses the key (status 403): mend what it names, or put another one in settings.key.%s"
                      .formatted(host, said);
      case 404, 405, 501 ->
          ("%s has no list of models there (status %s), so that the key was not checked: is"
                  + " %s right? A server without such a list can still answer runs.")
              .formatted(host, status, settings.field("base_url"));
      case 429 -> host + " limits the rate of requests with this key (status 429): check later.";
      default ->
          status >= 500
              ? host + " failed (status " + status + "): check later."
              : "%s answered with status %s where a list of models was expected: is %s right?"
                  .formatted(host, status, settings.field("base_url"));
    };
  }
}
