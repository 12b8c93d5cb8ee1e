package dev.errand.automation.trigger;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.limit.ParsedTexts;
import dev.errand.base.turn.RequestPools;
import dev.errand.base.turn.WorkOwner;
import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.Profile;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Reads deliveries, and evaluates the conditions of triggers on them, in turns of users. */
@ApplicationScoped
class TriggerDeliveryConditions {
  private final ContentReader reader;
  private final RequestPools pools;
  private final ParsedTexts texts;

  TriggerDeliveryConditions(ContentReader reader, RequestPools pools, ParsedTexts texts) {
    this.reader = reader;
    this.pools = pools;
    this.texts = texts;
  }

  /**
   * Reads a delivery.
   *
   * @param memory holds for the content
   * @throws ApiException as {@link ContentReader#read} does
   */
  TriggerDeliveryContent read(
      TriggerSnapshot trigger, HookRequest incoming, ParsedTexts.Held memory) {
    return reader.read(trigger.scheme(), incoming.fields(), incoming.body(), memory);
  }

  /**
   * Why a delivery starts no run; empty where it does. It counts for the owner of the profile,
   * since its sender is unknown.
   */
  Optional<TriggerFilter.Unmet> unmet(
      TriggerSnapshot trigger, HookRequest incoming, TriggerDeliveryContent content) {
    TriggerFilter filter = trigger.filter();
    if (filter.condition() == null) {
      return Optional.empty();
    }
    Profile profile = trigger.task().profile();
    return pools
        .compute()
        .call(
            WorkOwner.of(profile.user().username(), profile.id()),
            () -> filter.unmet(content.delivered(trigger.scheme(), incoming.fields())));
  }

  /**
   * Why a stored delivery would start no run by a filter, as a sentence; empty where it would.
   *
   * @param caller who asks
   */
  Optional<String> unmet(
      Caller caller, TriggerSnapshot trigger, HookRequest kept, TriggerFilter filter) {
    return pools
        .compute()
        .call(
            WorkOwner.of(caller.username(), trigger.task().profile().id()),
            () -> unmet(trigger, kept, filter));
  }

  private Optional<String> unmet(TriggerSnapshot trigger, HookRequest kept, TriggerFilter filter) {
    try (ParsedTexts.Held memory = texts.openAtOnce()) {
      return filter
          .unmet(read(trigger, kept, memory).delivered(trigger.scheme(), kept.fields()))
          .map(TriggerFilter.Unmet::why);
    } catch (ApiException e) {
      if (e.code() == ErrorCode.UNAVAILABLE) {
        throw e;
      }
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
