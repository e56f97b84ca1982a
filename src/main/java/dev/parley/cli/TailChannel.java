package dev.parley.cli;

import dev.parley.client.Channel;
import dev.parley.client.ChannelRecord;
import dev.parley.client.Direction;
import dev.parley.client.ParleyClient;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Flow;

/** {@code sessions tail}: shows the records of a channel, and goes on when the server was away. */
final class TailChannel implements SessionsCommand.Action {
  private static final String JSON = "--json";
  private static final String FROM = "--from";
  private static final String FOLLOW = "--follow";
  private static final String END = "end";

  /** Whoever follows can wait until a server has been repaired. */
  private static final Duration FOLLOWING_PATIENCE = Duration.ofHours(1);

  private static final Duration READING_PATIENCE = Duration.ofSeconds(10);

  @Override
  public String name() {
    return "tail";
  }

  @Override
  public void run(List<String> arguments, Console console) {
    Arguments read =
        Arguments.read(
            arguments, ChannelOption.flags(JSON, FOLLOW), Set.of(ChannelOption.NAME, FROM));
    Channel channel = ChannelOption.of(read, read.words("session").get(0), Direction.OUT);
    boolean follow = read.has(FOLLOW);
    String from = read.one(FROM).orElse("0");
    if (!from.matches("[0-9]{1,18}|" + END)) {
      throw new WrongUsage(FROM + " must be the number of a record or '" + END + "'.");
    }
    if (from.equals(END) && !follow) {
      throw new WrongUsage("Behind the end there is nothing to show without " + FOLLOW + ".");
    }
    ServerAddress address = ServerAddress.of(console);
    // A stream of a session that is not there is empty, and a mistyped id would wait for ever.
    new ServerClient(address).ask(parley -> parley.get(channel.session()));
    PrintedRecords printed = new PrintedRecords(console.out(), read.has(JSON));
    new ServerClient(address, follow ? FOLLOWING_PATIENCE : READING_PATIENCE)
        .ask(
            parley -> {
              records(parley, channel, from, follow).subscribe(printed);
              return printed.await();
            });
  }

  private static Flow.Publisher<ChannelRecord> records(
      ParleyClient parley, Channel channel, String from, boolean follow) {
    if (from.equals(END)) {
      return parley.tailFromNow(channel);
    }
    long first = Long.parseLong(from);
    return follow ? parley.tail(channel, first) : parley.read(channel, first);
  }
}
