/**
 * The operator's way to the agents, below {@code /api/admin/agents}: list, register, change, start
 * and stop them, and the workers that attach to one.
 */
@NullMarked
package dev.parley.http.agents;

import org.jspecify.annotations.NullMarked;
