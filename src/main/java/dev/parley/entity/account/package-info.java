/**
 * Users, organizations, browser sessions and pending hand-offs (web-runtime.md sections 1, 2 and 6,
 * across.md sections 7 and 8): each a sharded persistent entity that decides alone what happens to
 * it, so that a name is taken once, a session is over everywhere at once and a hand-off is given
 * out once. What has an end is forgotten a while later, rows and all.
 */
@NullMarked
package dev.parley.entity.account;

import org.jspecify.annotations.NullMarked;
