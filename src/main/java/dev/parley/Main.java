package dev.parley;

import dev.parley.auth.SecretKeyFile;
import dev.parley.cli.CommandLine;
import dev.parley.cli.Console;
import dev.parley.journal.DatabaseException;
import dev.parley.journal.EmbeddedPostgres;
import dev.parley.ops.logs.LogFormat;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/**
 * Runs a command of {@link CommandLine}. Without one, or with {@code serve}: starts the server,
 * says when it serves, and stops it at a signal. With {@code database}: the same with the embedded
 * PostgreSQL alone, for several nodes of one machine.
 */
public final class Main {
  private static final Logger log = LoggerFactory.getLogger(Main.class);
  private static final int CONFIGURATION_ERROR = 2;

  /** What goes on until a signal. */
  private interface Work {
    void run(PrintStream out, CountDownLatch stop) throws Exception;
  }

  private Main() {}

  public static void main(String[] args) {
    List<String> arguments = List.of(args);
    if (arguments.isEmpty() || arguments.equals(List.of("serve"))) {
      untilSignal(Main::serve);
    } else if (arguments.equals(List.of("database"))) {
      untilSignal(Main::database);
    } else {
      Console console = new Console(System.getenv(), System.in, System.out, System.err);
      int code = CommandLine.run(arguments, console, new LocalDoctor());
      System.out.flush();
      exit(code);
    }
  }

  private static void untilSignal(Work work) {
    // On a machine of two cores the JDK would else start a thread for each asynchronous step.
    System.setProperty("java.util.concurrent.ForkJoinPool.common.parallelism", "2");
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) ->
            log.error("Nobody caught what ended the thread {}", thread.getName(), failure));
    // Libraries that print do so to standard error; standard output is for one line.
    PrintStream out = System.out;
    System.setOut(System.err);
    CountDownLatch stop = new CountDownLatch(1);
    Signal.handle(new Signal("TERM"), signal -> stop.countDown());
    Signal.handle(new Signal("INT"), signal -> stop.countDown());
    try {
      work.run(out, stop);
      exit(0);
    } catch (ConfigurationException | DatabaseException e) {
      System.err.println(e.getMessage());
      exit(CONFIGURATION_ERROR);
    } catch (Exception e) {
      System.err.println("Ended by " + e);
      exit(1);
    }
  }

  private static void serve(PrintStream out, CountDownLatch stop) throws Exception {
    Settings settings = Settings.load();
    settings.watching().logFormat().use();
    try (Server server = Server.start(settings)) {
      showGeneratedKey(settings);
      out.println("Parley ready on http://" + settings.httpAddress().host() + ":" + server.port());
      out.flush();
      server.lost().thenRun(stop::countDown);
      stop.await();
      if (server.lost().toCompletableFuture().isDone()) {
        // Nothing of it may be handed over or written any more.
        System.err.println(
            "The other nodes have removed this one from the cluster, since they could not reach"
                + " it. It ends; started again, it joins them anew.");
        exit(1);
      }
    }
  }

  private static void database(PrintStream out, CountDownLatch stop) throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(Settings.load().dataDirectory())) {
      out.println("PostgreSQL ready on " + postgres.address().url());
      out.flush();
      stop.await();
    }
  }

  /**
   * A configured key is known to whoever configured it, and production has no other. Machines that
   * read the log have no use for it.
   */
  private static void showGeneratedKey(Settings settings) {
    if (settings.watching().logFormat() == LogFormat.JSON) {
      return;
    }
    settings
        .generatedKey()
        .ifPresent(
            key ->
                System.err.printf(
                    "Secret key (development): %s, kept in %s%n",
                    key, settings.dataDirectory().resolve(SecretKeyFile.NAME)));
  }

  /** Without shutdown hooks: everything has been stopped in its order already. */
  private static void exit(int code) {
    Runtime.getRuntime().halt(code);
  }
}
