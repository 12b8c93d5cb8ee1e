package dev.errand.automation.channel;

import dev.errand.automation.channel.ChannelMessage.Fact;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the templates of e-mail show.
 *
 * @param url an address to go to; null for none
 * @param link what a person does there
 * @param unsubscribe where the recipient ends such messages; null where none follow by themselves
 */
public record MailView(
    String title,
    List<String> lines,
    List<Fact> facts,
    List<Fact> quoted,
    @Nullable String url,
    String link,
    String footer,
    @Nullable String unsubscribe) {

  String text() {
    return Templates.mailText(this).render();
  }

  String html() {
    return Templates.mailHtml(this).render();
  }

  @CheckedTemplate(basePath = "channel")
  static final class Templates {
    private Templates() {}

    static native TemplateInstance mailText(MailView view);

    static native TemplateInstance mailHtml(MailView view);
  }
}
