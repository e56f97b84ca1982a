package dev.parley.agent;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The way to the worker processes of attached agents. Who claims what is kept in memory only: the
 * owner of an open turn offers it again every few seconds until it ends, each time with the claim
 * it was told last, so that after a crash what was claimed stays claimed. A claim that nobody could
 * tell is lost: a worker may see a turn twice then, or two workers the same one, and the session
 * accepts one end of it.
 */
public interface AttachedWorkers {
  /** An offer that is not repeated for this long is forgotten, with its claim. */
  Duration FORGOTTEN_AFTER = Duration.ofSeconds(60);

  /**
   * Whether a worker of the agent lives, so that a message can be taken for it. Fails with {@link
   * TimeoutException} when nobody answers.
   */
  CompletionStage<Boolean> isAttached(String environmentId, String agentId);

  /**
   * Offers a turn, for the first time or again. Fails with {@link TimeoutException} when nobody
   * answers.
   *
   * @param claimedBy the worker that had it when it was offered last, or null; believed only where
   *     nothing is known about the turn
   */
  CompletionStage<Offered> offer(OpenTurn turn, @Nullable String claimedBy);

  /** The turn has ended, or this attempt at it: nobody shall get it, nobody has it any more. */
  void withdraw(OpenTurn turn);
}
