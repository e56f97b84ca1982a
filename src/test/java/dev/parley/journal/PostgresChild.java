package dev.parley.journal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM of its own that runs an embedded server, writes a row, and waits for its input to end. */
final class PostgresChild {
  private PostgresChild() {}

  public static void main(String[] args) throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(Path.of(args[0]), Path.of(args[1]))) {
      TestPostgres.execute(
          postgres.address(),
          "create table if not exists kept (n int)",
          "insert into kept values (7)");
      System.out.println("READY " + TestPostgres.query(postgres.address(), "select n from kept"));
      System.out.flush();
      System.in.read();
    }
    System.out.println("STOPPED");
  }

  /** Runs {@link #main} under {@code prefix} (empty, or a command that changes the user). */
  static Running start(List<String> prefix, String classPath, Path dataDirectory, Path programs)
      throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            classPath,
            PostgresChild.class.getName(),
            dataDirectory.toString(),
            programs.toString()));
    Process process =
        new ProcessBuilder(command)
            .directory(dataDirectory.getParent().toFile())
            .redirectErrorStream(true)
            .start();
    return new Running(
        process, new BufferedReader(new InputStreamReader(process.getInputStream())));
  }

  record Running(Process process, BufferedReader output) {
    /** Reads on until a line that begins so; fails with all that was printed when there is none. */
    String await(String beginning) throws IOException {
      StringBuilder printed = new StringBuilder();
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        if (line.startsWith(beginning)) {
          return line;
        }
        printed.append(line).append('\n');
      }
      throw new AssertionError("no " + beginning + " in:\n" + printed);
    }
  }
}
