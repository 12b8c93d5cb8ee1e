package dev.errand.base.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.http.HttpClosedException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.sql.SQLException;
import org.jboss.resteasy.reactive.RestResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

class ProblemMapperTest {
  private final ProblemMapper mapper = new ProblemMapper(request -> {});

  @Test
  void aRequestThatItsSenderBrokeOffIsNoIncident() {
    assertEquals(400, mapper.other(new IOException(new ClosedChannelException())).getStatus());
    HttpClosedException closed = new HttpClosedException("Connection was closed");
    assertEquals(400, mapper.other(new IOException(closed)).getStatus());
    assertEquals(400, mapper.other(closed).getStatus());
    assertEquals(400, mapper.other(new IOException(new IOException(closed))).getStatus());
    assertEquals(500, mapper.other(new IOException("The disk is gone.")).getStatus());
  }

  @ParameterizedTest
  @CsvSource({
    "08006,503,The database can't be reached: try again.",
    "55000,503,The database can't be reached: try again.",
    "57014,503,The database had no time for this: try again.",
    "40P01,503,The database had no time for this: try again.",
  })
  void transientErrorsAreToBeRetried(String state, int status, String detail) {
    RestResponse<Problem> answer =
        mapper.other(new IllegalStateException(new SQLException("No.", state)));

    assertEquals(status, answer.getStatus());
    assertEquals(detail, answer.getEntity().detail());
    assertEquals("5", answer.getHeaderString("Retry-After"));
  }

  @Test
  void refusalsOfTheDatabaseAreIncidents() {
    assertEquals(
        500, mapper.other(new IllegalStateException(new SQLException("No.", "23505"))).getStatus());
  }

  @ParameterizedTest
  @CsvSource({
    "run_profile_id_fkey,404,not_found",
    "run_task_id_fkey,404,not_found",
    "profile_account_id_fkey,404,not_found",
    "run_entry_run_id_fkey,500,internal",
    "servlet_version_address_fkey,500,internal",
  })
  void onlyWhatMayBeDeletedAtAnyTimeIsNotFound(String key, int status, String code) {
    PSQLException refused =
        new PSQLException(new ServerErrorMessage("SERROR\0C23503\0MNo.\0n" + key + "\0"));

    RestResponse<Problem> answer = mapper.other(new IllegalStateException(refused));

    assertEquals(status, answer.getStatus());
    assertEquals(code, answer.getEntity().code());
  }
}
