package dev.errand.base.database;

import dev.errand.base.error.Reason;
import jakarta.persistence.EntityNotFoundException;
import jakarta.persistence.OptimisticLockException;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.hibernate.StaleStateException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.postgresql.util.ServerErrorMessage;

/**
 * The database can't be reached, or refused a statement: {@link Outage} tells which. Its own words,
 * which may hold values of rows, are in the cause alone.
 */
public final class DatabaseException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  private static final int DEEPEST = 20;

  private final boolean uniqueViolation;
  private final String reason;

  DatabaseException(SQLException cause) {
    super(
        "The database did not run a statement ("
            + (cause.getSQLState() == null ? "no connection" : "SQLSTATE " + cause.getSQLState())
            + ").",
        cause);
    this.reason = Reason.of(cause);
    this.uniqueViolation = PSQLState.UNIQUE_VIOLATION.getState().equals(cause.getSQLState());
  }

  /** What the database says of it, for the operator alone. */
  public String reason() {
    return reason;
  }

  /**
   * The name of the foreign key by which a row was refused, here or deeper: one that it refers to
   * is not there, or one that is to be deleted is referred to.
   *
   * @return empty for any other problem
   */
  public static Optional<String> violatedForeignKey(Throwable problem) {
    return chain(problem)
        .filter(PSQLException.class::isInstance)
        .map(PSQLException.class::cast)
        .filter(sql -> PSQLState.FOREIGN_KEY_VIOLATION.getState().equals(sql.getSQLState()))
        .findFirst()
        .map(PSQLException::getServerErrorMessage)
        .map(ServerErrorMessage::getConstraint);
  }

  /** Whether a row that was read is not there any more when it is changed or read again. */
  public static boolean isOfDeletedRow(Throwable problem) {
    // No row has a version, so that nothing else makes these.
    return chain(problem)
        .anyMatch(
            cause ->
                cause instanceof EntityNotFoundException
                    || cause instanceof OptimisticLockException
                    || cause instanceof StaleStateException);
  }

  private static Stream<Throwable> chain(Throwable problem) {
    return Stream.iterate(problem, Objects::nonNull, Throwable::getCause).limit(DEEPEST);
  }

  /** Whether a row was refused because there is one like it that may be there once only. */
  public boolean isUniqueViolation() {
    return uniqueViolation;
  }
}
