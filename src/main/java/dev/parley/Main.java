package dev.parley;

import dev.parley.auth.SecretKeyFile;
import dev.parley.cli.CommandLine;
import dev.parley.cli.Console;
import dev.parley.journal.DatabaseException;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import sun.misc.Signal;

/**
 * Runs a command of {@link CommandLine}. Without one, or with {@code serve}: starts the server,
 * says when it serves, and stops it at a signal.
 */
public final class Main {
  private static final int CONFIGURATION_ERROR = 2;

  private Main() {}

  public static void main(String[] args) throws InterruptedException {
    List<String> arguments = List.of(args);
    if (arguments.isEmpty() || arguments.equals(List.of("serve"))) {
      serve();
    } else {
      Console console = new Console(System.getenv(), System.out, System.err);
      int code = CommandLine.run(arguments, console);
      System.out.flush();
      exit(code);
    }
  }

  private static void serve() throws InterruptedException {
    // On a machine of two cores the JDK would else start a thread for each asynchronous step.
    System.setProperty("java.util.concurrent.ForkJoinPool.common.parallelism", "2");
    // Libraries that print do so to standard error; standard output is for the line below.
    PrintStream out = System.out;
    System.setOut(System.err);
    CountDownLatch stop = new CountDownLatch(1);
    Signal.handle(new Signal("TERM"), signal -> stop.countDown());
    Signal.handle(new Signal("INT"), signal -> stop.countDown());
    try {
      Settings settings = Settings.load();
      try (Server server = Server.start(settings)) {
        showGeneratedKey(settings);
        out.println(
            "Parley ready on http://" + settings.httpAddress().host() + ":" + server.port());
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
      exit(0);
    } catch (ConfigurationException | DatabaseException e) {
      System.err.println(e.getMessage());
      exit(CONFIGURATION_ERROR);
    } catch (Exception e) {
      e.printStackTrace();
      exit(1);
    }
  }

  /** A configured key is known to whoever configured it, and production has no other. */
  private static void showGeneratedKey(Settings settings) {
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
