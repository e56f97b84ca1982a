package dev.parley.agent;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.pekko.util.ByteString;

/**
 * Reads what comes with a status that is a refusal: its short name, if it has one. The rest of the
 * text is not shown to anybody, as it may quote the request.
 */
final class RefusalReader implements AnswerReader {
  private static final int MAX_BODY = 64 * 1024;

  private final int status;
  private final Function<JsonNode, Optional<String>> errorName;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();

  RefusalReader(int status, Function<JsonNode, Optional<String>> errorName) {
    this.status = status;
    this.errorName = errorName;
  }

  @Override
  public List<AgentOutput> read(ByteString bytes) {
    if (body.size() + bytes.size() > MAX_BODY) {
      return List.of(failed(""));
    }
    body.writeBytes(bytes.toArrayUnsafe());
    return List.of();
  }

  @Override
  public List<AgentOutput> end() {
    Optional<String> name =
        AgentJson.object(body.toString(StandardCharsets.UTF_8)).flatMap(errorName);
    return List.of(failed(name.map(text -> " (" + text + ")").orElse("")));
  }

  private AgentOutput failed(String name) {
    return new AgentOutput.Failed("The agent's endpoint answered " + status + name + ".", false);
  }
}
