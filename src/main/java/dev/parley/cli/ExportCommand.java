package dev.parley.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** {@code export}: copies sessions with all they have to a file, while the server runs. */
final class ExportCommand implements Command {
  private static final String JSON = "--json";
  private static final String OUTPUT = "--output";

  /** Options that the server understands, and what it calls them. */
  private static final Map<String, String> FILTERS =
      Map.of("--id", "id", "--type", "type", "--tag", "tag", "--from", "from", "--to", "to");

  private static final int BUFFER = 65_536;

  /**
   * @param output null for the standard output
   */
  private record Wish(@Nullable Path output, String query, boolean json) {}

  @Override
  public String name() {
    return "export";
  }

  @Override
  public String usage() {
    return """
        java -jar parley.jar export [--output FILE] [--id ID]... [--type TYPE]... [--tag TAG]... [--from TIME] [--to TIME] [--json]
        Copies sessions with all their records, as lines of JSON; a FILE that ends with .gz is compressed. --from and --to are times of creation.""";
  }

  @Override
  public void run(List<String> arguments, Console console) {
    Wish wish = read(arguments);
    ServerClient server = new ServerClient(ServerAddress.of(console));
    JsonNode end = copy(server, wish, console);
    long sessions = end.path("sessions").asLong();
    long records = end.path("records").asLong();
    if (wish.json()) {
      console.out().println(end);
    } else if (wish.output() != null) {
      console.out().printf("%d sessions with %d records%n", sessions, records);
    }
    console.out().flush();
  }

  private static Wish read(List<String> arguments) {
    Path output = null;
    boolean json = false;
    List<String> query = new ArrayList<>();
    for (Iterator<String> words = arguments.iterator(); words.hasNext(); ) {
      String word = words.next();
      if (word.equals(JSON)) {
        json = true;
        continue;
      }
      if (!word.equals(OUTPUT) && !FILTERS.containsKey(word)) {
        throw new WrongUsage("There is no option '" + word + "'.");
      }
      if (!words.hasNext()) {
        throw new WrongUsage("Something must follow " + word + ".");
      }
      String value = words.next();
      if (word.equals(OUTPUT)) {
        output = Path.of(value);
      } else {
        query.add(FILTERS.get(word) + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
      }
    }
    if (json && output == null) {
      throw new WrongUsage("With " + JSON + " the lines need a file: give " + OUTPUT + ".");
    }
    return new Wish(output, String.join("&", query), json);
  }

  private static JsonNode copy(ServerClient server, Wish wish, Console console) {
    Path output = wish.output();
    try (InputStream lines = server.ask(parley -> parley.exportSessions(wish.query()))) {
      if (output == null) {
        JsonNode end = copy(lines, console.out(), console);
        console.out().flush();
        return end;
      }
      // Under its name there is never less than the whole.
      Path part = output.resolveSibling(output.getFileName() + ".part");
      JsonNode end;
      try (OutputStream file = open(part, output)) {
        end = copy(lines, file, console);
      }
      Files.move(part, output, StandardCopyOption.REPLACE_EXISTING);
      return end;
    } catch (IOException e) {
      throw new CommandFailed("The export broke off (" + e + ")");
    }
  }

  private static OutputStream open(Path part, Path output) throws IOException {
    OutputStream file = Files.newOutputStream(part);
    return output.toString().endsWith(".gz") ? new GZIPOutputStream(file, BUFFER) : file;
  }

  /** Copies all of it and gives what the last line says. */
  private static JsonNode copy(InputStream lines, OutputStream to, Console console)
      throws IOException {
    Progress progress = new Progress(console.err(), "exported");
    byte[] buffer = new byte[BUFFER];
    ByteArrayOutputStream last = new ByteArrayOutputStream();
    boolean complete = false;
    for (int count = lines.read(buffer); count >= 0; count = lines.read(buffer)) {
      to.write(buffer, 0, count);
      progress.passed(buffer, 0, count);
      for (int i = 0; i < count; i++) {
        if (complete) {
          last.reset();
        }
        complete = buffer[i] == '\n';
        // The last line is a short one.
        if (!complete && last.size() < BUFFER) {
          last.write(buffer[i]);
        }
      }
    }
    try {
      JsonNode end = new ObjectMapper().readTree(last.toByteArray()).path("end");
      if (complete && end.isObject()) {
        return end;
      }
    } catch (JsonProcessingException e) {
      // Told below.
    }
    throw new CommandFailed("The export broke off: its last line does not say that it is the end");
  }
}
