package dev.parley.entity;

import dev.parley.session.Clockwork;
import dev.parley.session.Position;
import dev.parley.session.SessionInfo;
import org.jspecify.annotations.Nullable;

/**
 * A session and one of its streams, as they are now.
 *
 * @param info the row; null when the session was never created
 * @param clockwork what moves the session's end; null for a session without a timeout policy
 * @param trimPoint the first surviving sequence number
 * @param tail the next sequence number, and the timestamp of the last record
 * @param settled whether the newest record that is no command ends a turn
 * @param generation the version of the event that purged the session last; 0 for never
 */
public record Inspection(
    @Nullable SessionInfo info,
    @Nullable Clockwork clockwork,
    long trimPoint,
    Position tail,
    boolean settled,
    long generation) {}
