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
 * The database can't be reached, or refused a statement: {@link Outage} distinguishes the two. The
 * database's own message, which may contain values of rows, is only in the cause.
 */
public final class DatabaseException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  private static final int DEEPEST = 20;

  private final boolean uniqueViolation;
  private final boolean diskFull;
  private final String reason;

  DatabaseException(SQLException cause) {
    super(
        "The database did not run a statement ("
            + (cause.getSQLState() == null ? "no connection" : "SQLSTATE " + cause.getSQLState())
            + ").",
        cause);
    this.reason = Reason.of(cause);
    this.uniqueViolation = PSQLState.UNIQUE_VIOLATION.getState().equals(cause.getSQLState());
    this.diskFull = DiskSpace.isLackBehind(cause);
    DiskSpace.note(cause);
  }

  /** The database's own message, for the operator only. */
  public String reason() {
    return reason;
  }

  /**
   * The name of the foreign key that refused a row, in this exception or its causes: the row refers
   * to a missing row, or it is to be deleted and still referred to.
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

  /** Whether a row was deleted between being read and being changed or read again. */
  public static boolean isOfDeletedRow(Throwable problem) {
    // No entity has a version, so that these have no other cause.
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

  /** Whether a row was refused because it would violate a unique constraint. */
  public boolean isUniqueViolation() {
    return uniqueViolation;
  }

  /** Whether the disk of the database is full. */
  public boolean isDiskFull() {
    return diskFull;
  }
}
