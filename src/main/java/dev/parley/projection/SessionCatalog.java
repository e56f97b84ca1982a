package dev.parley.projection;

import java.util.concurrent.CompletionStage;

/**
 * Lists and counts the sessions of an environment (trigger.md section 3.6). A list shows what was
 * answered before it was asked for; only an end that activity moves may lag behind by seconds, and
 * a session itself always knows better. Figures follow the journal by two seconds at most.
 */
public interface SessionCatalog {
  /** One page. Fails when the store behind it can't be read. */
  CompletionStage<Page> list(Query query);

  /**
   * How many sessions pass the query's filters, whatever page it asks for. Fails as {@link #list}.
   */
  CompletionStage<Long> count(Query query);

  /** What has happened to sessions. Fails as {@link #list}. */
  CompletionStage<Stats> stats(StatsQuery query);
}
