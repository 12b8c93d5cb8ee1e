package dev.errand.tools.servlet.host;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.egress.client.GuardedHttp;
import dev.errand.support.Eventually;
import dev.errand.tools.port.ToolCall;
import dev.errand.tools.port.ToolLog;
import dev.errand.tools.port.ToolResult;
import dev.errand.tools.servlet.abi.InvalidServletException;
import dev.errand.tools.servlet.limit.Grant;
import dev.errand.tools.servlet.limit.HttpBudget;
import dev.errand.tools.servlet.limit.Limits;
import dev.errand.tools.servlet.limit.ServletConfig;
import dev.errand.tools.servlet.module.CodeStore;
import dev.errand.tools.servlet.module.Engine;
import dev.errand.tools.servlet.module.PrebuiltModules;
import dev.errand.tools.servlet.module.ServletModule;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** A host with the default limits but for those that a test sets, and the servlets of the tests. */
public final class Fixture {
  public static final GuardedHttp NO_HTTP =
      request -> {
        throw new IOException("no network in this test");
      };

  private final ServletHost host;

  public Fixture(Engine engine, GuardedHttp http, CodeStore store, String... settings) {
    this.host = new ServletHost(limits(settings), http, engine, PrebuiltModules.NONE, store);
  }

  public Fixture(Engine engine, GuardedHttp http, String... settings) {
    this(engine, http, CodeStore.NONE, settings);
  }

  public Fixture(Engine engine, String... settings) {
    this(engine, NO_HTTP, settings);
  }

  public static Limits limits(String... settings) {
    var builder =
        new SmallRyeConfigBuilder()
            .withMapping(ServletConfig.class)
            .withConverter(MemorySize.class, 100, new MemorySizeConverter());
    for (var i = 0; i < settings.length; i += 2) {
      builder.withDefaultValue("errand.servlet." + settings[i], settings[i + 1]);
    }
    return Limits.of(builder.build().getConfigMapping(ServletConfig.class));
  }

  public ServletHost host() {
    return host;
  }

  public ServletModule load(String name) throws InvalidServletException, InterruptedException {
    var wasm = wasm(name);
    return host.load(address(wasm), wasm);
  }

  public ToolResult call(String name) throws InvalidServletException, InterruptedException {
    return host.call(load(name), Grant.NONE, "probe", call(ToolLog.NONE));
  }

  /**
   * Waits until a short servlet returns what it should, which needs a core: where calls have little
   * time, it may also take too long, on a busy machine.
   */
  public void awaitCount() {
    Eventually.await("a call of count", this::counts);
  }

  private boolean counts() {
    try {
      return call("count").equals(ToolResult.text("00001001"));
    } catch (InvalidServletException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public ToolResult call(String name, Grant grant, ToolLog log)
      throws InvalidServletException, InterruptedException {
    return call(name, "probe", grant, log);
  }

  public ToolResult call(String name, String tool, Grant grant, ToolLog log)
      throws InvalidServletException, InterruptedException {
    return host.call(load(name), grant, tool, call(log));
  }

  public static Grant grant(List<String> hosts, Map<String, String> config) {
    return new Grant(hosts, config, HttpBudget.UNLIMITED);
  }

  public static ToolCall call(ToolLog log) {
    return new ToolCall("call_1", arguments(Map.of()), Instant.MAX, log);
  }

  public static ObjectNode arguments(Map<String, String> arguments) {
    var node = JsonMapper.builder().build().createObjectNode();
    arguments.forEach(node::put);
    return node;
  }

  public static byte[] wasm(String name) {
    try (var in = Fixture.class.getResourceAsStream("/servlets/" + name + ".wasm")) {
      if (in == null) {
        throw new IllegalArgumentException(name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static String address(byte[] wasm) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(wasm));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
