package dev.parley.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** {@code import}: puts the sessions of an export in their places. */
final class ImportCommand implements Command {
  private static final String JSON = "--json";
  private static final String STANDARD_INPUT = "-";
  private static final int BUFFER = 65_536;
  private static final int GZIP_FIRST = 0x1f;
  private static final int GZIP_SECOND = 0x8b;

  @Override
  public String name() {
    return "import";
  }

  @Override
  public String usage() {
    return """
        java -jar parley.jar import FILE|- [--json]    puts the sessions of an export in their places
        What is there already stays as it is, so it can be done again. Exit code 1 when a session is refused or the file is not whole.""";
  }

  @Override
  public void run(List<String> arguments, Console console) {
    List<String> words = new ArrayList<>(arguments);
    boolean json = words.removeIf(JSON::equals);
    if (words.size() != 1 || (words.get(0).startsWith("-") && !words.get(0).equals("-"))) {
      throw new WrongUsage("One file must be given, or - for the standard input.");
    }
    ServerClient server = new ServerClient(ServerAddress.of(console));
    JsonNode outcome;
    try (InputStream lines = open(words.get(0))) {
      InputStream watched = new Watched(lines, new Progress(console.err(), "imported"));
      outcome = server.ask(parley -> parley.importSessions(watched));
    } catch (IOException e) {
      throw new CommandFailed("'" + words.get(0) + "' can't be read (" + e + ")");
    }
    console.out().println(json ? outcome.toString() : text(outcome));
    console.out().flush();
    if (!outcome.path("complete").asBoolean()) {
      throw new CommandFailed(
          "The file ends before its last line: what it holds is there, but not all was in it");
    }
    if (outcome.path("refused").asLong() > 0) {
      throw new CommandFailed(outcome.path("refused") + " times something was refused");
    }
  }

  private static InputStream open(String name) throws IOException {
    InputStream file =
        new BufferedInputStream(
            name.equals(STANDARD_INPUT) ? System.in : Files.newInputStream(Path.of(name)), BUFFER);
    file.mark(2);
    boolean compressed = file.read() == GZIP_FIRST && file.read() == GZIP_SECOND;
    file.reset();
    return compressed ? new GZIPInputStream(file, BUFFER) : file;
  }

  private static String text(JsonNode outcome) {
    StringBuilder text = new StringBuilder();
    for (JsonNode refusal : outcome.path("refusals")) {
      text.append("line ").append(refusal.path("line")).append(", session ");
      text.append(refusal.path("session").asText("?")).append(": ");
      text.append(refusal.path("reason").asText()).append('\n');
    }
    return text.append(outcome.path("restored"))
        .append(" sessions restored with ")
        .append(outcome.path("records"))
        .append(" records, ")
        .append(outcome.path("unchanged"))
        .append(" were there, ")
        .append(outcome.path("refused"))
        .append(" refused")
        .toString();
  }

  /** Tells how far it has been read. */
  private static final class Watched extends FilterInputStream {
    private final Progress progress;

    Watched(InputStream in, Progress progress) {
      super(in);
      this.progress = progress;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
      int count = super.read(buffer, from, length);
      if (count > 0) {
        progress.passed(buffer, from, count);
      }
      return count;
    }
  }
}
