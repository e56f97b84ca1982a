package dev.parley.entity;

import java.util.List;

/**
 * What a session answers to {@link SessionMessage.WatchRenewals}.
 *
 * @param renewals in their order; empty when none came in the time to wait
 */
public record RenewalsReply(List<Renewals> renewals) {
  public RenewalsReply {
    renewals = List.copyOf(renewals);
  }
}
