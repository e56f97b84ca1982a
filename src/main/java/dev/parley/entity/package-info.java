/**
 * The actor shell around the core: one sharded persistent actor for each session, which groups
 * appends into commits, and the read protocol by which readers pull records from it.
 */
@NullMarked
package dev.parley.entity;

import org.jspecify.annotations.NullMarked;
