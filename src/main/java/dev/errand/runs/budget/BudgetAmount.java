package dev.errand.runs.budget;

import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.math.BigDecimal;

/** A part of a budget, in US dollars and in tokens. */
@RegisterForReflection
@ApiSchema("BudgetAmount")
public record BudgetAmount(@Field BigDecimal usd, @Field long tokens) {}
