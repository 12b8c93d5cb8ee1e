package dev.errand.identity.page;

import dev.errand.base.http.Problem;
import dev.errand.base.limit.LargeBodyPage;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows what was too large as other problems of pages are shown. */
@ApplicationScoped
class TooLargePage implements LargeBodyPage {
  private final HtmlPages pages;

  TooLargePage(HtmlPages pages) {
    this.pages = pages;
  }

  @Override
  public String html(Problem problem, @Nullable String referrer) {
    return ProblemPages.Templates.problem(
            problem,
            problem.title(),
            problem.detail(),
            pages.frame(PageAssets.CONSOLE),
            "",
            false,
            ProblemPages.back(pages, referrer))
        .render();
  }

  @Override
  public Map<String, String> headers() {
    Map<String, String> headers = new LinkedHashMap<>(HtmlPages.headers(true, HtmlPages.OWN_FORMS));
    headers.put(HttpHeaders.CONTENT_TYPE, HtmlPages.MEDIA_TYPE);
    return headers;
  }
}
