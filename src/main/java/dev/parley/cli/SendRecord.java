package dev.parley.cli;

import dev.parley.client.Channel;
import dev.parley.client.Direction;
import dev.parley.client.ParleyClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** {@code sessions send}: appends what is given, or what standard input holds. */
final class SendRecord implements SessionsCommand.Action {
  private static final String JSON = "--json";
  private static final String LINES = "--lines";
  private static final String PART_ID = "--part-id";
  private static final String STANDARD_INPUT = "-";

  /** The part id makes it safe to go on. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Override
  public String name() {
    return "send";
  }

  @Override
  public void run(List<String> arguments, Console console) {
    Arguments read =
        Arguments.read(
            arguments, ChannelOption.flags(JSON, LINES), Set.of(ChannelOption.NAME, PART_ID));
    List<String> words = read.words("session", "text");
    Channel channel = ChannelOption.of(read, words.get(0), Direction.IN);
    boolean piped = words.get(1).equals(STANDARD_INPUT);
    if (read.has(LINES) && !piped) {
      throw new WrongUsage(LINES + " is for standard input.");
    }
    if (read.has(LINES) && read.has(PART_ID)) {
      throw new WrongUsage(LINES + " sends many records, and " + PART_ID + " is for one.");
    }
    String partId = read.one(PART_ID).orElseGet(() -> UUID.randomUUID().toString());
    new ServerClient(ServerAddress.of(console), PATIENCE)
        .ask(
            parley -> {
              if (read.has(LINES)) {
                sendLines(parley, channel, console, read.has(JSON));
              } else {
                String text = piped ? all(console) : words.get(1);
                print(console, read.has(JSON), send(parley, channel, text, partId));
              }
              return channel;
            });
  }

  private static long send(ParleyClient parley, Channel channel, String text, String partId) {
    try {
      return parley.append(channel, text, partId);
    } catch (IllegalArgumentException e) {
      throw new WrongUsage(e.getMessage() + ".");
    }
  }

  /** One record for each line, each acknowledged before the next is sent. */
  private static void sendLines(
      ParleyClient parley, Channel channel, Console console, boolean json) {
    try {
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        print(console, json, parley.append(channel, line));
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static String all(Console console) {
    try {
      return new String(console.in().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static CommandFailed unreadable(IOException e) {
    return new CommandFailed("Standard input can't be read: " + e.getMessage());
  }

  private static void print(Console console, boolean json, long seq) {
    console.out().println(json ? "{\"seq\":" + seq + "}" : Long.toString(seq));
  }
}
