package dev.parley.clickhouse;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.StringArray;
import java.nio.file.Path;
import java.util.Map;

/**
 * The engine of this process, over one data directory. Each request gets a {@linkplain #session
 * session} of its own: the connection costs less than a millisecond, runs one statement at a time
 * beside those of others, and takes its settings and its database with it when it is closed.
 *
 * <p>The process must run with {@code libjsig.so} of its JDK preloaded. The engine resets the
 * handlers of SIGSEGV and the like whenever a connection is opened, and without those the JVM dies
 * of its next implicit null check.
 */
final class ChdbEngine {
  private static final long MAX_QUERY_BYTES = 2_000_000_000;

  private final LibChdb library;
  private final String dataDirectory;

  private ChdbEngine(LibChdb library, String dataDirectory) {
    this.library = library;
    this.dataDirectory = dataDirectory;
  }

  /**
   * Loads the engine, once in a process, and opens its data.
   *
   * @param dataDirectory used by no other process
   * @throws IllegalStateException without {@code libjsig.so}, and when the engine does not start;
   *     it tells why on stderr
   */
  static ChdbEngine start(Path libraryFile, Path dataDirectory) {
    if (!System.getenv().getOrDefault("LD_PRELOAD", "").contains("libjsig.so")) {
      throw new IllegalStateException(
          "Start this process with LD_PRELOAD=$JAVA_HOME/lib/libjsig.so: the engine resets the"
              + " signal handlers that the JVM lives on.");
    }
    LibChdb library =
        Native.load(
            libraryFile.toAbsolutePath().toString(),
            LibChdb.class,
            Map.of(Library.OPTION_STRING_ENCODING, "UTF-8"));
    library.chdb_set_signal_handlers_enabled(0);
    ChdbEngine engine = new ChdbEngine(library, dataDirectory.toAbsolutePath().toString());
    // Never closed: the engine ends with its last connection and can't be started again.
    engine.connect();
    return engine;
  }

  /** Opens a session with the default database and settings. */
  ChdbSession session() {
    return new ChdbSession(library, connect());
  }

  private Pointer connect() {
    String[] arguments = {
      "clickhouse", "--path=" + dataDirectory, "--max_memory_usage=" + MAX_QUERY_BYTES
    };
    Pointer connection =
        library.chdb_connect(arguments.length, new StringArray(arguments, "UTF-8"));
    if (connection == null) {
      throw new IllegalStateException("The engine can not open " + dataDirectory + ".");
    }
    return connection;
  }
}
