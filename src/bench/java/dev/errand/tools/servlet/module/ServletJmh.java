package dev.errand.tools.servlet.module;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.database.Sql;
import dev.errand.base.egress.client.GuardedHttp;
import dev.errand.base.secret.OtherKey;
import dev.errand.tools.port.ToolCall;
import dev.errand.tools.port.ToolLog;
import dev.errand.tools.port.ToolResult;
import dev.errand.tools.port.ToolSpec;
import dev.errand.tools.servlet.host.ServletHost;
import dev.errand.tools.servlet.limit.Grant;
import dev.errand.tools.servlet.limit.HttpBudget;
import dev.errand.tools.servlet.limit.Limits;
import dev.errand.tools.servlet.limit.ServletConfig;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.BenchmarkParams;

/** How long servlets take, each measured in processes of their own. */
@State(Scope.Benchmark)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class ServletJmh {
  /** The folder with the code that an earlier process compiled. */
  static final String FOLDER = "errand.benchmark.code";

  /** The servlets, smallest first. */
  @Param({"sha256", "echo", "calc", "fetch", "time", "go"})
  public String name;

  private Subject subject;
  private byte[] wasm;
  private String address;
  private ServletHost cold;
  private ServletHost warm;
  private ServletModule module;

  @Setup
  public void prepare(BenchmarkParams running) throws Exception {
    subject = Subject.valueOf(name);
    wasm = subject.wasm();
    address = ContentAddress.of(wasm).hex();
    cold = host(Engine.COMPILED, CodeStore.NONE);
    warm = host(Engine.COMPILED, store());
    if (running.getBenchmark().endsWith("warmNextCall")) {
      Subject other = subject == Subject.echo ? Subject.calc : Subject.echo;
      other.call(warm, other.load(warm));
    }
  }

  @TearDown
  public void forget() {
    module = null;
  }

  /** What follows an upload: the module is parsed, checked, compiled, and describes its tools. */
  @Benchmark
  @BenchmarkMode(Mode.SingleShotTime)
  @Fork(3)
  public List<ToolSpec> upload() throws Exception {
    return cold.describe(cold.load(address, wasm));
  }

  /** The first call in a process, of a module that was never compiled. */
  @Benchmark
  @BenchmarkMode(Mode.SingleShotTime)
  @Fork(3)
  public ToolResult coldFirstCall() throws Exception {
    return subject.call(cold, cold.load(address, wasm));
  }

  /** The first call in a process, of a module whose code an earlier process kept. */
  @Benchmark
  @BenchmarkMode(Mode.SingleShotTime)
  @Fork(3)
  public ToolResult warmFirstCall() throws Exception {
    return subject.call(warm, warm.load(address, wasm));
  }

  /** The same in a process that has called another servlet before, and so has loaded its host. */
  @Benchmark
  @BenchmarkMode(Mode.SingleShotTime)
  @Fork(3)
  public ToolResult warmNextCall() throws Exception {
    return subject.call(warm, warm.load(address, wasm));
  }

  /** One call after many. */
  @Benchmark
  @BenchmarkMode(Mode.SampleTime)
  @Fork(1)
  @Warmup(iterations = 4, time = 2)
  @Measurement(iterations = 3, time = 1)
  public ToolResult steady() throws Exception {
    if (module == null) {
      module = warm.load(address, wasm);
    }
    return subject.call(warm, module);
  }

  /** Compiles servlets into the folder, as an earlier process would have. */
  static void fill(List<Subject> subjects) throws Exception {
    for (var subject : subjects) {
      subject.load(host(Engine.COMPILED, store()));
    }
  }

  static ServletHost host(Engine engine, CodeStore store) {
    var page = Subject.PAGE.getBytes(StandardCharsets.UTF_8);
    GuardedHttp http =
        request ->
            new GuardedHttp.Answer(
                200,
                Map.of("content-type", List.of("text/html; charset=utf-8")),
                page,
                URI.create("http://example.org/"));
    return new ServletHost(
        Limits.of(
            new SmallRyeConfigBuilder()
                .withMapping(ServletConfig.class)
                .withConverter(MemorySize.class, 100, new MemorySizeConverter())
                .build()
                .getConfigMapping(ServletConfig.class)),
        http,
        engine,
        PrebuiltModules.NONE,
        store);
  }

  /** The store of the service, with the folder alone. */
  private static CodeStore store() {
    var database =
        (DataSource)
            Proxy.newProxyInstance(
                ServletJmh.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, arguments) -> {
                  throw new SQLException("no database here");
                });
    var folder = new CodeFolder(Path.of(System.getProperty(FOLDER)), 1L << 30, Clock.systemUTC());
    return new SealedCodeStore(new Sql(database), OtherKey.box(), folder);
  }

  /** A servlet and what it is called with. */
  enum Subject {
    sha256("src/test/resources/servlets/c_sha256.wasm", "sha256", "{}"),
    echo("src/test/resources/servlets/c_echo.wasm", "echo", "{\"text\":\"abc\"}"),
    calc(
        "src/main/resources/servlets/calc.wasm",
        "calculate",
        "{\"expression\":\"sqrt(2)*3^100/7\"}"),
    fetch("src/main/resources/servlets/fetch.wasm", "fetch", "{\"url\":\"http://example.org/\"}"),
    time("src/main/resources/servlets/time.wasm", "now", "{\"timezone\":\"Europe/Vienna\"}"),
    go("src/test/resources/servlets/go_probe.wasm", "echo", "{\"text\":\"abc\"}");

    /** A page as sites have them: menus, headings, prose with links, lists, tables and code. */
    static final String PAGE = page();

    final Path file;
    final String tool;
    final String arguments;

    Subject(String file, String tool, String arguments) {
      this.file = Path.of(file);
      this.tool = tool;
      this.arguments = arguments;
    }

    byte[] wasm() throws IOException {
      return Files.readAllBytes(file);
    }

    ServletModule load(ServletHost host) throws Exception {
      var wasm = wasm();
      return host.load(ContentAddress.of(wasm).hex(), wasm);
    }

    ToolResult call(ServletHost host, ServletModule module) throws Exception {
      var node = (ObjectNode) JsonMapper.builder().build().readTree(arguments);
      var grant = new Grant(List.of("*"), Map.of(), HttpBudget.UNLIMITED);
      var call = new ToolCall("call", node, Instant.MAX, ToolLog.NONE);
      var result = host.call(module, grant, tool, call);
      if (result.isError()) {
        throw new IllegalStateException(result.joinedText());
      }
      return result;
    }

    private static String page() {
      var page = new StringBuilder("<!DOCTYPE html><html lang=en><head><meta charset=utf-8>");
      page.append("<title>Tidal power</title><style>body{margin:0}a{color:#06c}</style>");
      page.append(
          "<script>window.dataLayer=[];function gtag(){dataLayer.push(arguments)}</script>");
      page.append("</head><body><nav><ul>");
      for (var i = 0; i < 60; i++) {
        page.append(
            "<li class=\"item item-%d\"><a href=\"/wiki/%d\">Menu &amp; %d</a></li>\n"
                .formatted(i, i, i));
      }
      page.append("</ul></nav><main>");
      for (var i = 0; i < 40; i++) {
        page.append("<h2 id=\"s%d\">Section %d</h2>\n<p>".formatted(i, i));
        for (var j = 0; j < 6; j++) {
          page.append(
              "The <b>tidal range</b> at <a href=\"/place/%d?q=%d&amp;x=1\">station&nbsp;%d</a> is"
                      .formatted(i, j, j)
                  + " about %d.%d&nbsp;m, which is &ldquo;<em>enough</em>&rdquo; for a barrage,"
                      .formatted(i % 9, j)
                  + " though not always&#8212;see <code>range &gt; 5</code> and the notes below. ");
        }
        page.append(
            "</p>\n<ul><li>one <i>item</i></li><li>another<ul><li>inner</li></ul></li></ul>");
        if (i % 4 == 0) {
          page.append("<table><thead><tr><th>Place</th><th>Range</th><th>Power</th></tr></thead>");
          for (var j = 0; j < 8; j++) {
            page.append(
                "<tr><td>Place %d</td><td>%d m</td><td>%d MW</td></tr>\n"
                    .formatted(j, j + 2, j * 31));
          }
          page.append("</table><pre><code>if (range &lt; 5) {\n  return;\n}\n</code></pre>");
        }
      }
      return page.append("</main><footer>&copy; 2026</footer></body></html>").toString();
    }
  }
}
