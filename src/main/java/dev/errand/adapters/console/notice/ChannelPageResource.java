package dev.errand.adapters.console.notice;

import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.adapters.console.page.Texts;
import dev.errand.automation.channel.ChannelRequest;
import dev.errand.automation.channel.ChannelService;
import dev.errand.automation.channel.ChannelService.TestResult;
import dev.errand.automation.channel.ChannelView;
import dev.errand.automation.notice.NoticeService;
import dev.errand.base.error.ApiException;
import dev.errand.base.field.DeclaredFields;
import dev.errand.base.json.Json;
import dev.errand.identity.page.PagePaths;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The pages of channels: each with its form, its test and its buttons. */
@Path("/console/{user}/{profile}")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class ChannelPageResource {
  private static final String CURRENT = NoticePageResource.CURRENT;
  private static final String ONE = "channels/{channel}";

  private final ChannelService channels;
  private final NoticeService notices;
  private final Json json;

  ChannelPageResource(ChannelService channels, NoticeService notices, Json json) {
    this.channels = channels;
    this.notices = notices;
    this.json = json;
  }

  /**
   * The form of a new channel.
   *
   * @param task the task for which a notice is made next; null for none
   * @param answers whether that notice sends answers; null if not
   */
  @GET
  @Path("new-channel")
  public RestResponse<String> ask(
      PageRequest page,
      @RestQuery @Nullable String task,
      @RestQuery(NoticeForm.ANSWERS) @Nullable String answers) {
    page.requireEditor("Channels");
    return answer(200, page, ChannelForm.empty(Texts.given(task), Texts.given(answers)));
  }

  /** Creates a channel, and shows a generated secret, which is only shown now. */
  @POST
  @Path("new-channel")
  public RestResponse<String> create(PageRequest page) throws InterruptedException {
    page.requireEditor("Channels");
    ChannelForm form = ChannelForm.empty("", "").sent(page.form());
    ChannelView made;
    try {
      made =
          channels
              .create(
                  page.caller(), page.profile(), form.form().name(), form.request(), page.service())
              .channel();
    } catch (ApiException e) {
      return answer(e.code().status(), page, form.refused(e));
    }
    return saved(page, made, next(page, made.name()));
  }

  // The form of the notice for which the channel was made, or else the page of the channel.
  private static String next(PageRequest page, String channel) {
    String task = page.form().line(ChannelForm.TASK);
    String answers = page.form().line(NoticeForm.ANSWERS);
    return task.isEmpty() && answers.isEmpty()
        ? PagePaths.channel(page.home(), channel)
        : page.home()
            + "/new-notice"
            + PagePaths.query(
                Map.of("channel", channel, ChannelForm.TASK, task, NoticeForm.ANSWERS, answers));
  }

  /** The page. */
  @GET
  @Path(ONE)
  public RestResponse<String> get(PageRequest page, @RestPath String channel) {
    return shown(200, page, found(page, channel), null, null);
  }

  /** The form of a channel. */
  @GET
  @Path(ONE + "/edit")
  public RestResponse<String> edit(PageRequest page, @RestPath String channel) {
    page.requireEditor("Channels");
    return answer(200, page, ChannelForm.of(found(page, channel), json));
  }

  /** Changes a channel; a new secret is shown once. */
  @POST
  @Path(ONE + "/edit")
  public RestResponse<String> change(PageRequest page, @RestPath String channel)
      throws InterruptedException {
    page.requireEditor("Channels");
    ChannelForm form = ChannelForm.of(found(page, channel), json).sent(page.form());
    ChannelView changed;
    try {
      changed =
          channels
              .put(page.caller(), page.profile(), channel, form.request(), page.service())
              .channel();
    } catch (ApiException e) {
      return answer(e.code().status(), page, form.refused(e));
    }
    return saved(page, changed, PagePaths.channel(page.home(), channel));
  }

  /** Sends a test message, and shows how that ended. */
  @POST
  @Path(ONE + "/test")
  public RestResponse<String> test(PageRequest page, @RestPath String channel)
      throws InterruptedException {
    TestResult result;
    try {
      result = channels.test(page.caller(), page.profile(), channel);
    } catch (ApiException e) {
      return refused(page, channel, e);
    }
    return shown(200, page, found(page, channel), result, null);
  }

  /** Asks the recipient of an e-mail address again. */
  @POST
  @Path(ONE + "/confirmation")
  public RestResponse<String> confirmation(PageRequest page, @RestPath String channel)
      throws InterruptedException {
    ChannelView asked;
    try {
      asked = channels.ask(page.caller(), page.profile(), channel);
    } catch (ApiException e) {
      return refused(page, channel, e);
    }
    return saved(page, asked, PagePaths.channel(page.home(), channel));
  }

  /** Lets messages be sent there again. */
  @POST
  @Path(ONE + "/enable")
  public RestResponse<String> enable(PageRequest page, @RestPath String channel)
      throws InterruptedException {
    return enable(page, channel, true);
  }

  /** Prevents messages from being sent there. */
  @POST
  @Path(ONE + "/disable")
  public RestResponse<String> disable(PageRequest page, @RestPath String channel)
      throws InterruptedException {
    return enable(page, channel, false);
  }

  private RestResponse<String> enable(PageRequest page, String channel, boolean enabled)
      throws InterruptedException {
    page.requireEditor("Channels");
    ChannelView changed;
    try {
      changed =
          channels
              .put(
                  page.caller(),
                  page.profile(),
                  channel,
                  ChannelForm.enabled(found(page, channel), enabled),
                  page.service())
              .channel();
    } catch (ApiException e) {
      return refused(page, channel, e);
    }
    return saved(page, changed, PagePaths.channel(page.home(), channel));
  }

  /** Deletes it. */
  @POST
  @Path(ONE + "/delete")
  public RestResponse<String> delete(PageRequest page, @RestPath String channel) {
    channels.delete(page.caller(), page.profile(), channel);
    return page.redirect(page.home() + "/notices");
  }

  private ChannelView found(PageRequest page, String channel) {
    return page.showing(channels.get(page.caller(), page.profile(), channel));
  }

  // What only this answer can say must not be lost by a redirect.
  private RestResponse<String> saved(PageRequest page, ChannelView channel, String next) {
    boolean isFailed = channel.confirmation() != null && channel.confirmation().error() != null;
    return channel.secret() != null || isFailed
        ? shown(200, page, channel, null, null)
        : page.redirect(next);
  }

  private RestResponse<String> refused(PageRequest page, String channel, ApiException why) {
    if (!page.mayEdit()) {
      throw why;
    }
    String message = Refusal.of(why, DeclaredFields.of(ChannelRequest.class));
    return shown(why.code().status(), page, found(page, channel), null, message);
  }

  private RestResponse<String> shown(
      int status,
      PageRequest page,
      ChannelView channel,
      @Nullable TestResult test,
      @Nullable String message) {
    String home = page.home();
    var _ = page.changed(channel);
    ChannelPageView view =
        new ChannelPageView(
            new ChannelItem(channel, home),
            notices.list(page.caller(), page.profile()).stream()
                .filter(notice -> notice.settings().channel().equals(channel.name()))
                .map(notice -> new NoticeItem(notice, home))
                .toList(),
            test,
            message);
    return page.answer(status, CURRENT, NoticeTemplates.channel(view));
  }

  private static RestResponse<String> answer(int status, PageRequest page, ChannelForm form) {
    return page.answer(status, CURRENT, NoticeTemplates.channelForm(form));
  }
}
