package dev.parley.cli;

import dev.parley.client.Session;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** {@code sessions show}: all that is known of one. */
final class ShowSession implements SessionsCommand.Action {
  private static final String JSON = "--json";

  @Override
  public String name() {
    return "show";
  }

  @Override
  public void run(List<String> arguments, Console console) {
    Arguments read = Arguments.read(arguments, Set.of(JSON), Set.of());
    String key = read.words("session").get(0);
    Session session = new ServerClient(ServerAddress.of(console)).ask(parley -> parley.get(key));
    if (read.has(JSON)) {
      console.out().println(session.document());
    } else {
      console.out().print(text(session));
    }
  }

  private static String text(Session session) {
    TextTable table = new TextTable("id", session.id());
    session.externalId().ifPresent(id -> table.row("external id", OneLine.of(id)));
    table
        .row("type", OneLine.of(session.type()))
        .row("task", OneLine.of(session.taskIdentifier()))
        .row("status", session.status(Instant.now()).name())
        .row("created", session.createdAt().toString())
        .row("updated", session.updatedAt().toString());
    session.expiresAt().ifPresent(end -> table.row("expires", end.toString()));
    session.closedAt().ifPresent(end -> table.row("closed", end.toString()));
    session.closedReason().ifPresent(reason -> table.row("reason", OneLine.of(reason)));
    table.row("tags", OneLine.of(String.join(",", session.tags())));
    session.metadata().ifPresent(json -> table.row("metadata", OneLine.of(json.toString())));
    return table.text();
  }
}
