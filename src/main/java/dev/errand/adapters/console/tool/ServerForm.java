package dev.errand.adapters.console.tool;

import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.base.error.ApiException;
import dev.errand.tools.install.InstallationRequest;
import dev.errand.tools.install.InstallationView;
import dev.errand.tools.mcp.McpView;
import dev.errand.tools.mcp.OnChange;
import dev.errand.tools.mcp.RemoteServerRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Fills the form of a remote server, and reads the request from it. */
final class ServerForm {
  private static final List<String> NONE_ADDED = List.of("", "");

  private ServerForm() {}

  /** The form that installs a server. */
  static ServerFormView empty(PageRequest page) {
    String home = page.home();
    return new ServerFormView(
        true,
        home + "/install-server",
        home + "/tools",
        null,
        "",
        "",
        "none",
        List.of(),
        NONE_ADDED,
        "",
        false,
        "",
        OnChange.HOLD.code());
  }

  /** The form of a server as it is. */
  static ServerFormView of(PageRequest page, InstallationView installation, McpView server) {
    String address = PagePaths.tool(page.home(), installation.name());
    McpView.OAuth oauth = server.oauth();
    return new ServerFormView(
        false,
        address + "/edit-server",
        address,
        null,
        installation.name(),
        String.valueOf(server.url()),
        server.auth(),
        List.copyOf(server.headers().keySet()),
        NONE_ADDED,
        oauth == null ? "" : Objects.requireNonNullElse(oauth.clientId(), ""),
        oauth != null && oauth.clientSecret() != null,
        oauth == null ? "" : Objects.requireNonNullElse(oauth.scope(), ""),
        String.valueOf(installation.settings().onChange()));
  }

  /** The form as it was sent, with what is wrong with it. Secrets are not sent back. */
  static ServerFormView refused(ServerFormView form, SentForm sent, String message) {
    return new ServerFormView(
        form.isNew(),
        form.action(),
        form.back(),
        message,
        sent.text("name"),
        sent.text("url"),
        sent.text("auth"),
        form.headers(),
        sent.numbered("name", NONE_ADDED.size()),
        sent.text("client_id"),
        form.hasSecret(),
        sent.text("scope"),
        sent.text("on_change"));
  }

  /** The request that installs the server of the form. */
  static InstallationRequest installation(SentForm sent) {
    String auth = sent.text("auth");
    return request(
        sent,
        new RemoteServerRequest(
            sent.text("url"),
            auth.equals("headers") ? headers(List.of(), sent) : null,
            auth,
            auth.equals("oauth") ? oauth(sent) : null));
  }

  /** The request that changes a server as the form says. */
  static InstallationRequest changes(ServerFormView form, SentForm sent) {
    String auth = sent.text("auth");
    Map<String, @Nullable String> headers = new TreeMap<>();
    if (auth.equals("headers")) {
      headers.putAll(headers(form.headers(), sent));
    } else {
      form.headers().forEach(name -> headers.put(name, null));
    }
    boolean isSame =
        sent.text("url").equals(form.url()) && auth.equals(form.auth()) && headers.isEmpty();
    RemoteServerRequest.@Nullable OAuth oauth =
        auth.equals("oauth") && !(isSame && isSameClient(form, sent)) ? oauth(sent) : null;
    // The server is only called again if one of its settings has changed.
    return request(
        sent,
        isSame && oauth == null
            ? null
            : new RemoteServerRequest(
                sent.text("url"), headers.isEmpty() ? null : headers, auth, oauth));
  }

  private static boolean isSameClient(ServerFormView form, SentForm sent) {
    return sent.text("client_id").equals(form.clientId())
        && sent.text("client_secret").isEmpty()
        && sent.text("scope").equals(form.scope());
  }

  private static RemoteServerRequest.OAuth oauth(SentForm sent) {
    String secret = sent.text("client_secret");
    return new RemoteServerRequest.OAuth(
        sent.text("client_id"), secret.isEmpty() ? null : secret, sent.text("scope"));
  }

  private static InstallationRequest request(SentForm sent, @Nullable RemoteServerRequest server) {
    return new InstallationRequest(
        null,
        sent.text("name"),
        null,
        null,
        null,
        new InstallationRequest.Settings(null, null, null, null, sent.text("on_change")),
        server);
  }

  /** The given header fields, and those to be removed with null. */
  private static Map<String, @Nullable String> headers(List<String> known, SentForm sent) {
    Map<String, @Nullable String> headers = new LinkedHashMap<>();
    for (String name : known) {
      String value = sent.text("h." + name);
      if (sent.has("r." + name)) {
        headers.put(name, null);
      } else if (!value.isEmpty()) {
        headers.put(name, value);
      }
    }
    for (int i = 1; i <= NONE_ADDED.size(); i++) {
      String name = sent.text("name" + i);
      String value = sent.text("value" + i);
      if (!name.isEmpty() && !value.isEmpty()) {
        headers.put(name, value);
      } else if (!name.isEmpty() || !value.isEmpty()) {
        throw ApiException.invalid(
            "A header field", "must have both a name and a value: fill in both, or neither");
      }
    }
    return headers;
  }
}
