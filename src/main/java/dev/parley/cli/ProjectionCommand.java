package dev.parley.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code projection}: how far projections are; pausing, resuming and rebuilding them. */
final class ProjectionCommand implements Command {
  private static final String PROJECTIONS = "/api/admin/projections";
  private static final String JSON = "--json";
  private static final Set<String> ACTIONS = Set.of("status", "pause", "resume", "rebuild");

  /** Rows of a large index are made ready before a rebuild begins. */
  private static final Duration CHANGE_LIMIT = Duration.ofMinutes(10);

  /**
   * @param projection null for all
   */
  private record Wish(String action, @Nullable String projection, boolean json) {}

  @Override
  public String name() {
    return "projection";
  }

  @Override
  public String usage() {
    return """
        java -jar parley.jar projection status [name] [--json]     how far it is; without a name, all
        java -jar parley.jar projection pause <name> [--json]      lets it stand still
        java -jar parley.jar projection resume [name] [--json]     lets it go on
        java -jar parley.jar projection rebuild [name] [--json]    has it apply the whole journal again
        The server is asked at PARLEY_URL (http://127.0.0.1:8080) with PARLEY_SECRET_KEY or the key in PARLEY_DATA_DIR.""";
  }

  @Override
  public void run(List<String> arguments, Console console) {
    Wish wish = read(arguments);
    ServerClient server = new ServerClient(ServerAddress.of(console));
    ArrayNode found = wish.action().equals("status") ? status(server, wish) : change(server, wish);
    if (wish.json()) {
      console
          .out()
          .println(JsonNodeFactory.instance.objectNode().set("projections", found).toString());
    } else {
      console.out().print(table(found));
    }
    console.out().flush();
  }

  private static Wish read(List<String> arguments) {
    List<String> words = new ArrayList<>(arguments);
    boolean json = words.removeIf(JSON::equals);
    words.stream()
        .filter(word -> word.startsWith("-"))
        .findFirst()
        .ifPresent(
            option -> {
              throw new WrongUsage("There is no option '" + option + "'.");
            });
    if (words.isEmpty()) {
      throw new WrongUsage("What to do with projections is not said.");
    }
    String action = words.get(0);
    if (!ACTIONS.contains(action)) {
      throw new WrongUsage("Nobody can '" + action + "' a projection.");
    }
    if (words.size() > 2) {
      throw new WrongUsage("One name at most can be given, not " + (words.size() - 1) + ".");
    }
    String name = words.size() == 2 ? words.get(1) : null;
    if (name == null && action.equals("pause")) {
      throw new WrongUsage("Which projection is to be paused is not said.");
    }
    return new Wish(action, name, json);
  }

  private static ArrayNode status(ServerClient server, Wish wish) {
    JsonNode all = server.get(PROJECTIONS).path("projections");
    ArrayNode found = JsonNodeFactory.instance.arrayNode();
    for (JsonNode projection : all) {
      if (wish.projection() == null || projection.path("name").asText().equals(wish.projection())) {
        found.add(projection);
      }
    }
    if (wish.projection() != null && found.isEmpty()) {
      throw new CommandFailed(
          "There is no projection '"
              + wish.projection()
              + "', there are "
              + String.join(", ", all.findValuesAsText("name")));
    }
    return found;
  }

  private static ArrayNode change(ServerClient server, Wish wish) {
    List<String> names =
        wish.projection() == null
            ? server.get(PROJECTIONS).path("projections").findValuesAsText("name")
            : List.of(wish.projection());
    ArrayNode changed = JsonNodeFactory.instance.arrayNode();
    for (String name : names) {
      String segment = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
      changed.add(server.post(PROJECTIONS + "/" + segment + "/" + wish.action(), CHANGE_LIMIT));
    }
    return changed;
  }

  private static String table(ArrayNode projections) {
    TextTable table = new TextTable("PROJECTION", "STATE", "BEHIND", "LAG", "PARKED");
    for (JsonNode projection : projections) {
      table.row(
          projection.path("name").asText(),
          projection.path("paused").asBoolean() ? "paused" : "running",
          projection.path("eventsBehind").asText(),
          String.format(Locale.ROOT, "%.1fs", projection.path("lagSeconds").asDouble()),
          projection.path("parked").asText());
    }
    return table.text();
  }
}
