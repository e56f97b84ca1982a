package dev.parley.projection;

import java.util.concurrent.CompletionStage;

/**
 * Lists the sessions of an environment (trigger.md section 3.6). What it shows follows the journal
 * by a fraction of a second; a session itself always knows better.
 */
public interface SessionCatalog {
  /** One page. Fails when the store behind it can't be read. */
  CompletionStage<Page> list(Query query);

  /**
   * How many sessions pass the query's filters, whatever page it asks for. Fails as {@link #list}.
   */
  CompletionStage<Long> count(Query query);
}
