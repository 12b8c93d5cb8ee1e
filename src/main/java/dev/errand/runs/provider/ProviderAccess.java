package dev.errand.runs.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.Json;
import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.models.port.ModelSettings;
import dev.errand.models.port.Runners;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the providers that tasks may name, and combines their settings with those of tasks. */
@ApplicationScoped
public class ProviderAccess {
  private final ProfileAccess profiles;
  private final Runners runners;
  private final Json json;

  ProviderAccess(ProfileAccess profiles, Runners runners, Json json) {
    this.profiles = profiles;
    this.runners = runners;
    this.json = json;
  }

  /**
   * The provider that a task names, locked for the rest of the transaction. Only the user who owns
   * a provider may name it, and only in their own profiles, since tasks that name it spend its key.
   * A provider that the task has already may be sent back by any user.
   *
   * @param known the provider that the task has; null for none
   * @throws ApiException that names the field {@code provider} where no such provider may be named
   */
  @Transactional(Transactional.TxType.MANDATORY)
  public Provider require(
      Caller caller, Profile profile, String named, @Nullable TaskProvider known) {
    ProviderName name = ProviderName.parse(named);
    return owner(caller, profile, name, known)
        .flatMap(owner -> Provider.of(owner, name.name(), LockModeType.PESSIMISTIC_READ))
        .orElseThrow(
            () ->
                ApiException.invalid(
                    "provider",
                    "there is no provider "
                        + named
                        + " that you may name in this profile: it must be one of the profile, or in a"
                        + " profile of yours one of your own, named without a limited token"));
  }

  private Optional<ProviderOwner> owner(
      Caller caller, Profile profile, ProviderName name, @Nullable TaskProvider known) {
    if (!caller.nameOf(name.user()).equals(profile.user().username())) {
      return Optional.empty();
    }
    if (name.profile() != null) {
      return profiles.isNamed(profile, name.profile())
          ? Optional.of(ProviderOwner.of(profile))
          : Optional.empty();
    }
    boolean stays = known != null && !known.ofProfile() && known.name().equals(name.name());
    boolean isOwn = caller.id().equals(profile.user().id()) && !caller.rights().isLimited();
    return stays || isOwn
        ? Optional.of(new ProviderOwner(profile.user().id(), false, profile.user().username()))
        : Optional.empty();
  }

  /**
   * The settings of a task, completed by those of its provider. The server is the provider's.
   *
   * @param own the task's own settings, as JSON
   */
  public ModelSettings combined(TaskProvider provider, String own) {
    return combined(provider, json.tree(own));
  }

  /** The same with settings that are not stored yet. */
  public ModelSettings combined(TaskProvider provider, ModelSettings own) {
    return combined(provider, json.toTree(own));
  }

  private ModelSettings combined(TaskProvider provider, JsonNode own) {
    ObjectNode all = (ObjectNode) json.tree(provider.settings());
    all.setAll((ObjectNode) own);
    return runners.stored(provider.runner(), all).at(provider.baseUrl());
  }

  /**
   * The checked settings of a request.
   *
   * @param known the provider's settings as they are; null for a new one
   * @throws ApiException that names the invalid field
   */
  ModelSettings checked(ProviderRequest wanted, @Nullable ModelSettings known) {
    return wanted.model(runners, known);
  }

  ModelSettings settings(TaskProvider provider) {
    return combined(provider, json.object());
  }
}
