/**
 * The messaging face: sessions between a user and an agent, as ElizaOS clients speak them
 * (eliza.md). A messaging session is an ordinary session with a timeout policy.
 */
@NullMarked
package dev.parley.http.messaging;

import org.jspecify.annotations.NullMarked;
