package dev.errand.runs.budget;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import dev.errand.base.http.Tagged;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A budget, as the API shows it. */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
@ApiSchema("Budget")
public record BudgetView(
    @Field String name,
    @JsonUnwrapped BudgetSettings settings,
    @Field(
            "What the present period has spent. Absent with the period `run`, as are `reserved` and"
                + " `unconfirmed`.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable BudgetAmount spent,
    @Field("The most that requests can cost which wait for their answers; it is not in `spent`.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable BudgetAmount reserved,
    @Field(
            "The part of `spent` that no server has confirmed, since its answer was lost, or did"
                + " not say what it used: the most that the requests could cost.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable BudgetAmount unconfirmed,
    @Field(
            "When the next day or month begins by the clock of the database; null with the period"
                + " `run`.")
        @Nullable Instant resetsAt,
    @Field Instant createdAt,
    @Field Instant modifiedAt,
    @JsonIgnore long etag)
    implements Tagged {}
