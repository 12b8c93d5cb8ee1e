package dev.errand.automation.channel;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.errand.automation.channel.ChannelEditor.Edited;
import dev.errand.automation.channel.Confirmations.Question;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import dev.errand.base.http.Precondition;
import dev.errand.identity.account.Caller;
import dev.errand.identity.audit.Audit;
import dev.errand.identity.audit.AuditAction;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The operations on the channels of a profile: list, get, put, delete, ask the recipient, test. Its
 * editors change them, and its viewers see them without their addresses.
 */
@ApplicationScoped
public class ChannelService {
  /** The event of a message that tests a channel. */
  static final String TEST = "channel.test";

  private final ProfileAccess access;
  private final Channels channels;
  private final ChannelEditor editor;
  private final Confirmations confirmations;
  private final ChannelSenders senders;
  private final TestMessages tests;
  private final Audit audit;
  private final Precondition precondition;

  ChannelService(
      ProfileAccess access,
      Channels channels,
      ChannelEditor editor,
      Confirmations confirmations,
      ChannelSenders senders,
      TestMessages tests,
      Audit audit,
      Precondition precondition) {
    this.access = access;
    this.channels = channels;
    this.editor = editor;
    this.confirmations = confirmations;
    this.senders = senders;
    this.tests = tests;
    this.audit = audit;
    this.precondition = precondition;
  }

  /**
   * A channel that was created or replaced.
   *
   * @param channel the channel, with a secret that was generated
   */
  public record SavedChannel(ChannelView channel, boolean created) {}

  /** How a test ended. */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.ALWAYS)
  @ApiSchema("ChannelTest")
  public record TestResult(
      @Field boolean accepted,
      @Field("The HTTP or SMTP status.") @Nullable Integer status,
      @Field("Why it was not accepted, a sentence.") @Nullable String error) {
    static TestResult of(SendResult answer) {
      return new TestResult(answer.isAccepted(), answer.status(), answer.error());
    }
  }

  /**
   * A channel with the profile that has it, and the question to its recipient that is to be sent.
   */
  private record Found(
      Profile profile,
      ChannelSnapshot channel,
      boolean created,
      @Nullable String secret,
      @Nullable Question question) {
    @Override
    public String toString() {
      return "Found[" + channel.id() + "]";
    }
  }

  /**
   * The channels of a profile, by name.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}
   */
  @Transactional
  public List<ChannelView> list(Caller caller, ProfileSlug slug) {
    Profile profile = access.require(caller, slug, Right.SEE);
    boolean toEditor = access.allows(caller, profile, Right.EDIT);
    return channels.list(profile.id()).stream().map(channel -> view(channel, toEditor)).toList();
  }

  /**
   * The channel of that name.
   *
   * @throws ApiException as {@link #list}, or {@link ErrorCode#CHANNEL_NOT_FOUND}
   */
  @Transactional
  public ChannelView get(Caller caller, ProfileSlug slug, String name) {
    Profile profile = access.require(caller, slug, Right.SEE);
    return view(require(profile, name), access.allows(caller, profile, Right.EDIT));
  }

  /**
   * Creates a channel, or replaces all of it but its secret. The recipient of a new e-mail address
   * is asked whether they want messages there.
   *
   * @param base the address by which the client reached the service
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}, {@link ErrorCode#ROLE_MISSING}, or as
   *     {@link ChannelEditor#put}; {@link ErrorCode#RATE_LIMITED} where the recipient was asked too
   *     often. Nothing is changed then
   */
  public SavedChannel put(
      Caller caller, ProfileSlug slug, String name, ChannelRequest wanted, URI base)
      throws InterruptedException {
    return save(caller, slug, name, wanted, base, false);
  }

  /**
   * Creates a channel as {@link #put} does.
   *
   * @throws ApiException as {@link #put}, or {@link ErrorCode#ALREADY_EXISTS}
   */
  public SavedChannel create(
      Caller caller, ProfileSlug slug, String name, ChannelRequest wanted, URI base)
      throws InterruptedException {
    return save(caller, slug, name, wanted, base, true);
  }

  private SavedChannel save(
      Caller caller, ProfileSlug slug, String name, ChannelRequest wanted, URI base, boolean isNew)
      throws InterruptedException {
    Found found =
        QuarkusTransaction.requiringNew()
            .call(
                () -> {
                  Profile profile = access.require(caller, slug, Right.EDIT);
                  Edited edited = editor.put(caller, profile, name, wanted, base);
                  if (isNew && edited.before() != null) {
                    throw new ApiException(
                        ErrorCode.ALREADY_EXISTS,
                        "%s already has a channel %s: choose another name, or change that one."
                            .formatted(profile.slug(), name));
                  }
                  ChannelSnapshot channel = edited.channel();
                  Question question =
                      edited.isToAsk()
                          ? confirmations.make(
                              channel.id(), channel.content().addressDigest(), caller)
                          : null;
                  ChannelSnapshot before = edited.before();
                  audit.record(
                      caller,
                      before == null ? AuditAction.CHANNEL_CREATED : AuditAction.CHANNEL_CHANGED,
                      path(profile.slug(), name),
                      before == null ? null : view(before, false),
                      view(channel, false),
                      edited.changed().toArray(String[]::new));
                  return new Found(
                      profile, require(profile, name), before == null, edited.secret(), question);
                });
    return new SavedChannel(asked(caller, found), found.created);
  }

  /**
   * Asks the recipient of an e-mail address again.
   *
   * @throws ApiException as {@link #get}, {@link ErrorCode#ROLE_MISSING}, {@link
   *     ErrorCode#ALREADY_CONFIRMED}, {@link ErrorCode#CHANNEL_OFF} or {@link
   *     ErrorCode#RATE_LIMITED}
   */
  public ChannelView ask(Caller caller, ProfileSlug slug, String name) throws InterruptedException {
    Found found =
        QuarkusTransaction.requiringNew()
            .call(
                () -> {
                  Profile profile = access.require(caller, slug, Right.EDIT);
                  // As a change does, so that both lock in one order.
                  channels.lock(profile);
                  ChannelSnapshot channel = require(profile, name);
                  if (channel.content().confirmedAt() != null) {
                    throw new ApiException(
                        ErrorCode.ALREADY_CONFIRMED,
                        "The channel " + name + " needs no confirmation any more.");
                  }
                  if (channel.content().disabledAt() != null) {
                    throw new ApiException(
                        ErrorCode.CHANNEL_OFF,
                        "The channel " + name + " is switched off: enable it first.");
                  }
                  Question question =
                      confirmations.make(channel.id(), channel.content().addressDigest(), caller);
                  ChannelSnapshot now = require(profile, name);
                  audit.record(
                      caller,
                      AuditAction.CHANNEL_CHANGED,
                      path(profile.slug(), name),
                      view(channel, false),
                      view(now, false));
                  return new Found(profile, now, false, null, question);
                });
    return asked(caller, found);
  }

  private ChannelView asked(Caller caller, Found found) throws InterruptedException {
    OpenChannel opened = channels.opened(found.channel);
    String failure =
        found.question == null
            ? null
            : confirmations.send(found.question, opened, found.profile.slug(), caller).error();
    return ChannelView.of(found.channel, opened, found.secret, failure);
  }

  /**
   * Sends a test message at once, also where the channel is switched off.
   *
   * @throws ApiException as {@link #get}, {@link ErrorCode#ROLE_MISSING} or {@link
   *     ErrorCode#RATE_LIMITED}
   */
  public TestResult test(Caller caller, ProfileSlug slug, String name) throws InterruptedException {
    Profile profile = access.require(caller, slug, Right.EDIT);
    ChannelSnapshot channel = require(profile, name);
    ChannelMessage message = tests.make(caller, profile, channel);
    return TestResult.of(
        senders.send(channels.opened(channel), message, UUID.randomUUID().toString()));
  }

  /**
   * Deletes a channel.
   *
   * @throws ApiException as {@link #get}, or {@link ErrorCode#ROLE_MISSING}
   */
  @Transactional
  public void delete(Caller caller, ProfileSlug slug, String name) {
    Profile profile = access.require(caller, slug, Right.EDIT);
    channels.lock(profile);
    ChannelSnapshot channel = require(profile, name);
    precondition.check(channel);
    Channel.delete("id", channel.id());
    audit.record(
        caller,
        AuditAction.CHANNEL_DELETED,
        path(profile.slug(), name),
        view(channel, false),
        null);
  }

  private ChannelSnapshot require(Profile profile, String name) {
    return channels
        .find(profile.id(), name)
        .orElseThrow(
            () ->
                new ApiException(
                    ErrorCode.CHANNEL_NOT_FOUND,
                    "There is no channel " + name + " in " + profile.slug() + "."));
  }

  private ChannelView view(ChannelSnapshot channel, boolean toEditor) {
    return ChannelView.of(channel, toEditor ? channels.opened(channel) : null, null, null);
  }

  static String path(ProfileSlug profile, String name) {
    return "channels/" + profile + "/" + name;
  }
}
