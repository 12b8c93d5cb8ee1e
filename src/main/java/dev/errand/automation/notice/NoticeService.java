package dev.errand.automation.notice;

import dev.errand.automation.delivery.DeliveryQueue;
import dev.errand.automation.delivery.DeliveryView;
import dev.errand.automation.notice.NoticeStore.Stored;
import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.Precondition;
import dev.errand.base.limit.FittingItems;
import dev.errand.identity.account.Caller;
import dev.errand.identity.audit.Audit;
import dev.errand.identity.audit.AuditAction;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The operations on notices: list, get, put, delete, deliveries, redeliver. */
@ApplicationScoped
public class NoticeService {
  private final ProfileAccess access;
  private final NoticeStore store;
  private final FittingItems memory;
  private final DeliveryQueue deliveries;
  private final NoticeLimits limits;
  private final Sql sql;
  private final Audit audit;
  private final Precondition precondition;

  NoticeService(
      ProfileAccess access,
      NoticeStore store,
      DeliveryQueue deliveries,
      NoticeLimits limits,
      FittingItems memory,
      Sql sql,
      Audit audit,
      Precondition precondition) {
    this.memory = memory;
    this.access = access;
    this.store = store;
    this.deliveries = deliveries;
    this.limits = limits;
    this.sql = sql;
    this.audit = audit;
    this.precondition = precondition;
  }

  /** A notice that was created or replaced. */
  public record StoredNotice(NoticeView notice, boolean created) {}

  /**
   * The notices of a profile, by name.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND} or {@link ErrorCode#SCOPE_MISSING}
   */
  public List<NoticeView> list(Caller caller, ProfileSlug slug) {
    Profile profile = access.require(caller, slug, Right.SEE);
    memory.hold(caller.username(), store.size(profile));
    return store.list(profile).stream().map(Stored::view).toList();
  }

  /**
   * The notice of that name.
   *
   * @throws ApiException as {@link #list}, or {@link ErrorCode#NOTICE_NOT_FOUND}
   */
  @Transactional
  public NoticeView get(Caller caller, ProfileSlug slug, String name) {
    return store.require(access.require(caller, slug, Right.SEE), name).view();
  }

  /**
   * Creates a notice, or replaces all of it.
   *
   * @throws ApiException as {@link #list}, {@link ErrorCode#ROLE_MISSING}, {@link
   *     ErrorCode#TOO_MANY_NOTICES}, or when the request is not valid; nothing has changed then
   */
  @Transactional
  public StoredNotice put(Caller caller, ProfileSlug slug, String name, NoticeSettings wanted) {
    return save(caller, slug, name, wanted, false);
  }

  /**
   * Creates a notice as {@link #put} does.
   *
   * @throws ApiException as {@link #put}, or {@link ErrorCode#ALREADY_EXISTS}
   */
  @Transactional
  public StoredNotice create(Caller caller, ProfileSlug slug, String name, NoticeSettings wanted) {
    return save(caller, slug, name, wanted, true);
  }

  private StoredNotice save(
      Caller caller, ProfileSlug slug, String name, NoticeSettings wanted, boolean isNew) {
    Profile profile = access.require(caller, slug, Right.EDIT);
    store.lock(profile);
    NoticeView before = store.find(profile, name).map(Stored::view).orElse(null);
    precondition.check(before);
    if (isNew && before != null) {
      throw new ApiException(
          ErrorCode.ALREADY_EXISTS,
          "%s already has a notice %s: choose another name, or change that one."
              .formatted(slug, name));
    }
    store.put(profile, name, wanted);
    NoticeView after = store.require(profile, name).view();
    audit.record(
        caller,
        before == null ? AuditAction.NOTICE_CREATED : AuditAction.NOTICE_CHANGED,
        path(profile.slug(), name),
        before,
        after);
    return new StoredNotice(after, before == null);
  }

  /**
   * Deletes a notice with its deliveries; pending ones are not sent any more.
   *
   * @throws ApiException as {@link #get}, or {@link ErrorCode#ROLE_MISSING}
   */
  @Transactional
  public void delete(Caller caller, ProfileSlug slug, String name) {
    Profile profile = access.require(caller, slug, Right.EDIT);
    store.lock(profile);
    Stored before = store.require(profile, name);
    precondition.check(before.view());
    store.delete(before.notice());
    audit.record(
        caller, AuditAction.NOTICE_DELETED, path(profile.slug(), name), before.view(), null);
  }

  /**
   * The newest deliveries of a notice, the newest first.
   *
   * @throws ApiException as {@link #get}
   */
  @Transactional
  public List<DeliveryView> deliveries(Caller caller, ProfileSlug slug, String name) {
    Profile profile = access.require(caller, slug, Right.SEE);
    return deliveries.newestOfNotice(store.require(profile, name).notice().id());
  }

  /**
   * Repeats a delivery under the same id, with retries until it is accepted.
   *
   * @throws ApiException as {@link #get}, {@link ErrorCode#ROLE_MISSING}, {@link
   *     ErrorCode#CHANNEL_OFF}, {@link ErrorCode#DELIVERY_NOT_FOUND} or {@link
   *     ErrorCode#RATE_LIMITED}
   */
  @Transactional
  public DeliveryView redeliver(Caller caller, ProfileSlug slug, String name, String delivery) {
    Profile profile = access.require(caller, slug, Right.EDIT);
    store.lock(profile);
    NoticeSnapshot notice = store.require(profile, name).notice();
    UUID id = known(notice, delivery).id();
    NoticeSnapshot.Target target = notice.target();
    if (target != null && target.isOff()) {
      throw new ApiException(
          ErrorCode.CHANNEL_OFF,
          "The channel " + notice.settings().channel() + " is switched off: enable it first.");
    }
    limits.takeAgain(sql, notice, id);
    deliveries.again(id);
    audit.record(
        caller,
        AuditAction.NOTICE_REDELIVERED,
        path(profile.slug(), name),
        null,
        Map.of("delivery", id.toString()));
    return known(notice, delivery);
  }

  private DeliveryView known(NoticeSnapshot notice, String delivery) {
    return deliveries.newestOfNotice(notice.id()).stream()
        .filter(known -> known.id().toString().equals(delivery))
        .findFirst()
        .orElseThrow(
            () ->
                new ApiException(
                    ErrorCode.DELIVERY_NOT_FOUND,
                    "The notice no longer has the delivery " + delivery + "."));
  }

  static String path(ProfileSlug profile, String name) {
    return "notices/" + profile + "/" + name;
  }
}
