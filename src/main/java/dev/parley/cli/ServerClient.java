package dev.parley.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.client.NotAnsweringException;
import dev.parley.client.ParleyClient;
import dev.parley.client.ParleyException;
import dev.parley.client.RefusedException;
import dev.parley.client.UnexpectedAnswerException;
import java.time.Duration;
import java.util.function.Function;

/** Requests to a running server. What does not succeed is a {@link CommandFailed}. */
final class ServerClient {
  private static final Duration READ_LIMIT = Duration.ofSeconds(30);
  private static final String WHERE = " PARLEY_URL says where it is asked.";

  private final ParleyClient client;

  /** Of one that gives up at once: whoever sits before it can call it again. */
  ServerClient(ServerAddress address) {
    this(address, Duration.ZERO);
  }

  /**
   * @param patience how long to try again what fails in passing
   */
  ServerClient(ServerAddress address, Duration patience) {
    try {
      client = ParleyClient.builder(address.origin(), address.key()).patience(patience).build();
    } catch (IllegalArgumentException e) {
      throw new CommandFailed("The secret key can't be sent, it holds characters no header may");
    }
  }

  JsonNode get(String path) {
    return ask(parley -> parley.ask("GET", path, null, READ_LIMIT));
  }

  /**
   * Asks for a change.
   *
   * @param limit how long it may take
   */
  JsonNode post(String path, Duration limit) {
    return ask(parley -> parley.ask("POST", path, null, limit));
  }

  /** Asks what one likes. */
  <T> T ask(Function<ParleyClient, T> question) {
    try {
      return question.apply(client);
    } catch (NotAnsweringException e) {
      throw new NotAnswering(e.getMessage() + ". Is it running there?" + WHERE);
    } catch (UnexpectedAnswerException e) {
      throw new CommandFailed(e.getMessage() + "." + WHERE);
    } catch (RefusedException e) {
      String hint =
          ". PARLEY_SECRET_KEY, or the file secret-key in PARLEY_DATA_DIR, must hold its key.";
      throw new CommandFailed(e.getMessage() + (e.status() == 401 ? hint : ""));
    } catch (ParleyException e) {
      throw new CommandFailed(e.getMessage());
    }
  }
}
