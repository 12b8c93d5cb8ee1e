package dev.errand.identity.page;

import dev.errand.base.error.ApiException;
import dev.errand.identity.signin.SignInDevice;
import dev.errand.identity.user.SetUpRequest;
import dev.errand.identity.user.SetUpService;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jspecify.annotations.Nullable;

/** The page on which the first person chooses a name and a password. */
@Path("/set-up")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class SetUpPageResource {
  /** Where the page is, relative to the base of the service. */
  public static final String PATH = "set-up";

  /** The parameter with the code of the link. */
  public static final String CODE = "code";

  /** The system property with the data folder, where the embedded database is in it. */
  public static final String DATA = "errand.start.data";

  /** The system property with the file of the master key, where it was generated. */
  public static final String KEY = "errand.start.key";

  private final SetUpService setUp;
  private final SignInPage signIn;
  private final HtmlPages pages;
  private final CurrentVertxRequest http;

  SetUpPageResource(
      SetUpService setUp, SignInPage signIn, HtmlPages pages, CurrentVertxRequest http) {
    this.setUp = setUp;
    this.signIn = signIn;
    this.pages = pages;
    this.http = http;
  }

  /**
   * The data of the page.
   *
   * @param message a sentence, such as why a password was refused; null for none
   * @param code that of the link; null where it does not work, and then there is no form
   * @param data the folder of the embedded database; null with another database
   * @param key the file of the generated master key; null where the key is a setting
   */
  record SetUpView(
      @Nullable String message,
      @Nullable String code,
      String username,
      @Nullable String data,
      @Nullable String key) {}

  @CheckedTemplate(basePath = "page")
  static final class Templates {
    private Templates() {}

    static native TemplateInstance setUp(SetUpView view, PageFrame frame);
  }

  /** Shows the form, or says why the link does not work. */
  @GET
  public RestResponse<String> get(@RestQuery(CODE) @DefaultValue("") String code) {
    try {
      setUp.check(code);
    } catch (ApiException e) {
      return refused(e, null, "");
    }
    return answer(200, null, code, "").build();
  }

  /** Makes the person, and signs them in. */
  @POST
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> set(
      @RestForm(CODE) @DefaultValue("") String code,
      @RestForm @DefaultValue("") String username,
      @RestForm @DefaultValue("") String password,
      @RestForm @DefaultValue("") String again,
      @Context UriInfo uri) {
    try {
      setUp.check(code);
    } catch (ApiException e) {
      return refused(e, null, "");
    }
    try {
      if (!password.equals(again)) {
        throw ApiException.invalid("again", "the two passwords differ");
      }
      SignInDevice device = SignInDevice.of(http.getCurrent().request());
      return signIn.signedIn(
          setUp.use(code, new SetUpRequest(username, password), device), Optional.empty(), uri);
    } catch (ApiException e) {
      return refused(e, code, username);
    }
  }

  private RestResponse<String> refused(ApiException why, @Nullable String code, String username) {
    ResponseBuilder<String> answer = answer(why.code().status(), why.getMessage(), code, username);
    why.headers().forEach(answer::header);
    return answer.build();
  }

  private ResponseBuilder<String> answer(
      int status, @Nullable String message, @Nullable String code, String username) {
    PageFrame frame = pages.frame();
    SetUpView view =
        new SetUpView(message, code, username, System.getProperty(DATA), System.getProperty(KEY));
    return pages
        .answer(status, frame, Templates.setUp(view, frame).render())
        // The address contains the code.
        .header("Referrer-Policy", "no-referrer");
  }
}
