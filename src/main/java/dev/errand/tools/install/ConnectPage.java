package dev.errand.tools.install;

import dev.errand.base.http.PublicUrl;
import dev.errand.identity.page.HtmlPages;
import dev.errand.identity.page.PageFrame;
import dev.errand.identity.page.PagePaths;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.tools.mcp.oauth.ConnectFlows;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import org.jboss.resteasy.reactive.RestResponse;

/**
 * The page that tells a person who connects a remote server at which site access is about to be
 * asked for, and asks whether to go there. It has no script, and no other page may frame it.
 */
@ApplicationScoped
class ConnectPage {
  private final HtmlPages pages;

  ConnectPage(HtmlPages pages) {
    this.pages = pages;
  }

  /**
   * The data of the page.
   *
   * @param installation the installation, as {@code user/profile/name}
   * @param action where the answer goes, relative to the page
   * @param back the page of the installation, under the base of the service
   */
  record Question(
      String installation, ConnectFlows.Step.Question step, String action, String back) {}

  @CheckedTemplate(basePath = "connect")
  static final class Templates {
    private Templates() {}

    static native TemplateInstance question(Question question, PageFrame frame);
  }

  /** Asks. */
  RestResponse<String> ask(
      ProfileSlug profile, String name, ConnectFlows.Step.Question step, boolean registersAnew) {
    PageFrame frame = pages.frame();
    Question question =
        new Question(
            profile + "/" + name,
            step,
            "connect?site="
                + PublicUrl.encoded(step.site())
                + (registersAnew ? "&register=true" : ""),
            PagePaths.tool(PagePaths.home(profile.user(), profile.name()), name));
    // Browsers also apply it to the redirects after a form, which the authorization server may
    // go on with to any site.
    String elsewhere = URI.create(step.site()).getScheme() + ":";
    return pages
        .answer(
            200,
            frame,
            Templates.question(question, frame).render(),
            HtmlPages.OWN_FORMS + " " + elsewhere)
        .build();
  }
}
