package dev.parley.cli;

import java.util.List;

/** {@code sessions}: looks at sessions, follows and writes their channels, closes them. */
final class SessionsCommand implements Command {
  /** What can be done with sessions. */
  interface Action {
    String name();

    /**
     * Does it.
     *
     * @param arguments behind its name
     */
    void run(List<String> arguments, Console console);
  }

  private static final List<Action> ACTIONS =
      List.of(
          new ListSessions(),
          new ShowSession(),
          new TailChannel(),
          new SendRecord(),
          new CloseSession());

  @Override
  public String name() {
    return "sessions";
  }

  @Override
  public String usage() {
    return """
        java -jar parley.jar sessions list [filters] [--limit n] [--json]    the newest first, 100 of them
          filters: --type --task --tag --status ACTIVE|CLOSED|EXPIRED (each as often as one likes), --external-id,
                   --search text, --metadata path=value, --period 7d, --since and --until 2026-01-31T12:00:00Z
        java -jar parley.jar sessions show <id> [--json]
        java -jar parley.jar sessions tail <id> [channel] [--from n|end] [--follow] [--json]    .out from record 0 on
        java -jar parley.jar sessions send <id> <text>|- [channel] [--part-id id] [--lines] [--json]    to .in; - is standard input
        java -jar parley.jar sessions close <id> [--reason text] [--json]
          channel: --in or --out, and --channel name for one beside the two
        --json gives a line of JSON for each session or record. The server is asked at PARLEY_URL (http://127.0.0.1:8080) with PARLEY_SECRET_KEY or the key in PARLEY_DATA_DIR.""";
  }

  @Override
  public void run(List<String> arguments, Console console) {
    if (arguments.isEmpty()) {
      throw new WrongUsage("What to do with sessions is not said.");
    }
    ACTIONS.stream()
        .filter(action -> action.name().equals(arguments.get(0)))
        .findFirst()
        .orElseThrow(() -> new WrongUsage("Nobody can '" + arguments.get(0) + "' sessions."))
        .run(arguments.subList(1, arguments.size()), console);
    console.out().flush();
  }
}
