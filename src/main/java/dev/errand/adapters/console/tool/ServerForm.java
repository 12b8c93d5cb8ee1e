package dev.errand.adapters.console.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.adapters.console.page.SentForm;
import dev.errand.adapters.console.page.Texts;
import dev.errand.base.error.ApiException;
import dev.errand.tools.install.InstallationRequest;
import dev.errand.tools.install.InstallationView;
import dev.errand.tools.mcp.McpView;
import dev.errand.tools.mcp.OnChange;
import dev.errand.tools.mcp.RemoteServerRequest;
import dev.errand.tools.port.ApprovalRules;
import io.quarkus.qute.TemplateInstance;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The form that installs or changes a remote server.
 *
 * @param installed the server as it is; null for one to be installed
 * @param fields its fields, of which secrets are not shown
 * @param message why it was refused; null where it was not
 */
public record ServerForm(
    @Nullable InstallationView installed, SentForm fields, @Nullable String message)
    implements InstallationForm {
  private static final String OAUTH = "oauth";
  private static final String HEADERS = "headers";
  private static final String APPROVALS = "approvals";

  /** The form that installs a server. */
  static ServerForm empty() {
    return new ServerForm(
        null,
        SentForm.of(
            Map.of(
                "auth",
                "none",
                "on_change",
                OnChange.HOLD.code(),
                APPROVALS,
                InstallationRequest.PROPOSED)),
        null);
  }

  /** The form of a server as it is. */
  static ServerForm of(InstallationView installed, McpView server) {
    Map<String, String> fields = new HashMap<>();
    fields.put("name", installed.name());
    fields.put("url", String.valueOf(server.url()));
    fields.put("auth", server.auth());
    fields.put("on_change", String.valueOf(installed.settings().onChange()));
    McpView.OAuth oauth = server.oauth();
    if (oauth != null) {
      fields.put("client_id", Objects.requireNonNullElse(oauth.clientId(), ""));
      fields.put("scope", Objects.requireNonNullElse(oauth.scope(), ""));
    }
    return new ServerForm(installed, SentForm.of(fields), null);
  }

  @Override
  public ServerForm refused(SentForm sent, ApiException refusal) {
    return new ServerForm(installed, sent, Refusal.of(refusal, sent));
  }

  private @Nullable McpView server() {
    return installed == null ? null : installed.mcp();
  }

  /** The names of header fields that it has, whose values are never shown. */
  public List<String> headers() {
    McpView server = server();
    return server == null ? List.of() : List.copyOf(server.headers().keySet());
  }

  /** Whether the client that was registered by hand has a secret, which is never shown. */
  public boolean hasSecret() {
    McpView server = server();
    return server != null && server.oauth() != null && server.oauth().clientSecret() != null;
  }

  @Override
  public TemplateInstance template() {
    return ToolTemplates.serverForm(this);
  }

  @Override
  public InstallationRequest request(SentForm sent) {
    return installed == null ? installation(sent) : changes(sent);
  }

  private static InstallationRequest installation(SentForm sent) {
    String auth = sent.text("auth");
    return request(
        sent,
        new RemoteServerRequest(
            sent.text("url"),
            auth.equals(HEADERS) ? headers(List.of(), sent) : null,
            auth,
            auth.equals(OAUTH) ? oauth(sent) : null),
        // Nobody has seen its tools yet.
        List.of(),
        approvals(sent.text(APPROVALS)));
  }

  private InstallationRequest changes(SentForm sent) {
    String auth = sent.text("auth");
    Map<String, @Nullable String> headers = new TreeMap<>();
    if (auth.equals(HEADERS)) {
      headers.putAll(headers(headers(), sent));
    } else {
      headers().forEach(name -> headers.put(name, null));
    }
    boolean isSame = isSame("url", sent) && isSame("auth", sent) && headers.isEmpty();
    boolean isSameClient =
        isSame("client_id", sent) && sent.text("client_secret").isEmpty() && isSame("scope", sent);
    RemoteServerRequest.@Nullable OAuth oauth =
        auth.equals(OAUTH) && !(isSame && isSameClient) ? oauth(sent) : null;
    // The server is only called again if one of its settings has changed.
    return request(
        sent,
        isSame && oauth == null
            ? null
            : new RemoteServerRequest(
                sent.text("url"), headers.isEmpty() ? null : headers, auth, oauth),
        null,
        null);
  }

  private boolean isSame(String field, SentForm sent) {
    return sent.text(field).equals(fields.text(field));
  }

  private static RemoteServerRequest.OAuth oauth(SentForm sent) {
    return new RemoteServerRequest.OAuth(
        sent.text("client_id"), Texts.givenOrNull(sent.text("client_secret")), sent.text("scope"));
  }

  // Its tools are not known before it is installed.
  private static @Nullable JsonNode approvals(String chosen) {
    if (chosen.isEmpty()) {
      return null;
    }
    return chosen.equals(InstallationRequest.PROPOSED)
        ? TextNode.valueOf(chosen)
        : JsonNodeFactory.instance.objectNode().put(ApprovalRules.OTHERS, chosen);
  }

  private static InstallationRequest request(
      SentForm sent,
      @Nullable RemoteServerRequest server,
      @Nullable List<@Nullable String> enabled,
      @Nullable JsonNode approvals) {
    return new InstallationRequest(
        null,
        sent.text("name"),
        null,
        null,
        enabled,
        null,
        approvals,
        new InstallationRequest.Settings(null, null, null, null, sent.text("on_change")),
        server);
  }

  private static Map<String, @Nullable String> headers(List<String> known, SentForm sent) {
    return sent.changes("h.", known, "name", "A header field", sent::text);
  }
}
