#pragma once

namespace worker::service {

/// Whether processes that lost their parent become our children: as process 1 of a container, or as a subreaper.
bool adopts_orphans();

/// Takes leave of all children that have ended; they would stay zombies else. Only for a process that waits for no
/// child of its own meanwhile; how many there were.
int reap_children();

}  // namespace worker::service
