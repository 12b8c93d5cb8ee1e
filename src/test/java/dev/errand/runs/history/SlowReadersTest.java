package dev.errand.runs.history;

import static dev.errand.support.Api.SESSION;
import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.limit.ReadBudget;
import dev.errand.base.turn.RequestPools;
import dev.errand.base.turn.WorkOwner;
import dev.errand.support.Eventually;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Clients that read large entries slowly, or not at all: memory is held for them, and no turn of
 * others.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class SlowReadersTest {
  private static final int LONG = 16_000_000;
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final long HELD = EntryReader.heap(LONG);
  private static final int NUMBER = 1;
  private static final String RUN = "/tasks/slow/runs/one";
  private static final String OPERATION = "/api/profiles/~/default" + RUN;
  private static final String PAGE = "/console/admin/default" + RUN;

  @Inject ReadBudget budget;
  @Inject RequestPools pools;
  @Inject EntryReader reader;
  @Inject DataSource database;

  private final ScriptedModel model = new ScriptedModel();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private long run;

  @BeforeEach
  void aRunWithALargeEntryAndNoLargeOutput() throws Exception {
    register("slow", "Hello", model);
    trigger("slow", "one", Map.of());
    assertEquals("ready", ended("slow", "one").getString("status"));
    run = one("SELECT max(id) FROM run");
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      // More than the connections of the kernel take of it.
      statement.execute(
          """
          UPDATE run_entry SET entry = '{"msg":"message","exchange":{"role":"assistant","content":"'
            || repeat('x', %d) || '"}}' WHERE run_id = %d AND seq = %d"""
              .formatted(LONG, run, NUMBER));
    }
    Eventually.await("the requests before", () -> budget.used() == 0);
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
    api().delete(TASKS + "/slow?force=true").then().statusCode(204);
    model.close();
  }

  private long one(String query) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      assertTrue(result.next());
      return result.getLong(1);
    }
  }

  /** Sends a request, whose answer is not read. */
  private static Socket send(String path) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.connect(new InetSocketAddress("localhost", RestAssured.port));
    socket
        .getOutputStream()
        .write(
            "GET %s HTTP/1.1\r\nHost: localhost\r\nCookie: sessionId=%s\r\n\r\n"
                .formatted(path, SESSION)
                .getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static String status(Socket socket) throws IOException {
    return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
  }

  @Test
  void memoryIsHeldForWhoReadsNothing() throws Exception {
    for (String path :
        List.of(
            OPERATION,
            PAGE + "/entries/" + NUMBER + "/entry.json",
            // This one is sent as a whole.
            PAGE + "/entries/" + NUMBER + "/text.txt")) {
      try (Socket socket = send(path)) {
        assertEquals("HTTP/1.1 200", status(socket));
        for (int i = 0; i < 20; i++) {
          api().get(TASKS).then().statusCode(200);
        }
        assertTrue(budget.used() >= HELD, path + ": " + budget.used());
      }
      Eventually.await("nothing is held any more", () -> budget.used() == 0);
    }
  }

  @Test
  void whoReadsNothingMakesRoomForOthers() throws Exception {
    String path = PAGE + "/entries/" + NUMBER + "/entry.json";
    try (Socket stalled = send(path)) {
      assertEquals("HTTP/1.1 200", status(stalled));
      try (ReadBudget.Held others = budget.open("admin")) {
        others.holdHeap(budget.capacity() / 2 - HELD - HELD / 2);
        Eventually.await("somebody else is answered", SOON, () -> isAnswered(path));
      }
      assertThrows(IOException.class, () -> readWhole(stalled), "it was disconnected");
    }
    Eventually.await("nothing is held any more", () -> budget.used() == 0);
  }

  private static boolean isAnswered(String path) {
    try (Socket next = send(path)) {
      return status(next).endsWith("200");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void readWhole(Socket socket) throws IOException {
    long read = 0;
    try (InputStream from = socket.getInputStream()) {
      byte[] some = new byte[64 * 1024];
      for (int came = from.read(some); came > 0; came = from.read(some)) {
        read += came;
      }
    }
    if (read < LONG) {
      throw new EOFException("It ended after " + read + " bytes.");
    }
  }

  @Test
  void manyWhoReadNothingAreRefusedBeforeTheHeapIsFull() throws Exception {
    String path = PAGE + "/entries/" + NUMBER + "/entry.json";
    int fitting = 4;
    List<Socket> open = new ArrayList<>();
    // Others of the user have the rest of what one may have.
    try (ReadBudget.Held others = budget.open("admin")) {
      others.holdHeap(budget.capacity() / 2 - fitting * HELD);
      String answered = "HTTP/1.1 200";
      while (answered.endsWith("200") && open.size() <= fitting) {
        open.add(send(path));
        answered = status(open.getLast());
        assertTrue(budget.used() <= budget.capacity() / 2, "held: " + budget.used());
      }
      if (answered.endsWith("200")) {
        // On a machine so slow that the first had read nothing for long before the last came.
        assertThrows(IOException.class, () -> readWhole(open.getFirst()), "it was disconnected");
      } else {
        assertEquals("HTTP/1.1 503", answered);
      }
      assertTrue(open.size() > 1, "some were answered");
    } finally {
      for (Socket each : open) {
        each.close();
      }
    }
    Eventually.await("nothing is held any more", () -> budget.used() == 0);
  }

  @Test
  void largeEntriesAreReadInTurnsOfUsersWithoutThoseWhoDoNotRead() throws Exception {
    CountDownLatch stalled = new CountDownLatch(3);
    CountDownLatch over = new CountDownLatch(1);
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      all.add(
          threads.submit(
              () ->
                  reader.whole(
                      WorkOwner.user("ada"),
                      run,
                      NUMBER,
                      part -> {
                        stalled.countDown();
                        await(over);
                      })));
    }
    stalled.await();
    List<String> read = new ArrayList<>();
    reader.whole(WorkOwner.user("ada"), run, NUMBER, read::add);
    assertTrue(String.join("", read).length() > LONG, "others do not read, and hold no turn");
    over.countDown();
    for (Future<?> each : all) {
      each.get();
    }
    all.clear();

    // A transaction sees the activity of its first look for good, so another one looks.
    try (Connection lock = database.getConnection();
        Connection other = database.getConnection();
        Statement look = other.createStatement()) {
      lock.setAutoCommit(false);
      try (Statement statement = lock.createStatement()) {
        statement.execute("LOCK TABLE run_entry");
        for (String user : List.of("ada", "ada", "ada", "bob")) {
          all.add(
              threads.submit(() -> reader.whole(WorkOwner.user(user), run, NUMBER, part -> {})));
        }
        Eventually.await("two of them wait", SOON, () -> reader.waiting() == 2);
        Eventually.await(
            "one of each user reads",
            SOON,
            () -> {
              try (ResultSet reading =
                  look.executeQuery(
                      "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND"
                          + " query LIKE '%substring(convert_to(entry%'")) {
                return reading.next() && reading.getInt(1) == 2;
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            });
      } finally {
        lock.rollback();
        lock.setAutoCommit(true);
      }
    }
    for (Future<?> each : all) {
      each.get();
    }
  }

  @Test
  void pagesReadLargeEntriesInTurnsOfUsersAsLongAsTheirClientsWait() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    Future<?> other =
        threads.submit(
            () ->
                pools
                    .search()
                    .call(
                        WorkOwner.user("admin"),
                        () -> {
                          begun.countDown();
                          await(over);
                          return true;
                        }));
    begun.await();
    try (Socket left = send(PAGE)) {
      Eventually.await("the page waits for its turn", SOON, () -> pools.search().waiting() == 1);
      assertFalse(left.getInputStream().available() > 0);
    }
    Eventually.await("its client has left", () -> pools.search().waiting() == 0);
    try (Socket waits = send(PAGE)) {
      Eventually.await("the next one waits", () -> pools.search().waiting() == 1);
      over.countDown();
      assertEquals("HTTP/1.1 200", status(waits));
    }
    other.get();
  }

  private static void await(CountDownLatch over) {
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
