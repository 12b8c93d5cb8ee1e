package dev.errand.runs.budget;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.Precondition;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Scope;
import dev.errand.identity.audit.Audit;
import dev.errand.identity.audit.AuditAction;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import dev.errand.runs.budget.BudgetStore.Stored;
import dev.errand.runs.queue.RunControl;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;

/**
 * The operations on budgets: list, get, create, put, delete. The owners of a profile set its
 * budgets, and its members see them. Admins set those of a user, who sees them.
 */
@ApplicationScoped
public class BudgetService {
  private final BudgetOwners owners;
  private final BudgetStore store;
  private final RunControl runs;
  private final Event<BudgetsChanged> changed;
  private final Audit audit;
  private final Precondition precondition;

  BudgetService(
      BudgetOwners owners,
      BudgetStore store,
      RunControl runs,
      Event<BudgetsChanged> changed,
      Audit audit,
      Precondition precondition) {
    this.owners = owners;
    this.store = store;
    this.runs = runs;
    this.changed = changed;
    this.audit = audit;
    this.precondition = precondition;
  }

  /** A budget that was created or replaced. */
  public record StoredBudget(BudgetView budget, boolean created) {}

  /**
   * The budgets of a profile, by name.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND} or {@link ErrorCode#SCOPE_MISSING}
   */
  public List<BudgetView> list(Caller caller, ProfileSlug profile) {
    return list(owners.ofProfile(caller, profile, Right.SEE));
  }

  /**
   * The budgets of a user, by name.
   *
   * @throws ApiException {@link ErrorCode#USER_NOT_FOUND} or {@link ErrorCode#SCOPE_MISSING}
   */
  public List<BudgetView> listOfUser(Caller caller, String user) {
    return list(owners.ofShownUser(caller, user));
  }

  private List<BudgetView> list(BudgetOwner owner) {
    return store.list(owner).stream().map(Stored::view).toList();
  }

  /**
   * The budget of a day or month that is nearest to its limit, of those of the caller and of 50
   * profiles that the caller is a member of.
   *
   * @throws ApiException {@link ErrorCode#SCOPE_MISSING}
   */
  public Optional<OwnedBudget> nearest(Caller caller) {
    caller.requireUnlimited(Scope.READ);
    return store.nearest(caller.id());
  }

  /**
   * The budget of that name of a profile.
   *
   * @throws ApiException as {@link #list}, or {@link ErrorCode#BUDGET_NOT_FOUND}
   */
  public BudgetView get(Caller caller, ProfileSlug profile, String name) {
    return store.require(owners.ofProfile(caller, profile, Right.SEE), name).view();
  }

  /**
   * The budget of that name of a user.
   *
   * @throws ApiException as {@link #listOfUser}, or {@link ErrorCode#BUDGET_NOT_FOUND}
   */
  public BudgetView getOfUser(Caller caller, String user, String name) {
    return store.require(owners.ofShownUser(caller, user), name).view();
  }

  /**
   * Creates a budget of a profile, or replaces all of it. Runs that wait for it look at it again.
   *
   * @throws ApiException as {@link #list}, {@link ErrorCode#ROLE_MISSING}, {@link
   *     ErrorCode#TOO_MANY_BUDGETS}, or when the request is not valid; nothing has changed then
   */
  @Transactional
  public StoredBudget put(Caller caller, ProfileSlug profile, String name, BudgetSettings wanted) {
    return save(caller, owners.ofProfile(caller, profile, Right.OWN), name, wanted, false);
  }

  /**
   * Creates a budget of a profile.
   *
   * @throws ApiException as {@link #put}, or {@link ErrorCode#ALREADY_EXISTS}
   */
  @Transactional
  public StoredBudget create(
      Caller caller, ProfileSlug profile, String name, BudgetSettings wanted) {
    return save(caller, owners.ofProfile(caller, profile, Right.OWN), name, wanted, true);
  }

  /**
   * Creates a budget of a user as {@link #put} does.
   *
   * @throws ApiException as {@link #listOfUser}, {@link ErrorCode#TOO_MANY_BUDGETS}, or when the
   *     request is not valid; nothing has changed then
   */
  @Transactional
  public StoredBudget putOfUser(Caller caller, String user, String name, BudgetSettings wanted) {
    return save(caller, owners.ofChangedUser(caller, user), name, wanted, false);
  }

  /**
   * Creates a budget of a user.
   *
   * @throws ApiException as {@link #putOfUser}, or {@link ErrorCode#ALREADY_EXISTS}
   */
  @Transactional
  public StoredBudget createOfUser(Caller caller, String user, String name, BudgetSettings wanted) {
    return save(caller, owners.ofChangedUser(caller, user), name, wanted, true);
  }

  private StoredBudget save(
      Caller caller, BudgetOwner owner, String name, BudgetSettings wanted, boolean isNew) {
    store.lock(owner);
    Optional<Stored> before = store.find(owner, name);
    precondition.check(before.map(Stored::view).orElse(null));
    if (isNew && before.isPresent()) {
      throw new ApiException(
          ErrorCode.ALREADY_EXISTS,
          "%s already has a budget %s: choose another name, or change that one."
              .formatted(owner.slug(), name));
    }
    store.put(owner, name, wanted);
    Stored after = store.require(owner, name);
    before.ifPresent(known -> runs.wakeWaitingFor(known.id()));
    changed.fire(new BudgetsChanged());
    // What was spent meanwhile is nobody's change.
    audit.record(
        caller,
        before.isEmpty() ? AuditAction.BUDGET_CREATED : AuditAction.BUDGET_CHANGED,
        path(owner, name),
        before.map(known -> known.view().settings()).orElse(null),
        wanted);
    return new StoredBudget(after.view(), before.isEmpty());
  }

  /**
   * Deletes a budget of a profile. Runs that wait for it go on.
   *
   * @throws ApiException as {@link #get}, or {@link ErrorCode#ROLE_MISSING}
   */
  @Transactional
  public void delete(Caller caller, ProfileSlug profile, String name) {
    delete(caller, owners.ofProfile(caller, profile, Right.OWN), name);
  }

  /**
   * Deletes a budget of a user as {@link #delete} does.
   *
   * @throws ApiException as {@link #getOfUser}
   */
  @Transactional
  public void deleteOfUser(Caller caller, String user, String name) {
    delete(caller, owners.ofChangedUser(caller, user), name);
  }

  private void delete(Caller caller, BudgetOwner owner, String name) {
    store.lock(owner);
    Stored before = store.require(owner, name);
    precondition.check(before.view());
    store.delete(before);
    runs.wakeWaitingFor(before.id());
    changed.fire(new BudgetsChanged());
    audit.record(
        caller, AuditAction.BUDGET_DELETED, path(owner, name), before.view().settings(), null);
  }

  private static String path(BudgetOwner owner, String name) {
    return "budgets/" + owner.slug() + "/" + name;
  }
}
