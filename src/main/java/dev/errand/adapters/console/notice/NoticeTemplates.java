package dev.errand.adapters.console.notice;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;

/** The templates of the pages of channels and notices. */
@CheckedTemplate(basePath = "console")
final class NoticeTemplates {
  private NoticeTemplates() {}

  static native TemplateInstance notices(NoticeListView view);

  static native TemplateInstance notice(NoticePageView view);

  static native TemplateInstance noticeForm(NoticeForm form);

  static native TemplateInstance channel(ChannelPageView view);

  static native TemplateInstance channelForm(ChannelForm form);
}
