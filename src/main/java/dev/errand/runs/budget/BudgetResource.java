package dev.errand.runs.budget;

import dev.errand.base.error.ApiException;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.runs.budget.BudgetService.StoredBudget;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** REST operations on the budgets of a profile: list, get, put, delete. */
@Path("/api/profiles/{user}/{profile}/budgets")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class BudgetResource {
  private final CurrentCaller caller;
  private final BudgetService budgets;

  BudgetResource(CurrentCaller caller, BudgetService budgets) {
    this.caller = caller;
    this.budgets = budgets;
  }

  @GET
  public List<BudgetView> list(@BeanParam ProfileSlug profile) {
    return budgets.list(caller.get(), profile);
  }

  @GET
  @Path("{name}")
  public BudgetView get(@BeanParam ProfileSlug profile, @RestPath String name) {
    return budgets.get(caller.get(), profile, name);
  }

  @PUT
  @Path("{name}")
  public RestResponse<BudgetView> put(
      @BeanParam ProfileSlug profile, @RestPath String name, @Nullable BudgetSettings wanted) {
    return answer(budgets.put(caller.get(), profile, name, required(wanted)));
  }

  @DELETE
  @Path("{name}")
  public void delete(@BeanParam ProfileSlug profile, @RestPath String name) {
    budgets.delete(caller.get(), profile, name);
  }

  static BudgetSettings required(@Nullable BudgetSettings wanted) {
    if (wanted == null) {
      throw ApiException.invalid("body", "is required: {\"period\", \"usd\" or \"tokens\", …}");
    }
    return wanted;
  }

  static RestResponse<BudgetView> answer(StoredBudget kept) {
    return RestResponse.status(
        kept.created() ? RestResponse.Status.CREATED : RestResponse.Status.OK, kept.budget());
  }
}
