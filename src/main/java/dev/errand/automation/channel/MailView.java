package dev.errand.automation.channel;

import dev.errand.automation.channel.ChannelMessage.Fact;
import dev.errand.base.markdown.MarkdownText;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.RawString;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.commonmark.node.Node;
import org.jspecify.annotations.Nullable;

/**
 * What the templates of e-mail show.
 *
 * @param answer what the run answered; null where that is not told
 * @param url an address to go to; null for none
 * @param link what a person does there
 * @param unsubscribe where the recipient ends such messages; null where none follow by themselves
 */
public record MailView(
    String title,
    List<String> lines,
    List<Fact> facts,
    List<Fact> quoted,
    @Nullable Answer answer,
    @Nullable String url,
    String link,
    String footer,
    @Nullable String unsubscribe) {

  /**
   * An answer.
   *
   * @param text in plain lines
   * @param html null where it is shown as text
   * @param isCut whether the run answered more
   */
  @RegisterForReflection
  public record Answer(String text, @Nullable RawString html, boolean isCut) {
    static @Nullable Answer of(ShownMessage.@Nullable Answer answer) {
      if (answer == null) {
        return null;
      }
      Node markdown = answer.markdown();
      return new Answer(
          answer.lines(),
          markdown == null ? null : new RawString(MarkdownText.mail(markdown)),
          answer.isCut());
    }

    public String rest() {
      return ShownMessage.CUT;
    }
  }

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
