package dev.errand.adapters.console.budget;

import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.Texts;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The pages of the budgets of a profile: their list, and each with its form. */
@Path("/console/{user}/{profile}")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class BudgetPageResource {
  private static final String ONE = "budgets/{budget}";

  private final BudgetPages pages;

  BudgetPageResource(BudgetPages pages) {
    this.pages = pages;
  }

  /** The budgets of the profile, and for those who may see them the ones of its owner. */
  @GET
  @Path("budgets")
  public RestResponse<String> list(PageRequest page) {
    BudgetHolder profile = BudgetHolder.ofProfile(page);
    String owner = page.profile().user();
    return pages.list(
        profile,
        page.caller().is(owner) || page.isAdmin()
            ? List.of(profile, BudgetHolder.ofUser(page, owner))
            : List.of(profile));
  }

  /**
   * The form of a new budget.
   *
   * @param task the task that it is for; null for all
   */
  @GET
  @Path("new-budget")
  public RestResponse<String> ask(PageRequest page, @RestQuery @Nullable String task) {
    return pages.ask(BudgetHolder.ofProfile(page), Texts.given(task));
  }

  /** Creates a budget. */
  @POST
  @Path("new-budget")
  public RestResponse<String> create(PageRequest page) {
    return pages.create(BudgetHolder.ofProfile(page));
  }

  /** The page. */
  @GET
  @Path(ONE)
  public RestResponse<String> get(PageRequest page, @RestPath String budget) {
    return pages.get(BudgetHolder.ofProfile(page), budget);
  }

  /** The form of a budget. */
  @GET
  @Path(ONE + "/edit")
  public RestResponse<String> edit(PageRequest page, @RestPath String budget) {
    return pages.edit(BudgetHolder.ofProfile(page), budget);
  }

  /** Changes a budget. */
  @POST
  @Path(ONE + "/edit")
  public RestResponse<String> change(PageRequest page, @RestPath String budget) {
    return pages.change(BudgetHolder.ofProfile(page), budget);
  }

  /** Deletes it. */
  @POST
  @Path(ONE + "/delete")
  public RestResponse<String> delete(PageRequest page, @RestPath String budget) {
    return pages.delete(BudgetHolder.ofProfile(page), budget);
  }
}
