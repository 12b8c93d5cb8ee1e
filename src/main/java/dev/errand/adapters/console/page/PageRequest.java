package dev.errand.adapters.console.page;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.Tagged;
import dev.errand.base.turn.WorkOwner;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Scope;
import dev.errand.identity.page.PageFrame;
import dev.errand.identity.page.SignedInUser;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import io.quarkus.arc.Unremovable;
import io.quarkus.qute.TemplateInstance;
import jakarta.enterprise.context.Dependent;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jboss.resteasy.reactive.server.ExceptionUnwrapStrategy;
import org.jboss.resteasy.reactive.server.UnwrapException;
import org.jboss.resteasy.reactive.server.core.CurrentRequestManager;
import org.jboss.resteasy.reactive.server.core.multipart.FormData;
import org.jboss.resteasy.reactive.server.multipart.FormValue;
import org.jspecify.annotations.Nullable;

/**
 * A request for a page of a profile, or one that sends a form of such a page: the first parameter
 * of each operation below a profile. It is created only if a user is signed in who may see the
 * profile, and a form has the ticket that the console made for this user.
 *
 * <p>An operation takes any form, also multipart, of up to {@code errand.http.max-body-size}; the
 * one that publishes a servlet takes a larger form.
 */
// The framework looks it up by its class.
@Unremovable
@Dependent
public class PageRequest {
  private static final int MOST_WAITING = 100;
  private static final String SEEN = "seen";

  /** Because of this field, the framework reads the form before it creates the request. */
  @RestForm @Nullable String ticket;

  private final Console console;
  private final UriInfo uri;
  private final SentForm form;
  private final SignedInUser.UserSession user;
  private final ProfileAccess.Seen seen;
  // The tag that the form was sent with, and that of the present thing.
  private String expected;
  private String present = "";
  private boolean hasPlots;
  private @Nullable String waiting;

  /**
   * Checks the request.
   *
   * @throws ApiException {@link ErrorCode#UNAUTHENTICATED} where nobody is signed in, {@link
   *     ErrorCode#FORBIDDEN} where the form was not made by this service for this session, or too
   *     long ago, or {@link ErrorCode#PROFILE_NOT_FOUND}
   */
  PageRequest(Console console, UriInfo uri) {
    this.console = console;
    this.uri = uri;
    MultivaluedMap<String, String> sent = sent();
    List<String> tickets = sent.remove("ticket");
    List<String> tags = sent.remove(SEEN);
    this.expected = tags == null ? "" : tags.getFirst();
    console.expect(expected);
    this.form = new SentForm(sent);
    MultivaluedMap<String, String> path = uri.getPathParameters();
    try {
      this.user = console.user(tickets == null ? null : tickets.getFirst());
      this.seen =
          console.profile(
              user.caller(), new ProfileSlug(path.getFirst("user"), path.getFirst("profile")));
    } catch (RuntimeException e) {
      throw new Refused(e);
    }
  }

  /**
   * Why there is no request. The framework answers 400 to any other kind of exception in a
   * parameter, and its cause to this one.
   */
  @UnwrapException(value = PageRequest.Refused.class, strategy = ExceptionUnwrapStrategy.ALWAYS)
  static final class Refused extends WebApplicationException {
    private static final long serialVersionUID = 1L;

    Refused(RuntimeException cause) {
      super(cause);
    }
  }

  private static MultivaluedMap<String, String> sent() {
    MultivaluedMap<String, String> fields = new MultivaluedHashMap<>();
    FormData sent = CurrentRequestManager.get().getFormData();
    if (sent != null) {
      for (String name : sent) {
        for (FormValue value : sent.get(name)) {
          if (!value.isFileItem()) {
            fields.add(name, value.getValue());
          }
        }
      }
    }
    return fields;
  }

  /** The user. */
  public Caller caller() {
    return user.caller();
  }

  /** The profile, with its owner's name. */
  public ProfileSlug profile() {
    return seen.profile().slug();
  }

  /** The owner of what is computed for the page. */
  public WorkOwner owner() {
    return WorkOwner.of(caller().username(), seen.profile().id());
  }

  /** When the profile was paused; null while it is not. */
  public @Nullable Instant pausedAt() {
    return seen.profile().pausedAt();
  }

  /** The path of the service, for links; empty at the root of its host. */
  public String base() {
    return console.base();
  }

  /** The address of the console, which leads to one of the user's profiles. */
  public String root() {
    return base() + "/" + Console.PATH;
  }

  /** The address of the profile's home, below which its pages are. */
  public String home() {
    return root() + "/" + profile();
  }

  /** The address of the service, for links from outside. */
  public URI service() {
    return uri.getBaseUri();
  }

  /** Whether the user may start, cancel and retry runs here. */
  public boolean mayRun() {
    return may(Right.RUN);
  }

  /** Whether the user may decide about tool calls here. */
  public boolean mayApprove() {
    return may(Right.APPROVE);
  }

  /** Whether the user may change tasks here. */
  public boolean mayEdit() {
    return may(Right.EDIT);
  }

  /** Whether the user may share the profile. */
  public boolean mayOwn() {
    return may(Right.OWN);
  }

  private boolean may(Right right) {
    return right.isOf(caller(), seen.role());
  }

  /** Whether the user may manage the service. */
  public boolean isAdmin() {
    return caller().rights().scopes().contains(Scope.ADMIN);
  }

  /**
   * Checks that the user is an admin. The services check it as well; this check comes before a form
   * is shown.
   *
   * @throws ApiException {@link ErrorCode#SCOPE_MISSING}
   */
  public void requireAdmin() {
    if (!isAdmin()) {
      throw new ApiException(
          ErrorCode.SCOPE_MISSING, "This page is for users with the role `admin`.");
    }
  }

  /**
   * Checks that the user may change what is in the profile. The services check it as well; this
   * check comes before a form is shown.
   *
   * @param things what is to be changed, such as {@code Tasks}
   * @throws ApiException {@link ErrorCode#ROLE_MISSING}
   */
  public void requireEditor(String things) {
    if (!mayEdit()) {
      throw new ApiException(
          ErrorCode.ROLE_MISSING,
          "%s of %s can only be changed by its editors: ask an owner of the profile for that role."
              .formatted(things, profile()));
    }
  }

  /**
   * Checks that the user owns the profile. The services check it as well; this check comes before a
   * form is shown.
   *
   * @param things what is to be changed, such as {@code Budgets}
   * @throws ApiException {@link ErrorCode#ROLE_MISSING}
   */
  public void requireOwner(String things) {
    if (!mayOwn()) {
      throw new ApiException(
          ErrorCode.ROLE_MISSING,
          "%s of %s can only be changed by its owners: ask one of them."
              .formatted(things, profile()));
    }
  }

  /**
   * Checks that the user may decide about tool calls. The service checks it as well; this check
   * comes before a form is read.
   *
   * @throws ApiException {@link ErrorCode#ROLE_MISSING}
   */
  public void requireApprover() {
    if (!mayApprove()) {
      throw new ApiException(
          ErrorCode.ROLE_MISSING,
          "Only editors of %s decide about tool calls: ask an owner of the profile for that role."
              .formatted(profile()));
    }
  }

  /** The parameters of the query, which are the fields of a form that only reads. */
  public SentForm query() {
    return new SentForm(uri.getQueryParameters());
  }

  /** The text fields of the form that was sent, without the ticket. */
  public SentForm form() {
    return form;
  }

  /** How many tool calls wait for a person here; empty for none. */
  public String waiting() {
    if (waiting == null) {
      int count = console.waiting(caller(), profile(), MOST_WAITING);
      waiting = count == 0 ? "" : count < MOST_WAITING ? Integer.toString(count) : "99+";
    }
    return waiting;
  }

  /**
   * Says what the forms of the page change, so that they change it only as it is now. A form that
   * is shown again still expects what it was first made from, unless it has been refused for that.
   */
  public <T extends Tagged> T showing(T thing) {
    present = thing.tag();
    return thing;
  }

  /** The same once the request has changed the thing. */
  public <T extends Tagged> T changed(T thing) {
    expected = "";
    return showing(thing);
  }

  /** Whether the browser takes only a part of the page that answers, to refresh it. */
  public boolean isPart() {
    return console.isPart();
  }

  /** Lets the page that answers draw plots. */
  public void addPlots() {
    hasPlots = true;
  }

  /**
   * The page that answers.
   *
   * @param current the part of the navigation that the page belongs to
   * @param content the template, which gets the {@link ConsoleLayout} as {@code layout}
   */
  public RestResponse<String> answer(String current, TemplateInstance content) {
    return answer(RestResponse.StatusCode.OK, current, content);
  }

  /**
   * The page that answers, with another HTTP status.
   *
   * @param current the part of the navigation that the page belongs to
   */
  public RestResponse<String> answer(int status, String current, TemplateInstance content) {
    PageFrame frame = console.frame(hasPlots);
    ConsoleLayout layout =
        new ConsoleLayout(
            frame,
            caller().username(),
            profile().toString(),
            home(),
            current,
            // The part that a browser takes has no navigation.
            isPart() ? "" : waiting(),
            console.ticket(user),
            expected.isEmpty() || status == ErrorCode.CHANGED_MEANWHILE.status()
                ? present
                : expected,
            mayRun(),
            mayApprove(),
            mayEdit(),
            mayOwn(),
            isAdmin());
    return console.answer(status, frame, content.data("layout", layout));
  }

  /**
   * Redirects the browser after a form.
   *
   * @param address the address of a page of the console
   */
  public RestResponse<String> redirect(String address) {
    return console.redirect(address, uri);
  }

  /** A file instead of a page: a browser shows or saves it, and runs no scripts in it. */
  public static RestResponse<byte[]> file(String type, byte[] content) {
    return file(type, content, null);
  }

  /** The same of content that is written in parts. */
  public static RestResponse<StreamingOutput> file(String type, StreamingOutput content) {
    return file(type, content, null);
  }

  /**
   * The same of other content.
   *
   * @param disposition the header field by which a browser saves it; null to show it
   */
  public static <T> RestResponse<T> file(String type, T content, @Nullable String disposition) {
    return ResponseBuilder.<T>create(RestResponse.StatusCode.OK)
        .entity(content)
        .header(HttpHeaders.CONTENT_TYPE, type)
        .header(HttpHeaders.CONTENT_DISPOSITION, disposition)
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .header("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
        .header("X-Content-Type-Options", "nosniff")
        .build();
  }
}
