package dev.parley.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * {@code doctor}: looks after what goes wrong most often (web-runtime.md section 9). A server that
 * runs is asked, since it has the database and its own state at hand; without one the checks are
 * done here.
 */
final class DoctorCommand implements Command {
  private static final String DOCTOR = "/api/admin/doctor";
  private static final String JSON = "--json";

  private final LocalExamination local;

  DoctorCommand(LocalExamination local) {
    this.local = local;
  }

  @Override
  public String name() {
    return "doctor";
  }

  @Override
  public String usage() {
    return """
        java -jar parley.jar doctor [--json]    checks settings, databases, cluster and machine
        The server at PARLEY_URL (http://127.0.0.1:8080) is asked; without one the checks are done here. Exit code 1 when one fails.""";
  }

  @Override
  public void run(List<String> arguments, Console console) {
    boolean json = arguments.equals(List.of(JSON));
    if (!json && !arguments.isEmpty()) {
      throw new WrongUsage("The only option is " + JSON + ".");
    }
    ArrayNode checks = checks(console);
    if (json) {
      console.out().println(JsonNodeFactory.instance.objectNode().set("checks", checks).toString());
    } else {
      console.out().print(table(checks));
    }
    console.out().flush();
    long failed = count(checks, "fail");
    if (failed > 0) {
      throw new CommandFailed(failed + " of " + checks.size() + " checks failed");
    }
  }

  private ArrayNode checks(Console console) {
    ArrayNode checks = JsonNodeFactory.instance.arrayNode();
    boolean named = console.variable("PARLEY_URL").isPresent();
    try {
      ServerAddress address = ServerAddress.of(console);
      JsonNode found = new ServerClient(address).get(DOCTOR).path("checks");
      checks.add(check("server", "ok", "answers at " + address));
      found.forEach(checks::add);
      return checks;
    } catch (NotAnswering e) {
      // One that should be there is missed; else it may just not have been started.
      ObjectNode server = check("server", named ? "fail" : "warn", "" + e.getMessage());
      checks.add(server.put("remedy", "Start it, or set PARLEY_URL to where it is"));
    } catch (CommandFailed e) {
      if (named) {
        throw e;
      }
      checks.add(check("server", "warn", "" + e.getMessage()).put("remedy", "Start the server"));
    }
    checks.addAll(local.checks());
    return checks;
  }

  private static ObjectNode check(String name, String status, String value) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("name", name)
        .put("status", status)
        .put("value", value);
  }

  private static long count(ArrayNode checks, String status) {
    return StreamSupport.stream(checks.spliterator(), false)
        .filter(check -> check.path("status").asText().equals(status))
        .count();
  }

  private static String table(ArrayNode checks) {
    TextTable table = new TextTable("STATUS", "CHECK", "SEEN");
    for (JsonNode check : checks) {
      String remedy = check.path("remedy").asText("");
      table.row(
          check.path("status").asText(),
          check.path("name").asText(),
          check.path("value").asText() + (remedy.isEmpty() ? "" : "  -> " + remedy));
    }
    return table.text();
  }
}
