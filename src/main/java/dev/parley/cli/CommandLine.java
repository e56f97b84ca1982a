package dev.parley.cli;

import java.util.List;
import java.util.Set;

/** Finds the command that the first argument names, runs it and says how it went. */
public final class CommandLine {
  public static final int DONE = 0;
  public static final int FAILED = 1;
  public static final int WRONG_USAGE = 2;

  private static final Set<String> HELP = Set.of("--help", "-h");

  private CommandLine() {}

  /**
   * Runs a command.
   *
   * @param arguments the command's name and what belongs to it; not empty
   * @param local the doctor for when no server answers
   * @return the exit code: {@link #DONE}, {@link #FAILED} when a server refuses or does not answer
   *     or a check of the doctor fails, or {@link #WRONG_USAGE}
   */
  public static int run(List<String> arguments, Console console, LocalExamination local) {
    List<Command> commands =
        List.of(
            new ProjectionCommand(),
            new DoctorCommand(local),
            new SessionsCommand(),
            new BenchCommand(),
            new ExportCommand(),
            new ImportCommand());
    // Further behind it may be what somebody wants to send.
    boolean help = arguments.stream().limit(2).anyMatch("help"::equals);
    if (help || arguments.stream().anyMatch(HELP::contains)) {
      console.out().println(usage(commands, arguments.get(0)));
      return DONE;
    }
    String name = arguments.get(0);
    try {
      Command command =
          commands.stream()
              .filter(known -> known.name().equals(name))
              .findFirst()
              .orElseThrow(() -> new WrongUsage("There is no command '" + name + "'."));
      command.run(arguments.subList(1, arguments.size()), console);
      return DONE;
    } catch (WrongUsage e) {
      console.err().println(e.getMessage());
      console.err().println(usage(commands, name));
      return WRONG_USAGE;
    } catch (CommandFailed e) {
      console.err().println(e.getMessage());
      return FAILED;
    }
  }

  /** That of one command if there is one of the name, else of all. */
  private static String usage(List<Command> commands, String name) {
    StringBuilder text = new StringBuilder("Usage:");
    boolean known = commands.stream().anyMatch(command -> command.name().equals(name));
    if (!known) {
      text.append("\n  java -jar parley.jar [serve]    runs the server")
          .append(
              "\n  java -jar parley.jar database   runs its PostgreSQL alone and prints the URL");
    }
    commands.stream()
        .filter(command -> !known || command.name().equals(name))
        .flatMap(command -> command.usage().lines())
        .forEach(line -> text.append("\n  ").append(line));
    return text.toString();
  }
}
