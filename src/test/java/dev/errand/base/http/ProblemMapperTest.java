package dev.errand.base.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.http.HttpClosedException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProblemMapperTest {
  static Stream<Throwable> endsOfConnections() {
    return Stream.of(
        new IOException(new ClosedChannelException()),
        new IOException(new HttpClosedException("Connection was closed")),
        new HttpClosedException("Connection was closed"));
  }

  @ParameterizedTest
  @MethodSource("endsOfConnections")
  void aClientThatHangsUpIsNoErrorOfTheService(Throwable e) {
    assertEquals(400, new ProblemMapper().other(e).getStatus());
  }
}
