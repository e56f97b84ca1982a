package dev.parley.clickhouse;

import com.sun.jna.Library;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A {@link ChdbServer} of this JVM, over one data directory and, after its first start, on one
 * port. It ends with this JVM, whatever happens to that; {@code server.log} in the data directory
 * has what it says.
 */
final class ChdbProcess implements AutoCloseable {
  private static final int START_SECONDS = 60;

  private final Path library;
  private final Path dataDirectory;
  private final String user;
  private final String password;
  private Process process;
  private int port;

  private ChdbProcess(Path library, Path dataDirectory, String user, String password) {
    this.library = library;
    this.dataDirectory = dataDirectory;
    this.user = user;
    this.password = password;
    this.process = launch();
  }

  /**
   * Starts a server on a free port and returns when it serves.
   *
   * @param dataDirectory created when it is missing; no other process may use it
   * @throws UncheckedIOException with the end of the log, when it does not start
   */
  static ChdbProcess start(Path library, Path dataDirectory, String user, String password) {
    return new ChdbProcess(library, dataDirectory, user, password);
  }

  int port() {
    return port;
  }

  /** Kills it as {@code kill -9} does, running or paused, and returns when it is gone. */
  void kill() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while ClickHouse ended", e);
    }
  }

  /** Kills it if it runs, and starts it again over the same data and on the same port. */
  void restart() {
    kill();
    process = launch();
  }

  /** Stops all its threads: it keeps its connections and answers nothing until {@link #resume}. */
  void pause() {
    signal("STOP");
  }

  /** Goes on after {@link #pause}. */
  void resume() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      Process kill =
          new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start();
      if (kill.waitFor() != 0) {
        throw new IllegalStateException("kill -" + name + " " + process.pid() + " failed");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while sending " + name, e);
    }
  }

  @Override
  public void close() {
    kill();
  }

  private Process launch() {
    Path log = dataDirectory.resolve("server.log");
    try {
      Files.createDirectories(dataDirectory);
      ProcessBuilder command =
          new ProcessBuilder(command())
              .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
      command.environment().put("LD_PRELOAD", libjsig().toString());
      Process launched = command.start();
      try {
        port = readyPort(launched, log);
      } catch (IOException e) {
        launched.destroyForcibly();
        throw e;
      }
      return launched;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> command() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx512m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-XX:ErrorFile=" + dataDirectory.resolve("hs_err_pid%p.log"),
        "-classpath",
        Stream.of(Library.class, ChdbServer.class)
            .map(ChdbProcess::whence)
            .collect(Collectors.joining(System.getProperty("path.separator"))),
        ChdbServer.class.getName(),
        library.toString(),
        dataDirectory.toString(),
        Integer.toString(port),
        user,
        password);
  }

  private static String whence(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("The place of " + type, e);
    }
  }

  private static Path libjsig() throws IOException {
    Path file = Path.of(System.getProperty("java.home"), "lib", "libjsig.so");
    if (!Files.exists(file)) {
      throw new IOException("This JDK has no " + file + ", which the ClickHouse for tests needs.");
    }
    return file;
  }

  private static int readyPort(Process launched, Path log) throws IOException {
    BufferedReader out =
        new BufferedReader(
            new InputStreamReader(launched.getInputStream(), StandardCharsets.UTF_8));
    CompletableFuture<String> line =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return String.valueOf(out.readLine());
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    try {
      String ready = line.get(START_SECONDS, TimeUnit.SECONDS);
      if (ready.startsWith("ready ")) {
        return Integer.parseInt(ready.substring("ready ".length()));
      }
    } catch (TimeoutException | ExecutionException e) {
      throw new IOException("ClickHouse did not start:\n" + Files.readString(log), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while ClickHouse started", e);
    }
    throw new IOException("ClickHouse did not start:\n" + Files.readString(log));
  }
}
