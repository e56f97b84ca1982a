package dev.parley.cli;

import java.util.List;

/** Something that can be asked for by its name. */
interface Command {
  String name();

  /** How it is called, a line for each way. */
  String usage();

  /**
   * Does it and writes what came of it.
   *
   * @param arguments behind the name
   * @throws WrongUsage when they are not as {@link #usage} says
   * @throws CommandFailed when it could not be done
   */
  void run(List<String> arguments, Console console);
}
