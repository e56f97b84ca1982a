/** Who is in the cluster and what each node has of it, as operators see it. */
@NullMarked
package dev.parley.ops.cluster;

import org.jspecify.annotations.NullMarked;
