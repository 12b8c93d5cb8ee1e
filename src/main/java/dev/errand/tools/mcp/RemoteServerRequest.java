package dev.errand.tools.mcp;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.DeclaredFields;
import dev.errand.base.field.Field;
import dev.errand.base.json.CheckedRequest;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The part of a request that names a remote server; null keeps the present value.
 *
 * @param auth by default it follows from the other fields
 */
@RegisterForReflection
@ApiSchema(answer = McpView.class)
public record RemoteServerRequest(
    @Field("Its address, by Streamable HTTP. Required in a POST.") @Nullable String url,
    @Field(
            "Header fields of each request to it, stored sealed. The value `set` keeps the stored"
                + " value; null removes it.")
        @Nullable Map<String, @Nullable String> headers,
    @Field(
            values = {
              RemoteServerRequest.NONE,
              RemoteServerRequest.HEADERS,
              RemoteServerRequest.OAUTH
            })
        @Nullable String auth,
    @Field(
            "How a person connects it, with `\"auth\": \"oauth\"`. Null keeps the settings; a change"
                + " deletes the tokens.")
        @Nullable OAuth oauth)
    implements CheckedRequest {
  /** Without credentials. */
  static final String NONE = "none";

  /** With header fields of the user's. */
  static final String HEADERS = "headers";

  /** With tokens that a person gets by connecting the server. */
  static final String OAUTH = "oauth";

  /** Stands for a secret in answers. A request that sends it back keeps the value. */
  static final String SET = "set";

  private static final int LONGEST_URL = 2048;
  private static final int MOST_HEADERS = 20;
  private static final int LONGEST_VALUE = 8192;
  private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}");
  private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e]+");
  private static final Set<String> OURS =
      Set.of(
          "accept",
          "accept-encoding",
          "connection",
          "content-length",
          "content-type",
          "cookie2",
          "host",
          "last-event-id",
          "transfer-encoding");

  /** How a person connects a server; null keeps the present value. */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.ALWAYS)
  @ApiSchema(answer = McpView.OAuth.class)
  public record OAuth(
      @Field(
              "A client that was registered by hand at the server's authorization server, with the"
                  + " redirect address that `redirect_url` shows; empty for none.")
          @Nullable String clientId,
      @Field(
              value = "Its secret, stored sealed. The value `set` keeps the stored value.",
              secret = true)
          @Nullable String clientSecret,
      @Field("The scopes to request; empty for those that the server names.")
          @Nullable String scope) {
    /** Without the secret. */
    @Override
    public String toString() {
      return "OAuth[" + clientId + "]";
    }
  }

  /** Checks what it says itself; an address may be missing where a server has one. */
  @Override
  public void check() {
    InvalidFields wrong = new InvalidFields();
    DeclaredFields.check("mcp", this, DeclaredFields.of(RemoteServerRequest.class).all(), wrong);
    if (url != null) {
      wrong.add(this::checkedUrl);
    }
    wrong.add(this::checkedHeaders);
    wrong.refuse();
  }

  /** Counts the header fields, whose values are secret. */
  @Override
  public String toString() {
    return "RemoteServerRequest[" + (headers == null ? 0 : headers.size()) + " header fields]";
  }

  /** The paths of the header fields whose values it sets, for the audit. */
  @JsonIgnore
  public String[] changedSecrets() {
    Stream<String> ofHeaders =
        headers == null
            ? Stream.of()
            : headers.entrySet().stream()
                .filter(header -> !SET.equals(header.getValue()))
                .map(header -> "mcp.headers." + header.getKey());
    boolean hasSecret =
        oauth != null && oauth.clientSecret() != null && !SET.equals(oauth.clientSecret());
    return Stream.concat(ofHeaders, hasSecret ? Stream.of("mcp.oauth.client_secret") : Stream.of())
        .toArray(String[]::new);
  }

  /** The address; only its length is checked here, the rest when it is called. */
  @JsonIgnore
  String checkedUrl() {
    if (url == null || url.isBlank()) {
      throw ApiException.invalid("mcp.url", "is required: the address of the MCP server");
    }
    if (url.length() > LONGEST_URL) {
      throw ApiException.invalid("mcp.url", "may have at most " + LONGEST_URL + " characters");
    }
    return url;
  }

  /** The header fields by name, with {@value #SET} for values to be kept. */
  @JsonIgnore
  Map<String, String> checkedHeaders() {
    Map<String, String> checked = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    if (headers == null) {
      return checked;
    }
    if (headers.size() > MOST_HEADERS) {
      throw ApiException.invalid("mcp.headers", "may have at most " + MOST_HEADERS + " fields");
    }
    InvalidFields wrong = new InvalidFields();
    headers.forEach(
        (name, value) -> {
          String field = "mcp.headers." + name;
          String lower = name.toLowerCase(Locale.ROOT);
          if (!NAME.matcher(name).matches()) {
            wrong.add(ApiException.invalid("mcp.headers", "has an invalid name of a header field"));
            return;
          }
          if (OURS.contains(lower) || lower.startsWith("mcp-") || lower.startsWith("proxy-")) {
            wrong.add(ApiException.invalid(field, "is set by the protocol and can't be changed"));
          }
          if (value == null) {
            return;
          }
          if (!VALUE.matcher(value).matches() || value.length() > LONGEST_VALUE) {
            wrong.add(
                ApiException.invalid(
                    field, "must be 1 to " + LONGEST_VALUE + " visible ASCII characters"));
          }
          if (checked.put(name, value) != null) {
            wrong.add(ApiException.invalid(field, "is given twice"));
          }
        });
    wrong.refuse();
    return checked;
  }

  /**
   * How calls to the server are authenticated.
   *
   * @param present the present way, which is kept where the request names none
   */
  @JsonIgnore
  String checkedAuth(boolean hasHeaders, String present) {
    String wanted = auth;
    if (wanted == null) {
      wanted = hasHeaders ? HEADERS : oauth != null || present.equals(OAUTH) ? OAUTH : NONE;
    }
    if (wanted.equals(HEADERS) != hasHeaders) {
      throw hasHeaders
          ? ApiException.invalid("mcp.auth", "must be \"headers\" if there are header fields")
          : ApiException.invalid("mcp.headers", "is required with \"auth\": \"headers\"");
    }
    if (oauth != null && !wanted.equals(OAUTH)) {
      throw ApiException.invalid("mcp.oauth", "is only for \"auth\": \"oauth\"");
    }
    return wanted;
  }

  /** A text of the settings of OAuth, checked; null where it is not given, or empty. */
  static @Nullable String checkedText(String field, @Nullable String text) {
    if (text == null || text.isEmpty()) {
      return null;
    }
    if (!VALUE.matcher(text).matches() || text.length() > LONGEST_URL) {
      throw ApiException.invalid(
          "mcp.oauth." + field, "must be 1 to " + LONGEST_URL + " visible ASCII characters");
    }
    return text;
  }
}
