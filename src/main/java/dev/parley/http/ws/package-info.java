/**
 * The WebSocket {@code /ws} of users and visitors (web-runtime.md section 4, across.md section 5):
 * who may open one, what may be asked on it, and how one ends. Each socket is one actor, {@code
 * ClientSocket}, between the frames of its client and the streams it has subscribed to.
 */
@NullMarked
package dev.parley.http.ws;

import org.jspecify.annotations.NullMarked;
