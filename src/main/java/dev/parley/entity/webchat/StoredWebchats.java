package dev.parley.entity.webchat;

import dev.parley.journal.WebRows;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * All webchats of one environment that something is stored of, and the events of the configuration.
 * Their entities are woken one after the other, so this is for people who look now and then.
 */
public final class StoredWebchats {
  /** More are not looked at. */
  public static final int MAX = 500;

  private final WebRows rows;
  private final Webchats webchats;
  private final String environmentId;
  private final Set<String> configured;

  /**
   * @param configured the events of the configuration
   */
  public StoredWebchats(
      WebRows rows, Webchats webchats, String environmentId, Collection<String> configured) {
    this.rows = rows;
    this.webchats = webchats;
    this.environmentId = environmentId;
    this.configured = Set.copyOf(configured);
  }

  /** The settings of the first {@link #MAX} organizations, in the order of their ids. */
  public CompletionStage<Map<String, OrganizationSettings>> organizations() {
    return rows.names(OrganizationEntity.TYPE + "|" + environmentId + "/", MAX)
        .thenCompose(ids -> each(ids, webchats::look));
  }

  /** Where published events lead, of the first {@link #MAX} and those of the configuration. */
  public CompletionStage<Map<String, EntryPoint>> published() {
    return rows.names(EntryPointEntity.TYPE + "|" + environmentId + "/", MAX)
        .thenCompose(
            stored -> {
              Set<String> ids = new TreeSet<>(configured);
              ids.addAll(stored);
              return each(new ArrayList<>(ids), webchats::entryPoint);
            })
        .thenApply(
            found -> {
              Map<String, EntryPoint> published = new LinkedHashMap<>();
              found.forEach(
                  (id, entryPoint) ->
                      entryPoint
                          .filter(EntryPoint::published)
                          .ifPresent(one -> published.put(id, one)));
              return published;
            });
  }

  private static <T> CompletionStage<Map<String, T>> each(
      List<String> ids, Function<String, CompletionStage<T>> ask) {
    CompletionStage<Map<String, T>> all = CompletableFuture.completedFuture(new LinkedHashMap<>());
    for (String id : ids) {
      all =
          all.thenCompose(
              found ->
                  ask.apply(id)
                      .thenApply(
                          one -> {
                            found.put(id, one);
                            return found;
                          }));
    }
    return all;
  }
}
