package dev.parley.journal;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Runs {@code initdb}, {@code pg_ctl} and {@code postgres}. They refuse to run as root; root runs
 * them in a user namespace without a mapping ({@code unshare -U}), where they see an ordinary user
 * and still own root's files.
 */
final class PostgresPrograms {
  /** Long enough for the recovery of a large journal on a slow disk. */
  static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final Pattern VERSION = Pattern.compile("PostgreSQL\\) (\\d+)");

  private final PostgresBinaries binaries;
  private final boolean root = new UnixSystem().getUid() == 0;

  PostgresPrograms(PostgresBinaries binaries) {
    this.binaries = binaries;
  }

  /** Where this data directory's programs are, of every version it ever ran. */
  Path home() {
    return binaries.directory().getParent();
  }

  /** The major version that these programs write and read, such as 18. */
  int majorVersion() {
    String output = run("postgres", List.of("--version"));
    Matcher version = VERSION.matcher(output);
    if (!version.find()) {
      throw new DatabaseException("postgres --version answered: " + output);
    }
    return Integer.parseInt(version.group(1));
  }

  /**
   * Runs a program to its end and returns what it printed.
   *
   * @throws DatabaseException with the program's output when it fails or takes longer than {@link
   *     #PATIENCE}
   */
  String run(String program, List<String> arguments) {
    Path output = null;
    try {
      // A file, not a pipe: a server left running by pg_ctl could keep a pipe open for ever.
      output = Files.createTempFile(home(), "output-", ".txt");
      int status = await(program, start(program, arguments, output));
      String printed = Files.readString(output).strip();
      if (status != 0) {
        throw root && printed.startsWith("unshare:")
            ? cannotRunAsRoot(printed, null)
            : new DatabaseException(program + " failed with status " + status + ": " + printed);
      }
      return printed;
    } catch (IOException e) {
      throw root && String.valueOf(e.getMessage()).contains("\"unshare\"")
          ? cannotRunAsRoot(e.getMessage(), e)
          : new DatabaseException("PostgreSQL's " + program + " could not be run: " + e, e);
    } finally {
      if (output != null) {
        output.toFile().delete();
      }
    }
  }

  private Process start(String program, List<String> arguments, Path output) throws IOException {
    List<String> command = new ArrayList<>();
    if (root) {
      command.addAll(List.of("unshare", "-U"));
    }
    command.add(binaries.program(program).toString());
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    // Neither PGPORT, PGOPTIONS and their like nor a locale of the caller may change the server.
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    builder.environment().put("LC_ALL", "C");
    return builder.start();
  }

  private static int await(String program, Process process) {
    try {
      if (process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        return process.exitValue();
      }
      throw new DatabaseException(
          "PostgreSQL's " + program + " has not finished after " + PATIENCE.toSeconds() + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DatabaseException("Interrupted while PostgreSQL's " + program + " ran", e);
    } finally {
      process.destroy();
    }
  }

  private static DatabaseException cannotRunAsRoot(String seen, @Nullable Throwable cause) {
    return new DatabaseException(
        "PostgreSQL does not run as root, and `unshare -U` is not possible here ("
            + seen
            + "). Run Parley as an ordinary user, or use a PostgreSQL server of your own and give"
            + " Parley its address.",
        cause);
  }
}
