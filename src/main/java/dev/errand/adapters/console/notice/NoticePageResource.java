package dev.errand.adapters.console.notice;

import dev.errand.adapters.console.callback.DeliveryLine;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.adapters.console.page.SettingsForm;
import dev.errand.adapters.console.page.Texts;
import dev.errand.automation.channel.ChannelService;
import dev.errand.automation.channel.ChannelView;
import dev.errand.automation.delivery.DeliveryView;
import dev.errand.automation.notice.NoticeService;
import dev.errand.automation.notice.NoticeSettings;
import dev.errand.automation.notice.NoticeView;
import dev.errand.base.error.ApiException;
import dev.errand.base.http.QueryNumber;
import dev.errand.base.json.Json;
import dev.errand.identity.page.PagePaths;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.function.Consumer;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The pages of notices: their list with the channels, and each with its form and deliveries. */
@Path("/console/{user}/{profile}")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class NoticePageResource {
  static final String CURRENT = "notices";
  private static final String ONE = "notices/{notice}";
  private static final int LINES = 20;
  private static final int MOST = 10_000;

  private final NoticeService notices;
  private final ChannelService channels;
  private final Json json;

  NoticePageResource(NoticeService notices, ChannelService channels, Json json) {
    this.notices = notices;
    this.channels = channels;
    this.json = json;
  }

  /** The channels and the notices of the profile. */
  @GET
  @Path("notices")
  public RestResponse<String> list(PageRequest page) {
    String home = page.home();
    NoticeListView view =
        new NoticeListView(
            choice(page).stream().map(channel -> new ChannelItem(channel, home)).toList(),
            notices.list(page.caller(), page.profile()).stream()
                .map(notice -> new NoticeItem(notice, home))
                .toList());
    return page.answer(CURRENT, NoticeTemplates.notices(view));
  }

  /**
   * The form of a new notice.
   *
   * @param task the task that it is for; null for all
   * @param channel the chosen channel; null for none
   * @param answers whether it sends answers; null if not
   */
  @GET
  @Path("new-notice")
  public RestResponse<String> ask(
      PageRequest page,
      @RestQuery @Nullable String task,
      @RestQuery @Nullable String channel,
      @RestQuery(NoticeForm.ANSWERS) @Nullable String answers) {
    page.requireEditor("Notices");
    NoticeForm form =
        NoticeForm.empty(
            choice(page), Texts.given(task), Texts.given(channel), "true".equals(answers));
    return answer(200, page, form);
  }

  /** Creates a notice. */
  @POST
  @Path("new-notice")
  public RestResponse<String> create(PageRequest page) {
    page.requireEditor("Notices");
    return saved(
        page,
        NoticeForm.empty(choice(page), "", "", false),
        form -> notices.create(page.caller(), page.profile(), form.name(), form.settings(json)));
  }

  /**
   * The page.
   *
   * @param from how many of the newest deliveries are left out
   */
  @GET
  @Path(ONE)
  public RestResponse<String> get(
      PageRequest page, @RestPath String notice, @RestQuery @Nullable String from) {
    int left = from == null ? 0 : QueryNumber.of("from", from, 0, MOST);
    return shown(200, page, notice, left, null);
  }

  /** The form of a notice. */
  @GET
  @Path(ONE + "/edit")
  public RestResponse<String> edit(PageRequest page, @RestPath String notice) {
    page.requireEditor("Notices");
    return answer(200, page, NoticeForm.of(choice(page), found(page, notice), json));
  }

  /** Changes a notice. */
  @POST
  @Path(ONE + "/edit")
  public RestResponse<String> change(PageRequest page, @RestPath String notice) {
    page.requireEditor("Notices");
    return saved(
        page,
        NoticeForm.of(choice(page), found(page, notice), json),
        form -> notices.put(page.caller(), page.profile(), notice, form.settings(json)));
  }

  private RestResponse<String> saved(
      PageRequest page, NoticeForm shown, Consumer<SettingsForm<NoticeSettings>> save) {
    SettingsForm<NoticeSettings> form = shown.form().sent(page.form());
    try {
      save.accept(form);
    } catch (ApiException e) {
      return answer(e.code().status(), page, new NoticeForm(shown.channels(), form.refused(e)));
    }
    return page.redirect(PagePaths.notice(page.home(), form.name()));
  }

  /** Lets it tell. */
  @POST
  @Path(ONE + "/enable")
  public RestResponse<String> enable(PageRequest page, @RestPath String notice) {
    return done(page, notice, () -> enable(page, notice, true));
  }

  /** Prevents it from telling, until it is enabled again. */
  @POST
  @Path(ONE + "/disable")
  public RestResponse<String> disable(PageRequest page, @RestPath String notice) {
    return done(page, notice, () -> enable(page, notice, false));
  }

  private void enable(PageRequest page, String notice, boolean enabled) {
    notices.put(
        page.caller(), page.profile(), notice, found(page, notice).settings().withEnabled(enabled));
  }

  /** Sends a delivery again. */
  @POST
  @Path(ONE + "/deliveries/{delivery}/redeliver")
  public RestResponse<String> redeliver(
      PageRequest page, @RestPath String notice, @RestPath String delivery) {
    return done(
        page, notice, () -> notices.redeliver(page.caller(), page.profile(), notice, delivery));
  }

  /** Deletes it. */
  @POST
  @Path(ONE + "/delete")
  public RestResponse<String> delete(PageRequest page, @RestPath String notice) {
    notices.delete(page.caller(), page.profile(), notice);
    return page.redirect(page.home() + "/notices");
  }

  // The action of a button; if it is refused, the page says why.
  private RestResponse<String> done(PageRequest page, String notice, Runnable step) {
    try {
      step.run();
    } catch (ApiException e) {
      return shown(e.code().status(), page, notice, 0, Refusal.of(e));
    }
    return page.redirect(PagePaths.notice(page.home(), notice));
  }

  private NoticeView found(PageRequest page, String notice) {
    return page.showing(notices.get(page.caller(), page.profile(), notice));
  }

  private List<ChannelView> choice(PageRequest page) {
    return channels.list(page.caller(), page.profile());
  }

  private RestResponse<String> shown(
      int status, PageRequest page, String name, int from, @Nullable String message) {
    String home = page.home();
    NoticeItem item = new NoticeItem(found(page, name), home);
    List<DeliveryView> all = notices.deliveries(page.caller(), page.profile(), name);
    int end = Math.min(from + LINES, all.size());
    NoticePageView view =
        new NoticePageView(
            item,
            all.subList(Math.min(from, end), end).stream()
                .map(delivery -> line(delivery, home))
                .toList(),
            end < all.size() ? item.address() + "?from=" + end : null,
            message);
    return page.answer(status, CURRENT, NoticeTemplates.notice(view));
  }

  private static DeliveryLine line(DeliveryView delivery, String home) {
    return new DeliveryLine(delivery, home, delivery.task() == null ? "" : delivery.task());
  }

  private static RestResponse<String> answer(int status, PageRequest page, NoticeForm form) {
    return page.answer(status, CURRENT, NoticeTemplates.noticeForm(form));
  }
}
