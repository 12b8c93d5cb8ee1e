package dev.errand.runs.provider;

import dev.errand.base.secret.Sealed;
import java.time.Instant;
import java.util.Optional;

/** A provider with its sealed key, as it is asked for its models. */
record KeyedProvider(TaskProvider provider, Optional<Sealed> key, Instant modifiedAt) {}
