package dev.parley.cli;

import dev.parley.client.Session;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** {@code sessions close}: ends one for good. */
final class CloseSession implements SessionsCommand.Action {
  private static final String JSON = "--json";
  private static final String REASON = "--reason";

  @Override
  public String name() {
    return "close";
  }

  @Override
  public void run(List<String> arguments, Console console) {
    Arguments read = Arguments.read(arguments, Set.of(JSON), Set.of(REASON));
    String key = read.words("session").get(0);
    String reason = read.one(REASON).orElse(null);
    Session closed =
        new ServerClient(ServerAddress.of(console)).ask(parley -> parley.close(key, reason));
    if (read.has(JSON)) {
      console.out().println(closed.document());
      return;
    }
    String why = closed.closedReason().map(given -> ": " + given).orElse("");
    console
        .out()
        .println(
            OneLine.of(
                "%s was closed at %s%s"
                    .formatted(
                        closed.key(), closed.closedAt().map(Instant::toString).orElse("-"), why)));
  }
}
