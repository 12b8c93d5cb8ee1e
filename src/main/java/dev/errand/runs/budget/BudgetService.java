package dev.errand.runs.budget;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.Precondition;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Scope;
import dev.errand.identity.account.Users;
import dev.errand.identity.audit.Audit;
import dev.errand.identity.audit.AuditAction;
import dev.errand.identity.profile.ProfileAccess;
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
 * The operations on budgets: list, get, put, delete. The owners of a profile set its budgets, and
 * its members see them. Admins set those of a user, who sees them.
 */
@ApplicationScoped
public class BudgetService {
  private final ProfileAccess access;
  private final Users users;
  private final BudgetStore store;
  private final RunControl runs;
  private final Event<BudgetsChanged> changed;
  private final Audit audit;
  private final Precondition precondition;

  BudgetService(
      ProfileAccess access,
      Users users,
      BudgetStore store,
      RunControl runs,
      Event<BudgetsChanged> changed,
      Audit audit,
      Precondition precondition) {
    this.access = access;
    this.users = users;
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
    return list(ofProfile(caller, profile, Right.SEE));
  }

  /**
   * The budgets of a user, by name.
   *
   * @throws ApiException {@link ErrorCode#USER_NOT_FOUND} or {@link ErrorCode#SCOPE_MISSING}
   */
  public List<BudgetView> listOfUser(Caller caller, String user) {
    return list(ofShownUser(caller, user));
  }

  private List<BudgetView> list(BudgetOwner owner) {
    return store.list(owner).stream().map(Stored::view).toList();
  }

  /**
   * The budget of that name of a profile.
   *
   * @throws ApiException as {@link #list}, or {@link ErrorCode#BUDGET_NOT_FOUND}
   */
  public BudgetView get(Caller caller, ProfileSlug profile, String name) {
    return store.require(ofProfile(caller, profile, Right.SEE), name).view();
  }

  /**
   * The budget of that name of a user.
   *
   * @throws ApiException as {@link #listOfUser}, or {@link ErrorCode#BUDGET_NOT_FOUND}
   */
  public BudgetView getOfUser(Caller caller, String user, String name) {
    return store.require(ofShownUser(caller, user), name).view();
  }

  /**
   * Creates a budget of a profile, or replaces all of it. Runs that wait for it look at it again.
   *
   * @throws ApiException as {@link #list}, {@link ErrorCode#ROLE_MISSING}, {@link
   *     ErrorCode#TOO_MANY_BUDGETS}, or when the request is not valid; nothing has changed then
   */
  @Transactional
  public StoredBudget put(Caller caller, ProfileSlug profile, String name, BudgetSettings wanted) {
    return put(caller, ofProfile(caller, profile, Right.OWN), name, wanted);
  }

  /**
   * Creates a budget of a user as {@link #put} does.
   *
   * @throws ApiException as {@link #listOfUser}, {@link ErrorCode#TOO_MANY_BUDGETS}, or when the
   *     request is not valid; nothing has changed then
   */
  @Transactional
  public StoredBudget putOfUser(Caller caller, String user, String name, BudgetSettings wanted) {
    return put(caller, ofChangedUser(caller, user), name, wanted);
  }

  private StoredBudget put(Caller caller, BudgetOwner owner, String name, BudgetSettings wanted) {
    store.lock(owner);
    Optional<Stored> before = store.find(owner, name);
    precondition.check(before.map(Stored::view).orElse(null));
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
    delete(caller, ofProfile(caller, profile, Right.OWN), name);
  }

  /**
   * Deletes a budget of a user as {@link #delete} does.
   *
   * @throws ApiException as {@link #getOfUser}
   */
  @Transactional
  public void deleteOfUser(Caller caller, String user, String name) {
    delete(caller, ofChangedUser(caller, user), name);
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

  private BudgetOwner ofProfile(Caller caller, ProfileSlug profile, Right right) {
    return BudgetOwner.of(access.require(caller, profile, right));
  }

  private BudgetOwner ofShownUser(Caller caller, String user) {
    caller.requireUnlimited(caller.is(user) ? Scope.READ : Scope.ADMIN);
    return named(caller, user);
  }

  private BudgetOwner ofChangedUser(Caller caller, String user) {
    caller.requireUnlimited(Scope.ADMIN);
    return named(caller, user);
  }

  private BudgetOwner named(Caller caller, String user) {
    String name = caller.nameOf(user);
    return BudgetOwner.of(users.named(name).orElseThrow(() -> Users.unknown(name)));
  }

  private static String path(BudgetOwner owner, String name) {
    return "budgets/" + owner.slug() + "/" + name;
  }
}
