package dev.errand.identity.page;

import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.Problem;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.ext.Provider;
import java.lang.annotation.Annotation;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Shows problems of pages as pages. A browser that is not signed in is redirected to the sign-in,
 * and back afterwards. Programs receive problem documents, as everywhere else.
 */
@Provider
public class ProblemPages implements ContainerResponseFilter {
  private static final Pattern PAGES = Pattern.compile("/?(console(/.*)?)?");
  private static final Pattern OF_PROFILE =
      Pattern.compile("/?(console/[A-Za-z0-9._~%-]+/[A-Za-z0-9._~%-]+)/.*");
  // Entries of lists have no pages of their own.
  private static final Pattern OF_FORM =
      Pattern.compile("(console/.+?)(?:/[^/]+/(?:end|revoke|remove)|/[^/]+)/?");
  private static final Pattern OTHER_PAGES =
      Pattern.compile("/?(start|sign-in|sign-out|channels)(/.*)?");
  private static final Pattern OF_PROGRAMS =
      Pattern.compile("/?(api|mcp|hooks|events|oauth|q|\\.well-known)(/.*)?");

  private static final MediaType HTML = MediaType.valueOf(HtmlPages.MEDIA_TYPE);

  private final HtmlPages pages;

  ProblemPages(HtmlPages pages) {
    this.pages = pages;
  }

  @CheckedTemplate(basePath = "page")
  static final class Templates {
    private Templates() {}

    static native TemplateInstance problem(
        Problem problem,
        String title,
        String detail,
        PageFrame frame,
        String home,
        Boolean sent,
        String back);
  }

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext answer) {
    if (!(answer.getEntity() instanceof Problem problem)
        || !isPage(request, request.getUriInfo().getPath(), problem)) {
      return;
    }
    if (problem.code().equals(ErrorCode.UNAUTHENTICATED.code())) {
      leadToSignIn(request, answer);
      return;
    }
    boolean isForm = request.getMethod().equals("POST");
    if (problem.code().equals(ErrorCode.METHOD_NOT_ALLOWED.code())
        && request.getMethod().equals("GET")) {
      String path = HtmlPages.path(request.getUriInfo());
      Matcher address = OF_FORM.matcher(path.split("\\?", 2)[0]);
      if (address.matches()) {
        leadTo(address.group(1), request, answer);
        return;
      }
    }
    PageFrame frame = isForm ? pages.frame(PageAssets.CONSOLE) : pages.frame();
    String page =
        Templates.problem(
                problem,
                title(problem, isForm),
                detail(problem),
                frame,
                home(request, problem, frame),
                isForm && isPassing(problem),
                isForm ? back(pages, request.getHeaderString("Referer")) : "")
            .render();
    answer.setEntity(page, new Annotation[0], HTML);
    HtmlPages.headers(isForm, HtmlPages.OWN_FORMS)
        .forEach((name, value) -> answer.getHeaders().putSingle(name, value));
  }

  /** The heading: the API speaks of credentials and their scopes, which people do not see. */
  private static String title(Problem problem, boolean isForm) {
    boolean isRight =
        Stream.of(ErrorCode.SCOPE_MISSING, ErrorCode.ROLE_MISSING)
            .anyMatch(code -> code.code().equals(problem.code()));
    return !isRight
        ? problem.title()
        : isForm ? "You may not do this" : "You may not see this page";
  }

  /** What happened, for a person with a browser. */
  private static String detail(Problem problem) {
    return problem.code().equals(ErrorCode.CROSS_SITE.code())
        ? "Your browser says that another site sent this form. Use the form in the console"
            + " instead."
        : problem.detail().replace("`", "");
  }

  /** The home of the profile that the page belongs to; empty for none. */
  private static String home(ContainerRequestContext request, Problem problem, PageFrame frame) {
    Matcher path = OF_PROFILE.matcher(HtmlPages.path(request.getUriInfo()));
    return path.matches() && !problem.code().equals(ErrorCode.PROFILE_NOT_FOUND.code())
        ? frame.base() + "/" + path.group(1)
        : "";
  }

  /** Whether the same request may succeed later. */
  private static boolean isPassing(Problem problem) {
    return problem.status() >= 500 || problem.status() == 429;
  }

  /** The address of the page of the console from which a form was sent; empty for none. */
  static String back(HtmlPages pages, @Nullable String referrer) {
    return ReturnPath.of(ownPath(pages, referrer))
        .map(path -> pages.base() + "/" + path)
        .orElse("");
  }

  // The page of a form that was refused may have an address that only takes forms, below its own.
  private void leadTo(
      String page, ContainerRequestContext request, ContainerResponseContext answer) {
    answer.setEntity(null);
    answer.getHeaders().remove(HttpHeaders.CONTENT_TYPE);
    answer.getHeaders().putSingle(HttpHeaders.CACHE_CONTROL, "no-store");
    answer.setStatus(303);
    answer
        .getHeaders()
        .putSingle(HttpHeaders.LOCATION, pages.address(page, request.getUriInfo()).toString());
  }

  private void leadToSignIn(ContainerRequestContext request, ContainerResponseContext answer) {
    answer.setEntity(null);
    answer.getHeaders().remove(HttpHeaders.CONTENT_TYPE);
    answer.getHeaders().remove(HttpHeaders.WWW_AUTHENTICATE);
    answer.getHeaders().putSingle(HttpHeaders.CACHE_CONTROL, "no-store");
    if (isStream(request)) {
      // The answer would be a page. The page that the request belongs to is redirected by itself.
      answer.setStatus(401);
      return;
    }
    UriInfo uri = request.getUriInfo();
    // A form is not sent again after the sign-in; the user gets back to the page of the form. A
    // page that refreshes a part of itself would show the sign-in page as that part.
    boolean isForm = !request.getMethod().equals("GET");
    boolean isPart = request.getHeaderString("HX-Request") != null;
    String page = request.getHeaderString(isPart ? "HX-Current-URL" : "Referer");
    Optional<String> back =
        ReturnPath.of(
            isForm || (isPart && page != null) ? ownPath(pages, page) : HtmlPages.path(uri));
    String what = isPart ? SignInPageResource.PART : SignInPageResource.FORM;
    String query =
        ReturnPath.query(back)
            + ((isPart || isForm) && back.isPresent()
                ? "&" + SignInPageResource.ENDED + "=" + what
                : "");
    answer.setStatus(isPart ? 401 : 303);
    answer
        .getHeaders()
        .putSingle(
            isPart ? "HX-Redirect" : HttpHeaders.LOCATION,
            pages.address(SignInPageResource.PATH + query, uri).toString());
  }

  private static boolean isStream(ContainerRequestContext request) {
    String accept = request.getHeaderString(HttpHeaders.ACCEPT);
    return accept != null && accept.contains(MediaType.SERVER_SENT_EVENTS);
  }

  private static @Nullable String ownPath(HtmlPages pages, @Nullable String address) {
    try {
      URI page = address == null ? null : new URI(address);
      String base = pages.base() + "/";
      if (page == null || page.getRawPath() == null || !page.getRawPath().startsWith(base)) {
        return null;
      }
      String query = page.getRawQuery();
      return page.getRawPath().substring(base.length()) + (query == null ? "" : "?" + query);
    } catch (URISyntaxException e) {
      return null;
    }
  }

  private static boolean isPage(ContainerRequestContext request, String path, Problem problem) {
    if (PAGES.matcher(path).matches()) {
      return true;
    }
    String accept = request.getHeaderString(HttpHeaders.ACCEPT);
    return accept != null
        && accept.contains(MediaType.TEXT_HTML)
        && (OTHER_PAGES.matcher(path).matches()
            || (problem.status() == 404 && !OF_PROGRAMS.matcher(path).matches()));
  }
}
