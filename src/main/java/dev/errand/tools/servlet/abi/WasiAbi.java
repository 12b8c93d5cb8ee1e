package dev.errand.tools.servlet.abi;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Memory;
import dev.errand.tools.servlet.limit.CallEnded;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/**
 * A sandboxed subset of WASI preview 1: clocks, random numbers, and output that is logged; no
 * files, environment, arguments or sockets.
 */
final class WasiAbi {
  private static final String MODULE = "wasi_snapshot_preview1";

  private static final int OK = 0;
  private static final int BAD_FD = 8;
  private static final int INVALID = 28;
  private static final int UNSUPPORTED = 52;

  /** The most bytes of one write that are logged. */
  private static final int MOST_BYTES = 1 << 16;

  private static final int MOST_VECTORS = 1024;
  private static final int MOST_SUBSCRIPTIONS = 64;

  /** Functions that always fail: all others that take a descriptor or a path. */
  private static final Map<String, String> REFUSED =
      Map.ofEntries(
          Map.entry("fd_advise", "illi"),
          Map.entry("fd_allocate", "ill"),
          Map.entry("fd_datasync", "i"),
          Map.entry("fd_fdstat_set_flags", "ii"),
          Map.entry("fd_fdstat_set_rights", "ill"),
          Map.entry("fd_filestat_get", "ii"),
          Map.entry("fd_filestat_set_size", "il"),
          Map.entry("fd_filestat_set_times", "illi"),
          Map.entry("fd_pread", "iiili"),
          Map.entry("fd_prestat_get", "ii"),
          Map.entry("fd_prestat_dir_name", "iii"),
          Map.entry("fd_pwrite", "iiili"),
          Map.entry("fd_readdir", "iiili"),
          Map.entry("fd_renumber", "ii"),
          Map.entry("fd_seek", "ilii"),
          Map.entry("fd_sync", "i"),
          Map.entry("fd_tell", "ii"),
          Map.entry("path_create_directory", "iii"),
          Map.entry("path_filestat_get", "iiiii"),
          Map.entry("path_filestat_set_times", "iiiilli"),
          Map.entry("path_link", "iiiiiii"),
          Map.entry("path_open", "iiiiillii"),
          Map.entry("path_readlink", "iiiiii"),
          Map.entry("path_remove_directory", "iii"),
          Map.entry("path_rename", "iiiiii"),
          Map.entry("path_symlink", "iiiii"),
          Map.entry("path_unlink_file", "iii"),
          Map.entry("sock_accept", "iii"),
          Map.entry("sock_recv", "iiiiii"),
          Map.entry("sock_send", "iiiii"),
          Map.entry("sock_shutdown", "ii"));

  private WasiAbi() {}

  static Stream<HostImport> imports() {
    return Stream.of(
            REFUSED.entrySet().stream()
                .map(e -> function(e.getKey(), e.getValue(), (call, in, a) -> BAD_FD)),
            process(),
            descriptors())
        .flatMap(s -> s);
  }

  private static Stream<HostImport> process() {
    return Stream.of(
        function("args_get", "ii", (call, in, a) -> OK),
        function("args_sizes_get", "ii", WasiAbi::none),
        function("environ_get", "ii", (call, in, a) -> OK),
        function("environ_sizes_get", "ii", WasiAbi::none),
        function(
            "clock_res_get",
            "ii",
            (call, in, a) -> {
              HostImport.memory(in).writeLong((int) a[1], 1000);
              return OK;
            }),
        function(
            "clock_time_get",
            "ili",
            (call, in, a) -> {
              HostImport.memory(in).writeLong((int) a[2], now(call, (int) a[0]));
              return OK;
            }),
        function("random_get", "ii", WasiAbi::random),
        function("sched_yield", "", (call, in, a) -> OK),
        function("poll_oneoff", "iiii", WasiAbi::poll),
        function("proc_raise", "i", (call, in, a) -> UNSUPPORTED),
        HostImport.of(
                MODULE,
                "proc_exit",
                "i",
                (call, in, a) -> {
                  throw new CallEnded.Exited((int) a[0]);
                })
            .alsoEarly());
  }

  private static Stream<HostImport> descriptors() {
    return Stream.of(
        function("fd_close", "i", (call, in, a) -> standard(a[0]) ? OK : BAD_FD),
        function("fd_fdstat_get", "ii", WasiAbi::describe),
        function(
            "fd_read",
            "iiii",
            (call, in, a) -> {
              if (a[0] != 0) {
                return BAD_FD;
              }
              HostImport.memory(in).writeI32((int) a[3], 0);
              return OK;
            }),
        // Not early: printed text is logged for a call.
        HostImport.of(MODULE, "fd_write", "iiii", 'i', WasiAbi::write));
  }

  private static HostImport function(String name, String params, HostImport.Returning body) {
    return HostImport.of(MODULE, name, params, 'i', body).alsoEarly();
  }

  private static boolean standard(long fd) {
    return fd >= 0 && fd <= 2;
  }

  private static long none(ServletCall call, Instance instance, long[] args) {
    var memory = HostImport.memory(instance);
    memory.writeI32((int) args[0], 0);
    memory.writeI32((int) args[1], 0);
    return OK;
  }

  private static long now(ServletCall call, int clock) {
    return clock == 0 ? call.timeOfDay() : call.elapsed();
  }

  private static long random(ServletCall call, Instance instance, long[] args) {
    var memory = HostImport.memory(instance);
    var at = (int) args[0];
    var left = (int) args[1];
    if (left < 0) {
      return INVALID;
    }
    while (left > 0) {
      call.stopIfInterrupted();
      var chunk = new byte[Math.min(left, MOST_BYTES)];
      call.random.nextBytes(chunk);
      memory.write(at, chunk);
      at += chunk.length;
      left -= chunk.length;
    }
    return OK;
  }

  /** The three standard descriptors are character devices, so that no library buffers or seeks. */
  private static long describe(ServletCall call, Instance instance, long[] args) {
    if (!standard(args[0])) {
      return BAD_FD;
    }
    var memory = HostImport.memory(instance);
    var at = (int) args[1];
    memory.write(at, new byte[24]);
    memory.writeByte(at, (byte) 2);
    return OK;
  }

  private static long write(ServletCall call, Instance instance, long[] args) {
    call.stopIfInterrupted();
    if (args[0] != 1 && args[0] != 2) {
      return BAD_FD;
    }
    var vectors = (int) args[2];
    if (vectors < 0 || vectors > MOST_VECTORS) {
      return INVALID;
    }
    var memory = HostImport.memory(instance);
    var written = 0L;
    for (var i = 0; i < vectors; i++) {
      var at = memory.readInt((int) args[1] + i * 8);
      var length = memory.readInt((int) args[1] + i * 8 + 4);
      var kept = Math.min(length, MOST_BYTES);
      call.print(args[0] == 2, memory.readBytes(at, kept));
      written += length;
    }
    memory.writeI32((int) args[3], (int) written);
    return OK;
  }

  /** Sleeps until the first clock of the subscriptions; a descriptor is never ready. */
  private static long poll(ServletCall call, Instance instance, long[] args) {
    var memory = HostImport.memory(instance);
    var count = (int) args[2];
    if (count <= 0 || count > MOST_SUBSCRIPTIONS) {
      return INVALID;
    }
    var shortest = Long.MAX_VALUE;
    var first = -1;
    for (var i = 0; i < count; i++) {
      var at = (int) args[0] + i * 48;
      if (memory.read(at + 8) != 0) {
        continue;
      }
      var timeout = memory.readLong(at + 24);
      var absolute = (memory.readShort(at + 40) & 1) != 0;
      var left = absolute ? timeout - now(call, memory.readInt(at + 16)) : timeout;
      if (left < shortest) {
        shortest = left;
        first = i;
      }
    }
    if (first < 0) {
      return UNSUPPORTED;
    }
    sleep(call, Math.max(0, shortest));
    event(memory, (int) args[0] + first * 48, (int) args[1]);
    memory.writeI32((int) args[3], 1);
    return OK;
  }

  private static void event(Memory memory, int subscription, int at) {
    var userdata = memory.readLong(subscription);
    memory.write(at, new byte[32]);
    memory.writeLong(at, userdata);
  }

  private static void sleep(ServletCall call, long nanos) {
    try {
      call.core.without(
          () -> {
            Thread.sleep(nanos / 1_000_000, (int) (nanos % 1_000_000));
            return true;
          });
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CallEnded.Interrupted();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
